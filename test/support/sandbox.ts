/**
 * Starts a sandbox target of a test's own, as a process, and speaks to its control API. Tests that use it reach the
 * target over HTTP like anybody else; only types are shared.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ControlClient, createControlClient } from '../../sandbox/scim-target/control-client.ts';
import type { FaultInput } from '../../sandbox/scim-target/fault.ts';
import type { JournalEntry } from '../../sandbox/scim-target/journal.ts';
import type { JsonObject } from '../../sandbox/scim-target/json.ts';
import type { Limits } from '../../sandbox/scim-target/limits.ts';
import type { RateHeaderStyle } from '../../sandbox/scim-target/rate-headers.ts';

export type { FaultInput, JournalEntry, JsonObject };

/** Told to every sandbox; a bearer token of the first sign-in, which a reset leaves alone. */
const TOKEN = 'sandbox-bearer-token';

export type SandboxOptions = {
  /** What kind of server it is. Default: agileplace. */
  readonly dialect?: string;
  /** Default: one sign-in, invented. */
  readonly signIns?: readonly { readonly user: string; readonly password: string }[];
  /** Default: so many that only a test about limits meets one. `documented`: those of the dialect. */
  readonly limits?: Limits | 'documented';
  /** How answers tell the limit, instead of as the dialect does. */
  readonly rateHeaders?: RateHeaderStyle;
  /** Bulk requests of up to so many operations, instead of as the dialect does; 0: none. */
  readonly bulk?: number;
  /** How long a token of `/oauth/token` lives, in seconds. */
  readonly tokenLifetime?: number;
  /** False lets several accounts have one userName. */
  readonly unique?: boolean;
  readonly journal?: number;
  /** File to keep accounts in. */
  readonly data?: string;
  readonly port?: number;
};

export type Sandbox = ControlClient & {
  /** `http://127.0.0.1:PORT/io/scim/v1`, or with the path of another dialect */
  readonly baseUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly controlUrl: string;
  readonly user: string;
  readonly password: string;
  /** Authorization header of the first sign-in: basic where the dialect takes it, else by `token`. */
  readonly authorization: string;
  /** A bearer token of the first sign-in. */
  readonly token: string;
  /** The OAuth token endpoint, in the dialects that have one; `user` and `password` are a client's id and secret. */
  readonly tokenUrl: string;
  readonly pid: number;
  /** @returns the exit code, null where a signal ended it */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
};

/** The dialects that take no password. */
const BEARER_ONLY: ReadonlySet<string> = new Set(['slack', 'uaa']);
const ENTRY = fileURLToPath(new URL('../../sandbox/scim-target/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const listeningLine = z.object({ listening: z.object({ scim: z.url(), control: z.url() }) });

/** @throws with what the process said, when it does not come up */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const signIns = options.signIns ?? [{ user: 'admin@sandbox.test', password: 'sandbox-password' }];
  const { user, password } = signIns[0] ?? { user: '', password: '' };
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, ...flagsOf(options, signIns)], {
    cwd: ROOT,
    // The sandbox ends with its standard input, so a killed test run leaves no process behind.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { scim, control } = await whereItListens(child);
  return {
    baseUrl: scim,
    origin: new URL(scim).origin,
    controlUrl: control,
    user,
    password,
    authorization: BEARER_ONLY.has(options.dialect ?? '')
      ? `Bearer ${TOKEN}`
      : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    token: TOKEN,
    tokenUrl: new URL('/oauth/token', scim).href,
    pid: child.pid ?? 0,
    ...createControlClient(control),
    stop: (signal = 'SIGTERM') => stopped(child, signal),
  };
}

function flagsOf(
  options: SandboxOptions,
  signIns: NonNullable<SandboxOptions['signIns']>,
): readonly string[] {
  const limits = options.limits ?? { points: 1_000_000, windowSeconds: 60 };
  return [
    '--stop-with-stdin',
    ...['--token', TOKEN],
    ...(limits === 'documented'
      ? []
      : ['--points', String(limits.points), '--window-seconds', String(limits.windowSeconds)]),
    ...optional('--dialect', options.dialect),
    ...optional('--rate-headers', options.rateHeaders),
    ...optional('--bulk', options.bulk),
    ...optional('--token-lifetime', options.tokenLifetime),
    ...signIns.flatMap((signIn) => ['--user', signIn.user, '--password', signIn.password]),
    ...(options.unique === false ? ['--no-unique'] : []),
    ...optional('--journal', options.journal),
    ...optional('--data', options.data),
    ...optional('--port', options.port),
  ];
}

function optional(flag: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [flag, String(value)];
}

async function whereItListens(child: ChildProcess): Promise<{ scim: string; control: string }> {
  if (!child.stdout || !child.stderr) throw new Error('the sandbox has no output to read');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return listeningLine.parse(JSON.parse(line)).listening;
  }
  throw new Error(`the sandbox did not start: ${complaints}`);
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

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
import type { Limits } from '../../sandbox/scim-target/rate-window.ts';

export type { FaultInput, JournalEntry, JsonObject };

export type SandboxOptions = {
  /** Default: one sign-in, invented. */
  readonly signIns?: readonly { readonly user: string; readonly password: string }[];
  /** Default: so many that only a test about limits meets one. The real default is 120 in 60 seconds. */
  readonly limits?: Limits;
  /** False lets several accounts have one userName. */
  readonly unique?: boolean;
  readonly journal?: number;
  /** File to keep accounts in. */
  readonly data?: string;
  readonly port?: number;
};

export type Sandbox = ControlClient & {
  /** `http://127.0.0.1:PORT/io/scim/v1` */
  readonly baseUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly controlUrl: string;
  readonly user: string;
  readonly password: string;
  /** Authorization header of the first sign-in. */
  readonly authorization: string;
  readonly pid: number;
  /** @returns the exit code, null where a signal ended it */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
};

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
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    pid: child.pid ?? 0,
    ...createControlClient(control),
    stop: (signal = 'SIGTERM') => stopped(child, signal),
  };
}

function flagsOf(
  options: SandboxOptions,
  signIns: NonNullable<SandboxOptions['signIns']>,
): readonly string[] {
  const { points, windowSeconds } = options.limits ?? { points: 1_000_000, windowSeconds: 60 };
  return [
    '--stop-with-stdin',
    ...['--points', String(points), '--window-seconds', String(windowSeconds)],
    ...signIns.flatMap((signIn) => ['--user', signIn.user, '--password', signIn.password]),
    ...(options.unique === false ? ['--no-unique'] : []),
    ...(options.journal === undefined ? [] : ['--journal', String(options.journal)]),
    ...(options.data === undefined ? [] : ['--data', options.data]),
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
  ];
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

/** What the benchmarks share: a private Redis, the sandbox target as a process, and a context between them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { loadConfig } from '../app/config/index.ts';
import { type Context, createContext } from '../app/context.ts';
import { KNOWLEDGE } from '../app/installation.ts';
import { loadMapping } from '../app/mapping/index.ts';
import type { StableId } from '../app/person/anchor.ts';
import { type Entry, toAttributes } from '../app/person/entry.ts';
import { type ControlClient, createControlClient } from '../sandbox/scim-target/control-client.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export const CONCURRENCY = 10;
export const SIGN_IN = { user: 'bench@example.test', password: 'bench-password' };

export type BenchStage = {
  readonly context: Context;
  readonly scim: string;
  readonly control: ControlClient;
  strike(): Promise<void>;
};

export async function setStage(): Promise<BenchStage> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
  const sandbox = await startSandbox();
  const context = contextFor(redis.url, sandbox.scim);
  return {
    context,
    scim: sandbox.scim,
    control: sandbox.control,
    async strike() {
      await context.close();
      sandbox.child.kill('SIGTERM');
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Prints the rows and writes them to bench/results. */
export async function report(name: string, people: number, rows: readonly object[]): Promise<void> {
  console.table(rows);
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, `bench/results/${name}.json`), `${JSON.stringify({ people, rows }, null, 2)}\n`);
}

/** An invented person of the source `hr`. */
export function personNumber(n: number): Entry {
  const attributes = toAttributes([
    ['mail', [`p${n}@example.test`]],
    ['sn', ['Byron']],
  ]);
  return { stableId: `p${n}` as StableId, revision: '1', attributes };
}

export async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function startSandbox(): Promise<{ child: ChildProcess; scim: string; control: ControlClient }> {
  const entry = join(ROOT, 'sandbox/scim-target/main.ts');
  const flags = [
    '--stop-with-stdin',
    '--points',
    '100000000',
    '--user',
    SIGN_IN.user,
    '--password',
    SIGN_IN.password,
  ];
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { listening } = JSON.parse(line) as { listening: { scim: string; control: string } };
  return { child, scim: listening.scim, control: createControlClient(listening.control) };
}

function contextFor(redisUrl: string, scim: string): Context {
  const text = `version: 1
sources: { hr: { kind: events } }
targets:
  agileplace:
    profile: agileplace
    baseUrl: ${scim}
    auth: { kind: basic, username: ${SIGN_IN.user}, password: '\${env:BENCH_PASSWORD}' }
    concurrency: ${CONCURRENCY}
mappings: [bench.yaml]
inbound: { tokens: [{ name: bench, scopes: [read], sha256: ${'ab'.repeat(32)} }] }
`;
  const mapping = `version: 1
source: hr
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string }
attributes: { externalId: '= id', userName: '= e.mail', active: true, name: { familyName: '= e.sn' } }
`;
  const env = { BENCH_PASSWORD: SIGN_IN.password };
  const readFile = () => mapping;
  const config = loadConfig({ file: 'landbridge.yaml', text, env, readFile, knowledge: KNOWLEDGE });
  const loaded = loadMapping('bench.yaml', mapping);
  if (!config.ok || !loaded.ok) throw new Error(JSON.stringify([config, loaded]));
  const installation = { config: config.config, mappings: [loaded.mapping], warnings: [] };
  return createContext(installation, redisUrl, pino({ level: 'error' }));
}

/**
 * What the benchmarks share: a private Redis, the sandbox target as a process, and an installation between them, to be
 * used by a context here or by worker processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { type Context, createContext } from '../app/context.ts';
import { loadInstallation } from '../app/installation.ts';
import { personKey, type StableId } from '../app/person/anchor.ts';
import { type Entry, toAttributes } from '../app/person/entry.ts';
import type { ScimUser } from '../app/scim/resource.ts';
import { absorbEntry } from '../app/sync/reading/absorb.ts';
import { type ControlClient, createControlClient } from '../sandbox/scim-target/control-client.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SEED_BATCH = 1_000;

export const CONCURRENCY = 10;
export const SIGN_IN = { user: 'bench@example.test', password: 'bench-password' };

export type BenchStage = {
  readonly context: Context;
  readonly scim: string;
  readonly control: ControlClient;
  /** Starts a worker process, and waits until it works. It ends with the stage, if not before. */
  startWorker(): Promise<ChildProcess>;
  strike(): Promise<void>;
};

/** What an installation reads, beside its one target: YAML for `sources`, and the mapping of one of them. */
export type Reads = {
  readonly sources: string;
  readonly mapping: string;
  readonly env?: NodeJS.ProcessEnv;
};

export async function setStage(reads: Reads = EVENTS): Promise<BenchStage> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
  const sandbox = await startSandbox();
  const file = await writeInstallation(folder, sandbox.scim, reads);
  const env = {
    ...process.env,
    LANDBRIDGE_CONFIG: file,
    REDIS_URL: redis.url,
    BENCH_PASSWORD: SIGN_IN.password,
    ...reads.env,
  };
  const loaded = loadInstallation(file, env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const context = createContext(loaded.installation, redis.url, pino({ level: 'error' }));
  const workers: ChildProcess[] = [];
  return {
    context,
    scim: sandbox.scim,
    control: sandbox.control,
    async startWorker() {
      const worker = await startWorker(env);
      workers.push(worker);
      return worker;
    },
    async strike() {
      await Promise.all(workers.map(ended));
      await context.close();
      sandbox.child.kill('SIGTERM');
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An invented person of the source `hr`. */
export function personNumber(n: number): Entry {
  const attributes = toAttributes([
    ['mail', [`p${n}@example.test`]],
    ['sn', ['Byron']],
  ]);
  return { stableId: `p${n}` as StableId, revision: '1', attributes };
}

/** Known people, and their accounts at the target as they should be. */
export async function linkEverybody(people: number, stage: BenchStage): Promise<void> {
  for (let start = 0; start < people; start += SEED_BATCH) {
    const entries = Array.from({ length: Math.min(SEED_BATCH, people - start) }, (_, n) =>
      personNumber(start + n),
    );
    const users = entries.map(({ stableId }) => ({
      userName: `${stableId}@example.test`,
      externalId: stableId,
      active: true,
      name: { familyName: 'Byron' },
    }));
    await linkAll('hr', entries, users, stage);
  }
}

/** People become known and have these accounts, in the same order. */
export async function linkAll(
  source: string,
  entries: readonly Entry[],
  users: readonly ScimUser[],
  { context: { reading, stores }, control }: BenchStage,
): Promise<void> {
  const accounts = await control.seedAll(users);
  for (const [index, entry] of entries.entries()) {
    await absorbEntry(source, entry, reading);
    const key = personKey(source, entry.stableId);
    const lease = await stores.leases.acquire(`write:agileplace:${key}`, 60_000);
    const user = users[index];
    const id = accounts[index]?.id;
    if (lease === null || user === undefined || id === undefined) throw new Error('not seeded');
    const at = new Date().toISOString();
    const link = { target: 'agileplace', key, id, madeBy: 'created', madeAt: at, confirmedAt: at } as const;
    await stores.links.put({ ...link, desired: user, echo: user, certain: true }, lease);
    await stores.leases.release(lease);
  }
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

async function startWorker(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const entry = join(ROOT, 'workers/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if ((JSON.parse(line) as { msg?: string }).msg === 'working') break;
  }
  // Nobody reads on, and a full pipe would stop the worker.
  child.stdout.resume();
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** The people whom `linkEverybody` makes. */
const EVENTS: Reads = {
  sources: 'hr: { kind: events }',
  mapping: `version: 1
source: hr
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string }
attributes: { externalId: '= id', userName: '= e.mail', active: true, name: { familyName: '= e.sn' } }
`,
};

/** @returns the path of landbridge.yaml */
async function writeInstallation(folder: string, scim: string, { sources, mapping }: Reads): Promise<string> {
  const text = `version: 1
sources: { ${sources} }
targets:
  agileplace:
    profile: agileplace
    baseUrl: ${scim}
    auth: { kind: basic, username: ${SIGN_IN.user}, password: '\${env:BENCH_PASSWORD}' }
    concurrency: ${CONCURRENCY}
mappings: [bench.yaml]
inbound: { tokens: [{ name: bench, scopes: [read], sha256: ${'ab'.repeat(32)} }] }
`;
  const file = join(folder, 'landbridge.yaml');
  await Promise.all([writeFile(file, text), writeFile(join(folder, 'bench.yaml'), mapping)]);
  return file;
}

/**
 * How fast a first load goes, against a bare keep-alive client that sends the same requests to the same target at the
 * same concurrency: everything else that Landbridge does, in Redis and by itself, is what is lost. Real Redis, real
 * queue, one worker, a sandbox target with 20 ms latency and no limit.
 *
 *   npm run bench:load -- 2000
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Pool } from 'undici';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { loadConfig } from '../app/config/index.ts';
import { type Context, createContext } from '../app/context.ts';
import { loadMapping } from '../app/mapping/index.ts';
import { personKey, type StableId } from '../app/person/anchor.ts';
import { toAttributes } from '../app/person/entry.ts';
import { absorbEntry } from '../app/sync/absorb.ts';
import { markDue } from '../app/sync/announce.ts';
import { type ControlClient, createControlClient } from '../sandbox/scim-target/control-client.ts';
import type { JournalEntry } from '../sandbox/scim-target/journal.ts';
import { until } from '../sandbox/until.ts';
import { startProvisionWorker } from '../workers/provision-worker.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const people = Number(process.argv[2] ?? 2_000);
const CONCURRENCY = 10;
const LATENCY_MS = 20;
const SIGN_IN = { user: 'bench@example.test', password: 'bench-password' };

const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
const sandbox = await startSandbox();
try {
  const context = contextFor(redis.url, sandbox.scim);
  await makeDue(context);
  await sandbox.control.fault({ kind: 'latency', milliseconds: LATENCY_MS });
  const ours = await timed(() => provisionAll(context));
  const journal = await sandbox.control.journal();
  await sandbox.control.clearAccounts();
  const bare = await timed(() => sendAll(journal, sandbox.scim));
  await context.close();
  const rows = [
    row('a bare client, the same requests', journal, bare, bare),
    row('Landbridge', journal, ours, bare),
  ];
  console.table(rows);
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/load.json'), `${JSON.stringify({ people, rows }, null, 2)}\n`);
} finally {
  sandbox.child.kill('SIGTERM');
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}

function row(what: string, journal: readonly JournalEntry[], seconds: number, bare: number) {
  const perSecond = Math.round(journal.length / seconds);
  return {
    what,
    requests: journal.length,
    seconds: Number(seconds.toFixed(2)),
    perSecond,
    ratio: Number((bare / seconds).toFixed(2)),
  };
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
  const config = loadConfig({ file: 'landbridge.yaml', text, env, readFile: () => mapping });
  const loaded = loadMapping('bench.yaml', mapping);
  if (!config.ok || !loaded.ok) throw new Error(JSON.stringify([config, loaded]));
  const installation = { config: config.config, mappings: [loaded.mapping], warnings: [] };
  return createContext(installation, redisUrl, pino({ level: 'error' }));
}

async function makeDue({ reading }: Context): Promise<void> {
  for (let n = 0; n < people; n += 1) {
    const stableId = `p${n}` as StableId;
    const attributes = toAttributes([
      ['mail', [`p${n}@example.test`]],
      ['sn', ['Byron']],
    ]);
    await absorbEntry('hr', { stableId, revision: '1', attributes }, reading);
    await markDue(personKey('hr', stableId), 'hr', { lane: 'bulk' }, reading);
  }
}

async function provisionAll(context: Context): Promise<void> {
  const worker = startProvisionWorker('agileplace', context, new AbortController().signal);
  const isDone = async () => (await context.stores.due.count('agileplace')) === 0;
  await until('everybody is provisioned', isDone, 30 * 60_000);
  await worker.close();
}

/** The same requests in the same order, by as many senders, and nothing else. */
async function sendAll(journal: readonly JournalEntry[], scim: string): Promise<void> {
  const pool = new Pool(new URL(scim).origin, { connections: CONCURRENCY });
  const authorization = `Basic ${Buffer.from(`${SIGN_IN.user}:${SIGN_IN.password}`).toString('base64')}`;
  const waiting = [...journal].reverse();
  const sender = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const body = next.body === null ? null : JSON.stringify(next.body);
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await pool.request({
        method: next.method as 'GET' | 'POST',
        path: next.path,
        headers,
        body,
      });
      await answer.body.text();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  await pool.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

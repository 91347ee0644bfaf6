/**
 * The lanes over real parts: events in, Redis, the workers of a target, the budget, the sandbox. The journal of the
 * sandbox tells who was served before whom.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type Context, createContext } from '../../app/context.ts';
import { loadInstallation } from '../../app/installation.ts';
import type { Lane } from '../../app/lane.ts';
import { type PersonKey, personKey, toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { markDue } from '../../app/sync/announce.ts';
import { absorbEntry } from '../../app/sync/reading/absorb.ts';
import { receiveEvent } from '../../app/sync/receive-event.ts';
import { until } from '../../sandbox/until.ts';
import { startProvisionWorkers } from '../../workers/provision-worker.ts';
import { startRedis } from '../support/redis.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../support/sandbox.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Stage = {
  readonly context: Context;
  readonly sandbox: Sandbox;
  startWorkers(): void;
  /** What an event says of one person: everybody has a name, nobody who left. */
  hear(id: string, name: string | null): Promise<void>;
  /** The person is known, and due in this lane. */
  due(id: string, lane: Lane): Promise<PersonKey>;
};

async function setStage(options: SandboxOptions, concurrency: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-lanes-'));
  ends.push(() => rm(folder, { recursive: true }));
  const [redis, sandbox] = await Promise.all([startRedis(), startSandbox(options)]);
  ends.push(() => redis.stop());
  ends.push(() => sandbox.stop());
  const file = await writeInstallation(folder, sandbox, concurrency);
  const env = { REDIS_URL: redis.url, TEST_PASSWORD: sandbox.password };
  const loaded = loadInstallation(file, env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const context = createContext(loaded.installation, redis.url, pino({ level: 'silent' }));
  ends.push(() => context.close());
  let sequence = 0;
  return {
    context,
    sandbox,
    startWorkers() {
      const workers = startProvisionWorkers('agileplace', context, new AbortController().signal);
      ends.push(() => Promise.all(workers.map((worker) => worker.close())));
    },
    async hear(id, name) {
      sequence += 1;
      const order = { sequence, time: new Date().toISOString(), event: `e${sequence}` };
      const change =
        name === null
          ? ({ kind: 'delete' } as const)
          : ({ kind: 'upsert', attributes: attributesOf(id, name) } as const);
      const event = { id: `e${sequence}`, source: 'hr', person: idOf(id), order, change };
      const { stores, reading } = context;
      await receiveEvent(event, 'hr', { ...reading, receipts: stores.receipts });
    },
    async due(id, lane) {
      const entry = { stableId: idOf(id), revision: '1', attributes: attributesOf(id, 'Byron') };
      await absorbEntry('hr', entry, context.reading);
      const key = personKey('hr', entry.stableId);
      await markDue(key, { lane }, context.reading);
      return key;
    },
  };
}

function idOf(text: string) {
  const id = toStableId(text);
  if (id === null) throw new Error(`${text} is no id`);
  return id;
}

function attributesOf(id: string, name: string) {
  return toAttributes([
    ['mail', [`${id}@example.test`]],
    ['sn', [name]],
  ]);
}

async function writeInstallation(folder: string, sandbox: Sandbox, concurrency: number): Promise<string> {
  const file = join(folder, 'landbridge.yaml');
  await writeFile(
    file,
    `version: 1
sources: { hr: { kind: events } }
targets:
  agileplace:
    profile: agileplace
    baseUrl: ${sandbox.baseUrl}
    auth: { kind: basic, username: ${sandbox.user}, password: '\${env:TEST_PASSWORD}' }
    concurrency: ${concurrency}
mappings: [lanes.yaml]
inbound: { tokens: [{ name: test, scopes: [read], sha256: ${'ab'.repeat(32)} }] }
`,
  );
  await writeFile(
    join(folder, 'lanes.yaml'),
    `version: 1
source: hr
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string }
attributes: { externalId: '= id', userName: '= e.mail', active: true, name: { familyName: '= e.sn' } }
`,
  );
  return file;
}

async function everybodyServed({ context }: Stage): Promise<void> {
  const nobodyDue = async () => (await context.stores.due.count('agileplace')) === 0;
  await until('nobody is due any more', nobodyDue);
}

test('a leaver is served out of the reserve while bulk work waits for its share of the budget', async () => {
  const limit = 60;
  const stage = await setStage({ limits: { points: limit, windowSeconds: 20 } }, 4);
  const { context, sandbox } = stage;
  stage.startWorkers();
  await stage.hear('ada', 'Byron');
  await stage.hear('grace', 'Hopper');
  await everybodyServed(stage);
  for (let n = 0; n < 60; n += 1) await stage.due(`p${n}`, 'bulk');
  const reserve = limit / 10;
  await until('bulk work waits for its share', async () => {
    const view = await context.stores.budgets.view('agileplace');
    return view !== null && view.remaining <= reserve;
  });
  await stage.hear('ada', null);
  await stage.hear('grace', 'Murray');
  await until('both are served', async () => {
    const patches = (await sandbox.journal()).filter(({ method }) => method === 'PATCH');
    return patches.length === 2;
  });
  const journal = await sandbox.journal();
  const requests = journal.map(({ method, body }) => ({ method, active: Object(body).active }));
  const leaver = requests.findIndex(({ active }) => active === false);
  // Within what the first window grants, though bulk work had used its share of it up and far more waits.
  expect(requests[leaver]?.method).toBe('PATCH');
  expect(requests.findLastIndex(({ method }) => method === 'PATCH')).toBeLessThan(limit);
  expect(journal.filter(({ status }) => status === 429)).toEqual([]);
  expect(await context.stores.due.count('agileplace')).toBeGreaterThan(20);
}, 90_000);

test('a target that was out of order goes on in the order of the lanes', async () => {
  const stage = await setStage({}, 1);
  const { context, sandbox } = stage;
  const lanes: readonly Lane[] = ['bulk', 'update', 'manual', 'joiner', 'leaver'];
  await sandbox.fault({ kind: 'unauthorized' });
  stage.startWorkers();
  await stage.due('first', 'update');
  await until(
    'the target is paused',
    async () => (await context.stores.breakers.view('agileplace')) !== null,
  );
  for (const lane of lanes) {
    await stage.due(`${lane}-1`, lane);
    await stage.due(`${lane}-2`, lane);
  }
  await sandbox.clearFaults();
  await sandbox.clearJournal();
  // As the API does when an operator lets it go on.
  await context.stores.breakers.succeed('agileplace', null);
  await context.reading.bell.unpark('agileplace');
  await everybodyServed(stage);
  const created = (await sandbox.journal())
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => String(Object(body).externalId));
  const order = (lane: Lane) => [created.indexOf(`${lane}-1`), created.indexOf(`${lane}-2`)];
  // Two people are served at once, so one of the next lane may be through before the last of a lane is.
  expect(Math.max(...order('leaver'))).toBeLessThan(Math.min(...order('manual'), ...order('bulk')));
  expect(Math.max(...order('joiner'))).toBeLessThan(Math.min(...order('update')));
  expect(created).toHaveLength(2 * lanes.length + 1);
  expect(await context.stores.deadLetters.count('agileplace')).toBe(0);
}, 90_000);

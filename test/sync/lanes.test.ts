import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '../../app/lane.ts';
import { toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { laneFor, MANY } from '../../app/sync/lanes.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../app/sync/reading/release.ts';
import { type PersonEvent, receiveEvent } from '../../app/sync/receive-event.ts';
import { reprovision } from '../../app/sync/reprovision.ts';
import { announceAllLeftOvers } from '../../app/sync/upkeep.ts';
import { entryOf, type Rig, startRig } from '../support/rig.ts';
import { scriptedSource } from '../support/scripted-source.ts';
import { unannounced } from '../support/unannounced.ts';

let rig: Rig;
const source = scriptedSource();
const never = new AbortController().signal;

beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
  Object.assign(source.script, scriptedSource([]).script);
});
afterAll(async () => {
  await rig.stop();
});

async function laneOf(id: string): Promise<Lane | undefined> {
  return (await rig.stores.due.get('agileplace', rig.key(id)))?.lane;
}

let sequence = 0;
function event(id: string, change: PersonEvent['change']): PersonEvent {
  const person = toStableId(id);
  if (person === null) throw new Error(`${id} is no id`);
  sequence += 1;
  const name = `e${sequence}`;
  const time = new Date(Date.UTC(2026, 2, 1, 10, 0, sequence)).toISOString();
  return { id: name, source: 'corp', person, order: { sequence, time, event: name }, change };
}
const upsert = (values: Record<string, string>): PersonEvent['change'] => ({
  kind: 'upsert',
  attributes: toAttributes(
    Object.entries({ mail: 'ada@example.test', ...values }).map(([name, value]) => [name, [value]]),
  ),
});
async function hear(id: string, change: PersonEvent['change']): Promise<Lane | undefined> {
  await receiveEvent(event(id, change), 'hr', { ...rig.reading, receipts: rig.stores.receipts });
  const lane = await laneOf(id);
  await rig.attempt(rig.key(id));
  return lane;
}

describe('one person of whom an event tells, is served as', () => {
  test('joiner, update, leaver, and joiner again when they come back', async () => {
    expect(await hear('1', upsert({ title: 'Maths' }))).toBe('joiner');
    expect(await hear('1', upsert({ title: 'Engines' }))).toBe('update');
    expect(await hear('1', { kind: 'delete' })).toBe('leaver');
    expect(await hear('1', upsert({ title: 'Engines' }))).toBe('joiner');
    expect(await hear('1', upsert({ title: 'Engines', status: 'off' }))).toBe('leaver');
    expect(await hear('1', upsert({ title: 'Maths', status: 'off' }))).toBe('update');
  });

  test('update where they never had an account and shall have none', async () => {
    expect(await hear('2', { kind: 'delete' })).toBe('update');
    expect(await hear('3', upsert({ status: 'off' }))).toBe('update');
  });

  test('manual where an operator asks for them', async () => {
    const key = await rig.person('4');
    await rig.attempt(key);
    await reprovision(
      key,
      { actor: 'ops' },
      { ...rig.reading, sourceOf: () => null, targetOf: () => rig.target },
    );
    expect(await laneOf('4')).toBe('manual');
  });

  test('leaver where their removal was held and is released', async () => {
    source.script.people = [entryOf('p0')];
    await readSource(source, 'sweep', rig.reading, never);
    await rig.attempt(rig.key('p0'));
    const run = {
      id: 'r1',
      kind: 'sweep',
      state: 'held',
      startedAt: '',
      counts: {},
      releasable: true,
    } as const;
    await rig.stores.runs.put(run);
    await rig.stores.holds.put('r1', [{ target: 'agileplace', key: rig.key('p0') }]);
    await releaseRun('r1', { actor: 'ops', reason: 'checked' }, rig.reading);
    expect(await laneOf('p0')).toBe('leaver');
  });

  test('the same after a crash between storing and announcing', async () => {
    await rig.person('5');
    await rig.attempt(rig.key('5'));
    await rig.stores.identities.announced('corp', await unannounced(rig.stores.identities, 'corp'));
    await rig.gone('5');
    await rig.stores.due.serve('agileplace', rig.key('5'), served, await leaseFor('5'));
    expect(await announceAllLeftOvers(['corp'], rig.reading)).toBe(1);
    expect(await laneOf('5')).toBe('leaver');
  });
});

const served = { seq: 99, at: '', state: 'done', plan: { action: 'none', reason: '' } } as const;
async function leaseFor(id: string) {
  const lease = await rig.stores.leases.acquire(`write:agileplace:${rig.key(id)}`, 60_000);
  if (lease === null) throw new Error('somebody has the lease');
  return lease;
}

describe('a run', () => {
  test('of few people serves each by what the news does', async () => {
    source.script.people = Array.from({ length: MANY }, (_, n) => entryOf(`p${n}`));
    await readSource(source, 'sweep', rig.reading, never);
    expect(await laneOf('p0')).toBe('joiner');
    expect(await laneOf(`p${MANY - 1}`)).toBe('joiner');
  });

  test('of many people is bulk, but for those who lose access', async () => {
    source.script.people = Array.from({ length: MANY + 1 }, (_, n) => entryOf(`p${n}`));
    await readSource(source, 'sweep', rig.reading, never);
    expect(await laneOf('p0')).toBe('bulk');
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await rig.attempt(key);
    }
    source.script.people = Array.from({ length: MANY + 1 }, (_, n) =>
      entryOf(`p${n}`, n === 0 ? { status: 'off' } : { title: 'Maths' }),
    );
    await readSource(source, 'poll', rig.reading, never);
    expect(await laneOf('p0')).toBe('leaver');
    expect(await laneOf('p1')).toBe('bulk');
  });

  test('counts everybody whom it brings', () => {
    expect(laneFor('changes', MANY)).toBe('update');
    expect(laneFor('changes', MANY + 1)).toBe('bulk');
    expect(laneFor('takes-access', 1_000_000)).toBe('leaver');
  });
});

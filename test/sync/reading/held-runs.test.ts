import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import type { Entry } from '../../../app/person/entry.ts';
import type { Run } from '../../../app/store/ports/index.ts';
import { reviewHold } from '../../../app/sync/held-removal.ts';
import { expireHolds } from '../../../app/sync/hold-expiry.ts';
import { learnForPlan } from '../../../app/sync/planning/learn.ts';
import { type ReadDeps, readSource } from '../../../app/sync/reading/read-source.ts';
import { rejectRun, releaseRun } from '../../../app/sync/reading/release.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';
import { scriptedSource } from '../../support/scripted-source.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
  Object.assign(source.script, scriptedSource(people(20)).script);
  await read('sweep');
  await work();
});
afterAll(async () => {
  await rig.stop();
});

const people = (count: number, attributes: Record<string, string> = {}): Entry[] =>
  Array.from({ length: count }, (_, n) => entryOf(`p${n}`, attributes));
const source = scriptedSource();
const TOO_MANY = '20 removals at agileplace, more than the 5 that may go by themselves';

async function read(kind: 'poll' | 'sweep', deps: ReadDeps = rig.reading): Promise<Run> {
  const run = await readSource(source, kind, deps, new AbortController().signal);
  if (run === null) throw new Error('another is reading');
  return run;
}
async function work(): Promise<void> {
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
}
const active = async () => (await rig.sandbox.accounts()).filter(({ user }) => user.active === true).length;
async function released(run: Run): Promise<number> {
  expect(await releaseRun(run.id, { actor: 'operator', reason: 'checked' }, rig.reading)).toMatchObject({
    kind: 'released',
    run: { state: 'released', actor: 'operator' },
  });
  await work();
  return await active();
}

describe('removals that a read brought can be released, whatever became of the read', () => {
  beforeEach(() => {
    source.script.people = people(20, { status: 'off' });
  });

  test('it met a surprise: its record says so, and the next read makes it releasable', async () => {
    const due: ReadDeps['due'] = {
      ...rig.reading.due,
      mark: async () => {
        throw new TypeError('a mistake of ours');
      },
    };
    await expect(read('poll', { ...rig.reading, due })).rejects.toThrow('a mistake of ours');
    const [surprised] = await rig.stores.runs.list({ limit: 1 });
    expect(surprised).toMatchObject({ state: 'failed', reason: 'internal error (TypeError), see the log' });
    rig.pass(1_000);
    await read('poll');
    const held = await rig.stores.runs.get(surprised?.id ?? '');
    expect(held).toMatchObject({
      state: 'held',
      releasable: true,
      reason: 'the read ended in the middle; 20 removals of what it had read wait',
    });
  });

  test('it broke off', async () => {
    source.script.breaks = 'corp: connection lost';
    const run = await read('poll');
    expect(run).toMatchObject({ state: 'held', releasable: true, counts: { due: 20, held: 20 } });
    expect(run.reason).toBe(`corp: connection lost; ${TOO_MANY}`);
    await work();
    expect(await active()).toBe(20);
    expect(await released(run)).toBe(0);
  });

  test('it was incomplete', async () => {
    source.script.problems = ['size limit exceeded'];
    const run = await read('poll');
    expect(run).toMatchObject({ state: 'held', releasable: true });
    expect(run.reason).toBe(`incomplete read: size limit exceeded; ${TOO_MANY}`);
    source.script.problems = [];
    await read('sweep');
    await work();
    expect(await active()).toBe(20);
    expect(await released(run)).toBe(0);
  });

  test('the reader was killed before it could say that it held somebody', async () => {
    const dying = {
      ...rig.stores.watermarks,
      put: async () => {
        throw new Error('killed');
      },
    };
    await expect(read('poll', { ...rig.reading, watermarks: dying })).rejects.toThrow('killed');
    await work();
    expect(await rig.stores.runs.list({ state: 'held', limit: 10 })).toEqual([]);
    await read('poll');
    const [run, ...more] = await rig.stores.runs.list({ state: 'held', limit: 10 });
    if (run === undefined) throw new Error('nothing is held');
    expect(more).toEqual([]);
    expect(run).toMatchObject({ kind: 'poll', counts: { held: 20 }, releasable: true });
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);
    expect(await released(run)).toBe(0);
  });

  test('the reader lost its lease when all was announced', async () => {
    const losing = {
      ...rig.stores.watermarks,
      put: async (...args: Parameters<typeof rig.stores.watermarks.put>) => {
        await rig.redis.del('{landbridge}:lease:read:corp');
        await rig.stores.watermarks.put(...args);
      },
    };
    const run = await read('poll', { ...rig.reading, watermarks: losing });
    expect(run).toMatchObject({ state: 'held', releasable: true, counts: { held: 20 } });
    await work();
    expect(await released(run)).toBe(0);
  });

  test('and each new hold is an alert, also after another', async () => {
    source.script.problems = ['size limit exceeded'];
    source.script.people = people(20);
    await read('poll');
    await read('poll');
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);
    source.script.people = people(20, { status: 'off' });
    await read('poll');
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held', 'run-held']);
  });
});

test('a reader that lost its lease stores nothing of what it read before', async () => {
  const slow = {
    ...source,
    async *read() {
      yield { kind: 'person' as const, entry: entryOf('p0', { title: 'old' }) };
      await rig.redis.del('{landbridge}:lease:read:corp');
      source.script.people = [entryOf('p0', { title: 'new' })];
      await read('poll');
      throw new Error('never reached the end');
    },
  };
  const signal = new AbortController().signal;
  expect(await readSource(slow, 'poll', rig.reading, signal)).toMatchObject({
    state: 'failed',
    reason: 'the lease has passed to another process',
  });
  const known = await rig.stores.identities.get(rig.key('p0'));
  expect(known?.entry.attributes.title).toEqual(['new']);
});

test('a person of whom a later read told is not switched off by releasing the sweep that missed them', async () => {
  source.script.people = people(5);
  const run = await read('sweep');
  expect(run).toMatchObject({ state: 'held', counts: { missing: 15 } });
  rig.pass(1_000);
  source.script.people = [entryOf('p10', { title: 'Countess' })];
  await read('poll');
  expect(await released(run)).toBe(6);
  expect((await rig.sandbox.account('p10@example.test'))?.user.active).toBe(true);
});

test('a sweep that finds everybody while the hold is released is believed', async () => {
  source.script.people = people(5);
  const run = await read('sweep');
  source.script.people = people(20);
  const approve = async (id: string) => {
    const removals = await rig.stores.holds.approve(id);
    await read('sweep');
    return removals;
  };
  await releaseRun(
    run.id,
    { actor: 'operator', reason: 'checked' },
    { ...rig.reading, holds: { ...rig.stores.holds, approve } },
  );
  await work();
  expect(await active()).toBe(20);
  expect(await rig.stores.identities.countPresent('corp')).toBe(20);
});

test('who is missing and also held for another reason keeps waiting for that when the sweep is superseded', async () => {
  source.script.people = people(5);
  const missed = await read('sweep');
  source.script.people = people(20).map((entry, n) => (n < 10 ? entryOf(`p${n}`, { status: 'off' }) : entry));
  const off = await read('poll');
  expect(off).toMatchObject({ state: 'held', counts: { held: 10 } });
  await work();
  await read('sweep');
  expect((await rig.stores.runs.get(missed.id))?.state).toBe('superseded');
  expect(await rig.stores.holds.size(off.id)).toBe(10);
  expect(await released(off)).toBe(10);
});

describe('a held sweep of which an operator has decided a part', () => {
  const decision = (...ids: string[]) => ({
    actor: 'operator',
    reason: 'checked',
    people: new Set(ids.map((id) => rig.key(id))),
  });
  const groupOf = (n: number) => ({
    stableId: `g${n}` as StableId,
    dn: `cn=g${n}`,
    name: `g${n}`,
    members: [],
  });
  async function heldSweep(): Promise<Run> {
    source.script.people = people(13);
    const run = await read('sweep');
    expect(run).toMatchObject({ state: 'held', counts: { missing: 7 } });
    return run;
  }
  async function sweptAgain(): Promise<number> {
    rig.pass(60_000);
    await read('sweep');
    await work();
    return await active();
  }

  test('keeps the others waiting, however few they are, until they are decided about as well', async () => {
    const run = await heldSweep();
    await releaseRun(run.id, decision('p13', 'p14'), rig.reading);
    await rejectRun(run.id, decision('p15'), rig.reading);
    expect(await sweptAgain()).toBe(18);
    expect(await sweptAgain()).toBe(18);
    rig.pass(30 * 86_400_000);
    await expireHolds(rig.reading);
    expect(await sweptAgain()).toBe(18);
    const { holds } = await rig.stores.holds.page({ run: run.id, state: 'waiting' }, null, 10);
    const shown = await Promise.all(holds.map((hold) => reviewHold(hold, false, rig.reading)));
    expect(shown.map(({ state, expires }) => [state, expires])).toEqual(
      Array.from({ length: 4 }, () => ['waiting', undefined]),
    );
    expect(await released(run)).toBe(14);
  });

  test('also where the part was a no', async () => {
    const run = await heldSweep();
    await rejectRun(run.id, decision('p13', 'p14'), rig.reading);
    expect(await sweptAgain()).toBe(20);
  });

  test('also where the run waits for a word about missing groups as well', async () => {
    source.script.groups = [1, 2].map((n) => groupOf(n));
    source.script.people = people(20);
    await read('sweep');
    source.script.groups = [];
    const run = await heldSweep();
    expect(run.counts).toMatchObject({ missingGroups: 2 });
    await rejectRun(run.id, decision('p13', 'p14'), rig.reading);
    source.script.groups = [1, 2].map((n) => groupOf(n));
    expect(await sweptAgain()).toBe(20);
    expect(await sweptAgain()).toBe(20);
  });

  test('keeps them from a plan as well that reads the source anew', async () => {
    const run = await heldSweep();
    await rejectRun(run.id, decision('p13', 'p14'), rig.reading);
    const deps = { ...rig.reading, sleep: async () => {} };
    expect(await learnForPlan(source, deps, new AbortController().signal)).toBeNull();
    expect(await rig.stores.identities.countPresent('corp')).toBe(20);
  });

  test('lets go whoever is seen again', async () => {
    const run = await heldSweep();
    await releaseRun(run.id, decision('p13'), rig.reading);
    source.script.people = people(20).filter(({ stableId }) => stableId !== 'p13');
    expect(await sweptAgain()).toBe(19);
    expect(await rig.stores.runs.get(run.id)).not.toMatchObject({ state: 'held' });
  });
});

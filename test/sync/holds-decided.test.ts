import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import type { Entry } from '../../app/person/entry.ts';
import type { Run } from '../../app/store/ports/index.ts';
import { expireHolds } from '../../app/sync/hold-expiry.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { rejectRun, releaseRun } from '../../app/sync/reading/release.ts';
import { reconcile, reconcileRun } from '../../app/sync/reconciling/reconcile.ts';
import { entryOf, type Rig, startRig } from '../support/rig.ts';
import { scriptedSource } from '../support/scripted-source.ts';

const DAY = 86_400_000;

let rig: Rig;
const source = scriptedSource();
const never = new AbortController().signal;

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

/** Twenty people, of whom these are switched off. */
function people(count: number, off: readonly number[] = []): Entry[] {
  return Array.from({ length: count }, (_, n) => entryOf(`p${n}`, off.includes(n) ? { status: 'off' } : {}));
}

async function read(kind: 'poll' | 'sweep'): Promise<Run> {
  const run = await readSource(source, kind, rig.reading, never);
  if (run === null) throw new Error('another is reading');
  return run;
}
async function work(): Promise<void> {
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
}
async function compared(): Promise<void> {
  const sleep = async () => {};
  await rig.stores.runs.put(reconcileRun('c1', 'agileplace', rig.now()));
  await reconcile(rig.target, 'c1', { ...rig.reading, ...rig.stores, sleep }, never);
  await work();
}
/** Six people are switched off at once, and held. */
async function heldOff(): Promise<Run> {
  source.script.people = people(20, [0, 1, 2, 3, 4, 5]);
  const run = await read('poll');
  await work();
  expect(run).toMatchObject({ state: 'held', counts: { held: 6 } });
  return run;
}
/** Six people are not named any more, and held. */
async function heldMissing(): Promise<Run> {
  source.script.people = people(20).slice(6);
  const run = await read('sweep');
  expect(run).toMatchObject({ state: 'held', counts: { missing: 6, held: 6 } });
  return run;
}

const active = async () => (await rig.sandbox.accounts()).filter(({ user }) => user.active === true).length;
const keys = (...numbers: readonly number[]) => new Set<PersonKey>(numbers.map((n) => rig.key(`p${n}`)));
const yes = (people?: ReadonlySet<PersonKey>) => ({
  actor: 'ops',
  reason: 'ticket 1',
  ...(people === undefined ? {} : { people }),
});
const stateOf = async ({ id }: Run) => (await rig.stores.runs.get(id))?.state;
const log = async (id: string) =>
  (await rig.stores.provisioningLog.ofPerson(rig.key(id), 10)).map(({ action, reason, actor, run }) => ({
    action,
    reason,
    actor,
    run,
  }));

describe('some of what a run holds', () => {
  test('goes when it is released, and the rest waits', async () => {
    const run = await heldOff();
    expect(await releaseRun(run.id, yes(keys(0, 1)), rig.reading)).toMatchObject({
      kind: 'released',
      run: { state: 'held', actor: 'ops', note: 'ticket 1' },
    });
    await work();
    expect(await active()).toBe(18);
    expect(await rig.stores.holds.size(run.id)).toBe(4);
    expect((await log('p0')).slice(0, 2)).toEqual([
      { action: 'deactivate', reason: 'inactive at the source', actor: undefined, run: undefined },
      { action: 'approve', reason: 'ticket 1', actor: 'ops', run: run.id },
    ]);
    expect(await releaseRun(run.id, yes(), rig.reading)).toMatchObject({ run: { state: 'released' } });
    await work();
    expect(await active()).toBe(14);
    expect(await rig.stores.holds.count()).toBe(0);
  });

  test('released a second time is told so, and nothing happens', async () => {
    const run = await heldOff();
    await releaseRun(run.id, yes(keys(0)), rig.reading);
    expect(await releaseRun(run.id, yes(keys(0, 1)), rig.reading)).toEqual({
      kind: 'not-held',
      why: 'this run holds no removal of corp:p0',
    });
    await work();
    expect(await active()).toBe(19);
    await releaseRun(run.id, yes(), rig.reading);
    expect(await releaseRun(run.id, yes(), rig.reading)).toEqual({
      kind: 'not-held',
      why: 'this run is released, nothing of it waits',
    });
    expect((await log('p1')).filter(({ action }) => action === 'approve')).toHaveLength(1);
  });

  test('that is rejected stays, while the rest goes; the last word ends the run', async () => {
    const run = await heldOff();
    expect(await rejectRun(run.id, yes(keys(0, 1)), rig.reading)).toMatchObject({ run: { state: 'held' } });
    expect(await releaseRun(run.id, yes(), rig.reading)).toMatchObject({ run: { state: 'released' } });
    await work();
    expect(await active()).toBe(16);
    expect((await log('p0'))[0]).toEqual({
      action: 'reject',
      reason: 'ticket 1',
      actor: 'ops',
      run: run.id,
    });
  });
});

describe('a removal that was rejected', () => {
  test('does not come again by itself, by poll, event, sweep, comparison or reprovision', async () => {
    const run = await heldOff();
    expect(await rejectRun(run.id, yes(), rig.reading)).toMatchObject({
      kind: 'rejected',
      run: { state: 'rejected', actor: 'ops', note: 'ticket 1' },
    });
    source.script.people = people(20, [0, 1, 2, 3, 4, 5]).map((entry, n) =>
      n < 6 ? entryOf(`p${n}`, { status: 'off', sn: 'King' }) : entry,
    );
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { held: 0 } });
    await work();
    await read('sweep');
    await compared();
    expect(await rig.attempt(await rig.due('p0', { fresh: true }))).toMatchObject({ kind: 'held' });
    expect(await active()).toBe(20);
    expect(await rig.stores.holds.count()).toBe(0);
    expect(await rig.stores.holds.rejected()).toHaveLength(6);
  });

  test('is forgotten once the person shall have access again, and judged anew after that', async () => {
    const run = await heldOff();
    await rejectRun(run.id, yes(), rig.reading);
    source.script.people = people(20, [1, 2, 3, 4, 5]);
    await read('poll');
    await work();
    expect(await rig.stores.holds.rejected()).toHaveLength(5);
    source.script.people = people(20, [0, 1, 2, 3, 4, 5]);
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(19);
  });

  test('goes when an operator releases it after all, though its run is over', async () => {
    const run = await heldOff();
    await rejectRun(run.id, yes(), rig.reading);
    expect(await releaseRun(run.id, yes(), rig.reading)).toEqual({
      kind: 'not-held',
      why: 'this run is rejected, nothing of it waits',
    });
    expect(await releaseRun(run.id, yes(keys(2)), rig.reading)).toMatchObject({ kind: 'released' });
    await work();
    expect(await active()).toBe(19);
    expect(await rig.stores.holds.rejected()).toHaveLength(5);
  });

  test('as an absence is not held again by the next sweeps, and is forgotten when the person is seen', async () => {
    const run = await heldMissing();
    await rejectRun(run.id, yes(), rig.reading);
    expect(await read('sweep')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(20);
    expect(source.lookedUp).toEqual([]);
    source.script.people = people(20);
    await read('sweep');
    expect(await rig.stores.holds.rejected()).toEqual([]);
    source.script.people = people(20).slice(1);
    expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { deleted: 1 } });
    await work();
    expect(await active()).toBe(19);
  });
});

describe('a hold about which nobody decides', () => {
  test('expires: nobody is switched off, and what still is so is held anew by the next comparison', async () => {
    const run = await heldOff();
    rig.alerts.length = 0;
    rig.pass(7 * DAY - 60_000);
    expect(await expireHolds(rig.reading)).toBe(0);
    expect(await stateOf(run)).toBe('held');
    rig.pass(60_000);
    expect(await expireHolds(rig.reading)).toBe(6);
    expect(await stateOf(run)).toBe('expired');
    expect(rig.alerts).toEqual([
      { kind: 'hold-expired', run: run.id, reason: 'nobody has decided about 6 held removals in time' },
    ]);
    await work();
    expect(await active()).toBe(20);
    expect(await releaseRun(run.id, yes(), rig.reading)).toMatchObject({ kind: 'not-held' });

    await compared();
    expect(await active()).toBe(20);
    const [again, ...more] = await rig.stores.runs.list({ state: 'held', limit: 10 });
    expect(more).toEqual([]);
    expect(again).toMatchObject({
      kind: 'guard',
      counts: { held: 6 },
      reason: 'removals at agileplace about which nobody decided',
    });
    await releaseRun(again?.id ?? '', yes(), rig.reading);
    await work();
    expect(await active()).toBe(14);
  });

  test('expires for each person a while after they came to it', async () => {
    for (let n = 0; n < 6; n += 1) await rig.attempt(await rig.gone(`p${n}`));
    rig.pass(3 * DAY);
    for (let n = 6; n < 12; n += 1) await rig.attempt(await rig.gone(`p${n}`));
    const [run] = await rig.stores.runs.list({ state: 'held', kind: 'guard', limit: 10 });
    if (run === undefined) throw new Error('nobody is held');
    const before = await rig.stores.holds.size(run.id);
    rig.pass(4 * DAY);
    expect(await expireHolds(rig.reading)).toBe(1);
    expect(await rig.stores.holds.size(run.id)).toBe(before - 1);
    expect(await stateOf(run)).toBe('held');
    rig.pass(3 * DAY);
    expect(await expireHolds(rig.reading)).toBe(before - 1);
    expect(await stateOf(run)).toBe('expired');
  });

  test('as an absence is judged anew by the next sweep', async () => {
    const run = await heldMissing();
    rig.pass(7 * DAY);
    await expireHolds(rig.reading);
    expect(await stateOf(run)).toBe('expired');
    expect(await read('sweep')).toMatchObject({ state: 'held', counts: { missing: 6, held: 6 } });
    await work();
    expect(await active()).toBe(20);
  });

  test('of a read that was incomplete waits on', async () => {
    source.script.problems = ['size limit exceeded'];
    const run = await read('poll');
    rig.pass(8 * DAY);
    await expireHolds(rig.reading);
    expect(await stateOf(run)).toBe('held');
  });
});

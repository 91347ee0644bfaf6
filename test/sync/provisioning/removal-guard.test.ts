import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

const ids = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);

async function settledWith(count: number): Promise<void> {
  for (const id of ids(count)) await rig.attempt(await rig.person(id));
}

async function guardRun() {
  const [run] = await rig.stores.runs.list({ state: 'held', kind: 'guard', limit: 1 });
  if (run === undefined) throw new Error('the guard holds nobody');
  return run;
}

test('exactly the share goes, though each removal makes the share of those who are left smaller', async () => {
  await settledWith(60);
  const outcomes: string[] = [];
  for (const id of ids(7)) outcomes.push((await rig.attempt(await rig.gone(id))).kind);
  expect(outcomes).toEqual([...Array(6).fill('done'), 'held']);
  expect(await guardRun()).toMatchObject({
    reason: "more than 6 removals at agileplace within the guard's window",
    counts: { held: 1 },
  });
});

test('who comes to a run while it is released waits for a release of their own', async () => {
  await settledWith(12);
  for (const id of ids(8)) await rig.attempt(await rig.gone(id));
  const run = await guardRun();
  expect(run.counts).toEqual({ held: 3 });
  const approve = async (id: string) => {
    const removals = await rig.stores.holds.approve(id);
    await rig.attempt(await rig.gone('p9'));
    return removals;
  };
  const deps = { ...rig.reading, holds: { ...rig.stores.holds, approve } };
  await releaseRun(run.id, { actor: 'operator', reason: 'checked' }, deps);
  for (const id of ids(8)) await rig.attempt(rig.key(id));
  expect(await rig.stores.holds.heldBy('agileplace', rig.key('p9'))).toBe(run.id);
  expect((await guardRun()).id).toBe(run.id);
  expect(await releaseRun(run.id, { actor: 'operator', reason: 'checked' }, rig.reading)).toMatchObject({
    kind: 'released',
    run: { state: 'released', actor: 'operator' },
  });
  expect(await rig.attempt(rig.key('p9'))).toMatchObject({ plan: { action: 'deactivate' } });
});

test('a release says who released, also where workers are faster than it', async () => {
  await settledWith(6);
  for (const id of ids(6)) await rig.attempt(await rig.gone(id));
  const run = await guardRun();
  const ring = async () => {
    await rig.attempt(rig.key('p5'));
  };
  await releaseRun(
    run.id,
    { actor: 'operator', reason: 'checked' },
    { ...rig.reading, bell: { ...rig.reading.bell, ring } },
  );
  expect(await rig.stores.runs.get(run.id)).toMatchObject({ state: 'released', actor: 'operator' });
  expect(await rig.stores.holds.count()).toBe(0);
});

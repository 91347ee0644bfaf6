import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ breakerThreshold: 2 });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

test('whose request paused the target stands aside, so that somebody else is the next probe', async () => {
  for (const id of ['a1', 'a2']) await rig.attempt(await rig.person(id));
  await rig.sandbox.fault({ kind: 'status', status: 500, method: 'PATCH', count: 2 });
  const key = await rig.person('a1', { sn: 'Lovelace' });
  expect(await rig.attempt(key)).toMatchObject({ kind: 'retry' });
  const paused = await rig.attempt(key);
  if (paused.kind !== 'paused') throw new Error(`not paused but ${paused.kind}`);
  expect(paused.standsAsideUntil?.getTime()).toBe(paused.until.getTime() + 5_000);
  const other = await rig.attempt(await rig.person('a2', { sn: 'Lovelace' }));
  if (other.kind !== 'paused') throw new Error(`not paused but ${other.kind}`);
  expect(other.standsAsideUntil).toBeUndefined();
});

test('who costs the target no request is no probe: the next one is', async () => {
  for (const id of ['a1', 'a2']) await rig.attempt(await rig.person(id));
  await rig.sandbox.fault({ kind: 'unauthorized' });
  await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }));
  await rig.sandbox.clearFaults();
  rig.pass(31_000);
  expect(await rig.attempt(await rig.due('a2'))).toMatchObject({ plan: { action: 'none' } });
  expect(await rig.attempt(rig.key('a1'))).toMatchObject({ plan: { action: 'update' } });
  expect(await rig.stores.breakers.view('agileplace')).toBeNull();
});

test('people whose lost creates have to be waited for say nothing against the target', async () => {
  for (const id of ['a1', 'a2', 'a3']) {
    const key = await rig.person(id);
    const user = { userName: `${id}@example.test`, active: true };
    await rig.stores.intents.open('agileplace', key, user, rig.now());
    expect(await rig.attempt(key)).toMatchObject({ kind: 'retry' });
  }
  expect(await rig.stores.breakers.view('agileplace')).toBeNull();
});

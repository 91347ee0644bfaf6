/** A budget that is spent between a write and the look at what came of it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ breakerThreshold: 1 });
});
beforeEach(async () => {
  await rig.clear();
  await rig.attempt(await rig.person('a1'));
  await rig.sandbox.fault({ kind: 'no-content' });
  await rig.sandbox.fault({ kind: 'status', status: 429, retryAfter: '60', method: 'GET', count: 1 });
  await rig.sandbox.clearJournal();
});
afterAll(async () => {
  await rig.stop();
});

test('O-17: it is waited for, costs no attempt, and is nothing against the target', async () => {
  const outcome = await rig.attempt(await rig.person('a1', { title: 'Analyst' }), { last: true });
  expect(outcome).toMatchObject({ kind: 'limited' });
  expect(rig.alerts).toEqual([]);
  expect(await rig.stores.breakers.view('agileplace')).toBeNull();
  expect(await rig.stores.deadLetters.get('agileplace', rig.key('a1'))).toBeNull();
});

test('then a look finds that the write had worked, and it is not sent again', async () => {
  const key = await rig.person('a1', { title: 'Analyst' });
  await rig.attempt(key);
  rig.pass(61_000);
  expect(await rig.attempt(key)).toMatchObject({ kind: 'done', plan: { action: 'none' } });
  expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH']);
  expect(await rig.stores.links.get('agileplace', key)).toMatchObject({
    certain: true,
    desired: { title: 'Analyst' },
  });
});

test('a leaver is not switched off a second time for it', async () => {
  const key = await rig.person('a1', { status: 'off', title: 'Former' });
  expect(await rig.attempt(key)).toMatchObject({ kind: 'limited' });
  expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH']);
});

/** What an operator reads of a held removal is what would be done about it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reviewHold } from '../../app/sync/held-removal.ts';
import { announceMoments } from '../../app/sync/moments.ts';
import { lifecycleMapping } from '../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

const TARGET = 'agileplace';
const DAY = 86_400_000;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ mapping: lifecycleMapping({ lifecycle: '{ leaver: delete-after 30d }' }) });
});
beforeEach(() => rig.clear());
afterAll(() => rig.stop());

async function reviewed(): Promise<readonly string[]> {
  const { holds } = await rig.stores.holds.page({}, null, 100);
  const views = await Promise.all(holds.map((hold) => reviewHold(hold, false, rig.reading)));
  return views.map(({ action, why }) => `${action}: ${why}`);
}

test('a deletion whose days are over is shown as one', async () => {
  await rig.attempt(await rig.person('1'));
  await rig.attempt(await rig.gone('1'));
  rig.pass(30 * DAY + 10_000);
  await rig.stores.holds.put('run-9', [{ key: rig.key('1'), target: TARGET }]);
  await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers });
  expect((await rig.attempt(rig.key('1'))).kind).toBe('held');
  expect(await reviewed()).toEqual(['delete: deleted, and the 30 days are over']);
});

test('so is an account that was found, is nobody’s yet, and has to be switched off', async () => {
  await rig.sandbox.seed({ userName: '1@example.test', externalId: '1', active: true });
  const key = await rig.person('1', { status: 'off' });
  await rig.stores.holds.put('run-9', [{ key, target: TARGET }]);
  expect((await rig.attempt(key)).kind).toBe('held');
  expect(await reviewed()).toEqual(['adopt: found by externalId']);
});

test('so is the end of an access that was given by hand, which only a look at the target shows', async () => {
  await rig.attempt(await rig.person('1'));
  await rig.attempt(await rig.gone('1'));
  const id = (await rig.stores.links.get(TARGET, rig.key('1')))?.id ?? '';
  await rig.sandbox.change(id, { active: true });
  await rig.stores.holds.put('run-9', [{ key: rig.key('1'), target: TARGET }]);
  expect((await rig.attempt(await rig.due('1', { fresh: true }))).kind).toBe('held');
  expect(await reviewed()).toEqual(['deactivate: deleted']);
  // Whoever is back needs no removal, whatever the last look came to.
  await rig.person('1');
  expect(await reviewed()).toEqual(['none: active again at the source']);
});

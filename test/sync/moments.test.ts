/** A moment that has come and is not yet over for whoever serves it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceMoments } from '../../app/sync/moments.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { lifecycleMapping } from '../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

const TARGET = 'agileplace';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ mapping: lifecycleMapping({ active: '!reached(e.until)' }) });
});
beforeEach(() => rig.clear());
afterAll(() => rig.stop());

test('is not lost where the clock of that worker is a little behind', async () => {
  const until = new Date(rig.now().getTime() + 60_000);
  await rig.attempt(await rig.person('1', { until: until.toISOString() }));
  rig.pass(60_500);
  const behind = () => new Date(rig.now().getTime() - 1_000);
  const bell = {
    ...rig.reading.bell,
    async ring() {
      const signal = new AbortController().signal;
      await provision({ key: rig.key('1'), lastAttempt: false }, { ...rig.deps, now: behind }, signal);
    },
  };
  const tick = () => announceMoments([TARGET], { ...rig.reading, bell, timers: rig.stores.timers });
  expect(await tick()).toBe(1);
  expect((await rig.sandbox.account('1@example.test'))?.user.active).toBe(true);
  rig.pass(10_000);
  expect(await tick()).toBe(1);
  expect((await rig.sandbox.account('1@example.test'))?.user.active).toBe(false);
});

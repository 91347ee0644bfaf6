/** What nothing brings back is looked at first: deletions whose account is not what we remember. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceMoments } from '../../../app/sync/moments.ts';
import { lifecycleMapping } from '../../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../../support/rig.ts';

const TARGET = 'agileplace';
const DAY = 86_400_000;
const call = { signal: new AbortController().signal, lane: 'manual', beforeRequest: async () => {} } as const;

let rig: Rig;
beforeAll(async () => {
  const lifecycle = '{ leaver: delete-after 30d, protect: { userNames: [root@example.test] } }';
  rig = await startRig({ mapping: lifecycleMapping({ lifecycle }) });
});
beforeEach(() => rig.clear());
afterAll(() => rig.stop());

/** Somebody who left thirty days ago; nothing but the time tells that. @returns the account */
async function leftLongAgo(meanwhile: (account: string) => Promise<unknown>): Promise<string> {
  await rig.attempt(await rig.person('1'));
  await rig.attempt(await rig.gone('1'));
  const id = (await rig.stores.links.get(TARGET, rig.key('1')))?.id ?? '';
  await meanwhile(id);
  rig.pass(30 * DAY + 10_000);
  expect(await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers })).toBe(1);
  return id;
}

test('an account that was switched on by hand, unseen, is switched off, and its days begin anew', async () => {
  await leftLongAgo((id) => rig.sandbox.change(id, { active: true }));
  expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'deactivate' } });
  rig.pass(29 * DAY);
  expect(await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers })).toBe(0);
  rig.pass(DAY + 10_000);
  expect(await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers })).toBe(1);
  expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'delete' } });
});

test('an account that has a protected name by now stays', async () => {
  await leftLongAgo((id) => rig.sandbox.change(id, { userName: 'root@example.test' }));
  expect(await rig.attempt(rig.key('1'))).toMatchObject({
    plan: { action: 'none', reason: 'protected by its userName' },
  });
  expect(await rig.sandbox.accounts()).toHaveLength(1);
});

test('an account that somebody else has deleted is taken for deleted, and says nothing against the target', async () => {
  await leftLongAgo((id) => rig.target.remove(id, call));
  expect(await rig.attempt(rig.key('1'))).toMatchObject({ kind: 'done', plan: { action: 'delete' } });
  expect(await rig.stores.links.get(TARGET, rig.key('1'))).toBeNull();
  expect(await rig.redis.exists('landbridge:tally:vanished:agileplace')).toBe(0);
});

/** What an operator's word about a group's held removals is good for: once, and not without one. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { expireHolds } from '../../../app/sync/hold-expiry.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { group, never, person, sourceFor } from '../../sources/ldap/invented.ts';
import { type GroupRig, groupDn, groupMapping, personDn, startGroupRig, TARGET } from './group-rig.ts';

const DAY = 86_400_000;
const UIDS = Array.from({ length: 20 }, (_, n) => `p${n}`);

let rig: GroupRig;
let directory: Directory;
beforeAll(async () => {
  rig = await startGroupRig({ profile: 'pingdirectory' });
});
beforeEach(async () => {
  await rig.clear();
  rig.use(groupMapping());
});
afterEach(() => directory.stop());
afterAll(() => rig.stop());

/** A group of twenty at the target. */
async function engines(): Promise<void> {
  const ldif = UIDS.map((uid) => person(uid)).join('') + group('engines', UIDS.map(personDn));
  directory = await startDirectory({ ldif });
  await rig.step('sweep', directory);
}

async function leave(from: number, to: number): Promise<void> {
  await directory.modify(groupDn('engines'), { remove: { member: UIDS.slice(from, to).map(personDn) } });
  await rig.step('poll', directory);
}

const members = async () => (await rig.atTarget())['engines']?.length;

test('what was approved goes once: the next removal is judged anew', async () => {
  await engines();
  await leave(0, 6);
  expect(await members()).toBe(20);
  const run = await rig.stores.holds.heldBy(TARGET, await rig.keyOf('engines'));
  await releaseRun(run ?? '', { actor: 'ann', reason: 'the team moved' }, rig.reading);
  await rig.work();
  expect(await members()).toBe(14);

  await leave(6, 18);
  expect(await members()).toBe(14);
});

test('what nobody decided about in time is held again, though there is room by then', async () => {
  await engines();
  await leave(0, 3);
  await leave(3, 6);
  expect(await members()).toBe(17);
  rig.pass(8 * DAY);
  expect(await expireHolds(rig.reading)).toBe(1);
  const key = await rig.keyOf('engines');
  await rig.stores.dueGroups.mark(TARGET, key, { lane: 'bulk', fresh: true }, rig.now());
  await rig.work();
  expect(await members()).toBe(17);
  expect(await rig.stores.holds.heldBy(TARGET, key)).not.toBeNull();
});

test('whoever was not looked at yet since state was lost is no foreigner, and stays', async () => {
  rig.use(groupMapping('members: { foreign: remove }'));
  directory = await startDirectory({
    ldif:
      ['ada', 'bea', 'cleo'].map((uid) => person(uid)).join('') +
      group('engines', ['ada', 'bea', 'cleo'].map(personDn)),
  });
  await rig.step('sweep', directory);
  await rig.redis.flushall();
  await readSource(sourceFor(directory, { overlapMs: 0 }), 'sweep', rig.reading, never);
  await rig.sandbox.clearJournal();
  for await (const batch of rig.stores.due.scan(TARGET))
    for (const { key } of batch.slice(1)) await rig.attempt(key);
  await rig.attemptGroup(await rig.keyOf('engines'));
  await rig.work();
  await rig.work();
  expect((await rig.writes()).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

/** A group that an operator has seen in a plan is written exactly so, or not at all. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { GroupPlan } from '../../../app/plan/group-plan.ts';
import { provisionReviewedGroup } from '../../../app/sync/groups/provision-group.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { rejectRun } from '../../../app/sync/reading/release.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { group, never, person, sourceFor } from '../../sources/ldap/invented.ts';
import { type GroupRig, groupDn, groupMapping, personDn, startGroupRig, TARGET } from './group-rig.ts';

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

const uids = Array.from({ length: 8 }, (_, n) => `p${n}`);
const everybody = (...more: string[]) => [...uids, ...more].map((uid) => person(uid)).join('');

/** Carries a group out as it was seen. */
async function review(name: string, isExpected: (decided: GroupPlan) => boolean, waiting: PersonKey[] = []) {
  const reviewed = { isExpected, waiting, awaitsPeople: false, actor: 'ann', note: 'seen' };
  return await provisionReviewedGroup(await rig.keyOf(name), reviewed, rig.groupDeps(), never);
}

async function keyOf(uid: string): Promise<PersonKey> {
  const [key] = await rig.stores.identities.findByHandle(`${uid}@example.test`);
  if (key === undefined) throw new Error(`${uid} is not known`);
  return key;
}

test('more removals than the guard lets go are carried out, with who and why in the log', async () => {
  directory = await startDirectory({ ldif: everybody() + group('engines', uids.map(personDn)) });
  await rig.step('sweep', directory);
  await directory.modify(groupDn('engines'), { remove: { member: uids.slice(0, 6).map(personDn) } });
  await rig.step('poll', directory);
  expect((await rig.atTarget())['engines']).toEqual(uids);
  expect(
    await review('engines', (decided) => 'remove' in decided && decided.remove.length === 6),
  ).toMatchObject({ kind: 'done' });
  expect((await rig.atTarget())['engines']).toEqual(['p6', 'p7']);
  const key = await rig.keyOf('engines');
  expect(await rig.stores.holds.heldBy(TARGET, key)).toBeNull();
  const [line] = await rig.stores.provisioningLog.ofPerson(key, 1);
  expect(line).toMatchObject({ action: 'update', actor: 'ann', note: 'seen' });
});

test('what an operator has said no to stays so, whoever has seen it in a plan', async () => {
  directory = await startDirectory({ ldif: everybody() + group('engines', uids.map(personDn)) });
  await rig.step('sweep', directory);
  await directory.modify(groupDn('engines'), { remove: { member: uids.slice(0, 6).map(personDn) } });
  await rig.step('poll', directory);
  const run = await rig.stores.holds.heldBy(TARGET, await rig.keyOf('engines'));
  await rejectRun(run ?? '', { actor: 'bob', reason: 'a slip' }, rig.reading);
  expect(await review('engines', () => true)).toMatchObject({ kind: 'held' });
  expect((await rig.atTarget())['engines']).toEqual(uids);
});

test('something else than was seen is not written, and whoever waited then is left for later', async () => {
  directory = await startDirectory({ ldif: everybody('new') + group('engines', [personDn('p0')]) });
  await rig.step('sweep', directory);
  await directory.modify(groupDn('engines'), { add: { member: [personDn('p1'), personDn('new')] } });
  await readSource(sourceFor(directory, { overlapMs: 0 }), 'poll', rig.reading, never);
  const one = await rig.userId('p1');
  const adds = (decided: GroupPlan) => ('add' in decided ? decided.add : []);
  await rig.sandbox.clearJournal();
  expect(await review('engines', () => false)).toMatchObject({ kind: 'moved' });
  expect(await rig.writes()).toEqual([]);
  const seen = (decided: GroupPlan) => adds(decided).join() === one;
  expect(await review('engines', seen, [await keyOf('new')])).toMatchObject({ kind: 'done' });
  expect(await rig.atTarget()).toEqual({ engines: ['p0', 'p1'] });
  // It is not taken to be right, so the next look adds them.
  const key = await rig.keyOf('engines');
  await rig.stores.dueGroups.mark(TARGET, key, { lane: 'update' }, rig.now());
  await rig.work();
  expect(await rig.atTarget()).toEqual({ engines: ['new', 'p0', 'p1'] });
});

/** A group that the target refuses, or of which it does not take everybody: for an operator, like a person. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { group, person } from '../../sources/ldap/invented.ts';
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

const people = (...uids: string[]) => uids.map((uid) => person(uid)).join('');
const letterOf = async (name: string) => await rig.stores.deadLetters.get(TARGET, await rig.keyOf(name));

test('one whom the target does not know any more keeps nobody else out, and is named in a dead letter', async () => {
  directory = await startDirectory({
    ldif: people('ada', 'bea', 'cleo', 'dora') + group('engines', [personDn('ada')]),
  });
  await rig.step('sweep', directory);
  const bea = await rig.userId('bea');
  await rig.target.remove(bea, {
    signal: new AbortController().signal,
    lane: 'manual',
    beforeRequest: async () => {},
  });
  await directory.modify(groupDn('engines'), {
    add: { member: [personDn('bea'), personDn('cleo'), personDn('dora')] },
  });
  await directory.rename(groupDn('engines'), groupDn('machines'));
  await rig.step('poll', directory);
  expect(await rig.atTarget()).toEqual({ machines: ['ada', 'cleo', 'dora'] });
  const key = await rig.keyOf('machines');
  const letter = await letterOf('machines');
  expect(letter).toMatchObject({ target: TARGET, key, status: 400, action: 'update' });
  const entry = (await rig.stores.groups.list('corp', null, 1)).groups[0];
  expect(entry?.name).toBe('machines');
  expect(letter?.words).toBe(
    `not taken as a member, all others are: ${await rig.stores.links.ownerOf(TARGET, bea)}: members: there is no user or group with this id`,
  );
  expect(rig.alerts).toEqual([{ kind: 'group-refused', target: TARGET, group: key, reason: letter?.words }]);
  expect(await rig.stores.deadLetters.count(TARGET)).toBe(1);

  // The account is made anew, and the group is whole again.
  await rig.stores.due.mark(TARGET, rig.key(await idOf('bea')), { lane: 'manual', fresh: true }, rig.now());
  await rig.work();
  await rig.stores.dueGroups.mark(TARGET, key, { lane: 'manual', fresh: true }, rig.now());
  await rig.work();
  expect(await rig.atTarget()).toEqual({ machines: ['ada', 'bea', 'cleo', 'dora'] });
  expect(await letterOf('machines')).toBeNull();
});

test('a new group is made without the one who is not taken', async () => {
  directory = await startDirectory({ ldif: people('ada', 'bea', 'cleo') });
  await rig.step('sweep', directory);
  const bea = await rig.userId('bea');
  await rig.target.remove(bea, {
    signal: new AbortController().signal,
    lane: 'manual',
    beforeRequest: async () => {},
  });
  await directory.add(groupDn('engines'), {
    objectClass: 'groupOfNames',
    cn: 'engines',
    member: ['ada', 'bea', 'cleo'].map(personDn),
  });
  await rig.step('poll', directory);
  expect(await rig.atTarget()).toEqual({ engines: ['ada', 'cleo'] });
  expect((await letterOf('engines'))?.words).toContain('there is no user or group with this id');
});

test('one that is refused altogether has a dead letter with the words, and none once it goes through', async () => {
  directory = await startDirectory({ ldif: people('ada') + group('engines', [personDn('ada')]) });
  await rig.sandbox.fault({ kind: 'status', status: 403, method: 'POST', path: '/Groups', count: 2 });
  await rig.step('sweep', directory);
  expect(await letterOf('engines')).toMatchObject({ status: 403, action: null });
  expect((await rig.stores.dueGroups.lastServed(TARGET, await rig.keyOf('engines')))?.state).toBe('refused');
  await rig.stores.dueGroups.mark(TARGET, await rig.keyOf('engines'), { lane: 'manual' }, rig.now());
  await rig.work();
  expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
  expect(await letterOf('engines')).toBeNull();
});

async function idOf(uid: string): Promise<string> {
  const [key = ''] = await rig.stores.identities.findByHandle(`${uid}@example.test`);
  return key.slice('corp:'.length);
}

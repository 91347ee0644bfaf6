/** What RFC 4533 tells of each event, from a real slapd with a session log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { type Follower, follow } from '../follower.ts';
import { FORMER, GROUPS, group, PEOPLE, person, personAttributes, sourceFor, tell } from '../invented.ts';

const dnOf = (uid: string, base = PEOPLE) => `uid=${uid},${base}`;
const known = (uid: string, sn = uid, base = PEOPLE) => `${uid} ${sn} at ${dnOf(uid, base)}`;

describe('changes, by content sync', () => {
  let directory: Directory;
  let follower: Follower;
  beforeAll(async () => {
    directory = await startDirectory({
      ldif: ['ada', 'bea', 'cleo'].map((uid) => person(uid)).join('') + group('admins', [dnOf('ada')]),
    });
    follower = follow(sourceFor(directory));
    await follower.poll();
  });
  afterAll(() => directory.stop());

  test('is what OpenLDAP is followed by, and the first read names everybody', async () => {
    const first = await tell(sourceFor(directory));
    expect(first.uids).toEqual(['ada', 'bea', 'cleo']);
    expect(first.groups).toEqual({ admins: [dnOf('ada')] });
    expect(first.end).toMatchObject({
      complete: true,
      names: 'everyone',
      tracking: 'content-sync',
      problems: [],
      notices: [],
    });
  });

  test('nothing new: nobody is named, and the watermark stays', async () => {
    const before = follower.watermark;
    expect(await follower.poll()).toMatchObject({ told: [], end: { names: 'changes', complete: true } });
    expect(follower.watermark).toBe(before);
  });

  test('a change, a new person and a deletion are told, and nobody else', async () => {
    await directory.modify(dnOf('ada'), { replace: { sn: 'Byron' } });
    await directory.add(dnOf('dora'), personAttributes('dora'));
    await directory.remove(dnOf('bea'));
    const { told, end } = await follower.poll();
    expect(told.filter((line) => !line.endsWith('unknown')).sort()).toEqual([
      'absent group ada',
      'absent group bea',
      'absent person bea',
      'person ada',
      'person dora',
    ]);
    expect(end).toMatchObject({ names: 'changes', complete: true });
    expect(follower.people()).toEqual([known('ada', 'Byron'), known('cleo'), known('dora')]);
    expect(follower.groups()).toEqual([`admins: ${dnOf('ada')}`]);
  });

  test('O-03: two changes in one second, with a poll between them, are both told', async () => {
    for (const sn of ['One', 'Two', 'Three']) {
      await directory.modify(dnOf('ada'), { replace: { sn } });
      expect((await follower.poll()).told).toContain('person ada');
      expect(follower.people()).toContain(known('ada', sn));
    }
  });

  test('O-04: a new name and a move within scope keep the stable id', async () => {
    await directory.add(`ou=engines,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'engines' });
    await directory.rename(dnOf('cleo'), dnOf('cleo.p', `ou=engines,${PEOPLE}`));
    expect((await follower.poll()).told).toContain('person cleo.p');
    expect(follower.people()).toEqual([
      known('ada', 'Three'),
      known('cleo.p', 'cleo', `ou=engines,${PEOPLE}`),
      known('dora'),
    ]);
  });

  test('O-06: a move out of scope is an absence, and the way back a person', async () => {
    await directory.rename(dnOf('dora'), dnOf('dora', FORMER));
    expect((await follower.poll()).told).toContain('absent person dora');
    expect(follower.people()).toHaveLength(2);
    await directory.rename(dnOf('dora', FORMER), dnOf('dora'));
    expect((await follower.poll()).told).toContain('person dora');
    expect(follower.people()).toContain(known('dora'));
  });

  test('somebody who does not fit the filter any more is an absence', async () => {
    const filtered = follow(sourceFor(directory, { people: { base: PEOPLE, filter: '(!(title=left))' } }));
    await filtered.poll();
    const before = filtered.people().length;
    await directory.modify(dnOf('dora'), { replace: { title: 'left' } });
    await filtered.poll();
    expect(filtered.people()).toHaveLength(before - 1);
    await directory.modify(dnOf('dora'), { replace: { title: [] } });
    await filtered.poll();
    expect(filtered.people()).toHaveLength(before);
    await follower.poll();
  });

  test('a new member, a new group and a group that is gone are told as groups', async () => {
    await directory.modify(`cn=admins,${GROUPS}`, { add: { member: dnOf('dora') } });
    expect((await follower.poll()).told).toContain('group admins');
    expect(follower.groups()).toEqual([`admins: ${dnOf('ada')} ${dnOf('dora')}`]);
    const engines = { objectClass: 'groupOfNames', cn: 'engines', member: `cn=admins,${GROUPS}` };
    await directory.add(`cn=engines,${GROUPS}`, engines);
    await directory.remove(`cn=admins,${GROUPS}`);
    await follower.poll();
    expect(follower.groups()).toEqual([`engines: cn=admins,${GROUPS}`]);
  });

  test('a person who came and went between two polls is nobody', async () => {
    const before = follower.people();
    await directory.add(dnOf('eva'), personAttributes('eva'));
    await directory.remove(dnOf('eva'));
    await follower.poll();
    expect(follower.people()).toEqual(before);
  });

  test('a sweep names everybody, and the next poll goes on from it', async () => {
    const { end } = await follower.sweep();
    expect(end).toMatchObject({ names: 'everyone', complete: true, tracking: 'content-sync' });
    expect(await follower.poll()).toMatchObject({ told: [], end: { names: 'changes' } });
  });

  test('people who stand below a renamed branch are found by the sweep: no stamp of theirs has moved', async () => {
    await directory.rename(`ou=engines,${PEOPLE}`, `ou=motors,${PEOPLE}`);
    await follower.poll();
    expect(follower.people()).toContain(known('cleo.p', 'cleo', `ou=engines,${PEOPLE}`));
    await follower.sweep();
    expect(follower.people()).toContain(known('cleo.p', 'cleo', `ou=motors,${PEOPLE}`));
  });

  test('where people are believed about their groups, only people are asked for', async () => {
    const alone = follow(sourceFor(directory, { groups: { memberAttribute: 'memberOf' } }));
    await alone.poll();
    await directory.modify(dnOf('ada'), { replace: { sn: 'Last' } });
    expect((await alone.poll()).told).toEqual(['person ada']);
  });
});

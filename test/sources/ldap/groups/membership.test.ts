import { afterEach, describe, expect, test } from 'vitest';
import { parseFilter } from '../../../../app/sources/ldap/filters/filter-text.ts';
import { membersOf } from '../../../../app/sources/ldap/groups/members.ts';
import { memberNamesIn, memberOfIn } from '../../../../app/sources/ldap/groups/membership.ts';
import type { LdapRecord } from '../../../../app/sources/ldap/record.ts';
import type { DecodedAttribute } from '../../../../app/sources/ldap/values/attributes.ts';
import { ldifEntry } from '../../../../sandbox/directory/ldif.ts';
import {
  type Directory,
  type DirectoryOptions,
  startDirectory,
} from '../../../../sandbox/directory/slapd.ts';
import { GROUPS, group, never, PEOPLE, person, sourceFor, tell } from '../invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;
const attributes = (given: Record<string, readonly string[]>): DecodedAttribute[] =>
  Object.entries(given).map(([name, values]) => ({ name, type: name, values }));

describe('the names of a person', () => {
  test('with groups that hold login names: those, without case', () => {
    const given = attributes({ uid: [' Ada ', 'ADA', 'a.l'], objectsid: ['S-1-5-21-1-2-3-1104'] });
    expect(memberNamesIn(given, { by: 'uid', primary: false })).toEqual(['uid:a.l', 'uid:ada']);
    expect(memberNamesIn(given, { by: 'dn', primary: false })).toEqual([]);
  });

  test.each([
    ['S-1-5-21-1-2-3-1104', '513', ['primary:S-1-5-21-1-2-3-513']],
    ['S-1-5-21-1-2-3-1104', 'x', []],
    ['S-1-5-32-544', '513', []],
  ])('with the primary group: %s and %s', (objectsid, primarygroupid, names) => {
    const given = attributes({ objectsid: [objectsid], primarygroupid: [primarygroupid] });
    expect(memberNamesIn(given, { by: 'dn', primary: true })).toEqual(names);
  });

  test('memberOf names groups by the first part of their DN', () => {
    const dns = ['CN=Board\\, all,OU=g,DC=x', 'cn=a,dc=x', 'no dn'];
    expect(memberOfIn(attributes({ memberof: dns }))).toEqual([
      { dn: 'CN=Board\\, all,OU=g,DC=x', name: 'Board, all' },
      { dn: 'cn=a,dc=x', name: 'a' },
      { dn: 'no dn', name: 'no dn' },
    ]);
  });
});

describe('the members of a group', () => {
  const parsed = parseFilter('(objectClass=*)');
  if (!parsed.ok) throw new Error(parsed.problem);
  const settings = { base: GROUPS, filter: parsed.filter, nameAttribute: 'cn', nested: true };
  const record = (sid?: string) =>
    ({ attributes: attributes(sid === undefined ? {} : { objectsid: [sid] }) }) as unknown as LdapRecord;

  test.each([
    ['member', ['UID=Ada, ou=P', 'uid=ada,ou=p', ''], ['uid=ada,ou=p']],
    ['uniqueMember', ["uid=ada,ou=p#'0101'B", 'uid=bea,ou=p'], ['uid=ada,ou=p', 'uid=bea,ou=p']],
    ['memberUid', ['Ada', 'ada ', ' '], ['uid:ada']],
  ])('%s: each once, by the one name', (memberAttribute, values, names) => {
    const groups = { ...settings, memberAttribute };
    const by = memberAttribute === 'memberUid' ? 'uid' : 'dn';
    expect(membersOf(record(), values, { groups, membership: { by, primary: false } })).toEqual(names);
  });

  test.each([
    ['S-1-5-21-1-2-3-513', ['primary:S-1-5-21-1-2-3-513']],
    ['S-1-5-32-545', []],
  ])('%s: with whoever has it as the primary group', (sid, names) => {
    const groups = { ...settings, memberAttribute: 'member' };
    const membership = { by: 'dn', primary: true } as const;
    expect(membersOf(record(sid), [], { groups, membership })).toEqual(names);
  });
});

describe('read from OpenLDAP', () => {
  let directory: Directory;
  const start = async (options: DirectoryOptions) => {
    directory = await startDirectory(options);
  };
  afterEach(() => directory.stop());

  test('posix groups: login names, whether anybody carries them or not', async () => {
    const posix = ldifEntry(`cn=staff,${GROUPS}`, {
      objectClass: 'posixGroup',
      cn: 'staff',
      gidNumber: '100',
      memberUid: ['ada', 'Bea', 'nobody'],
    });
    await start({ ldif: person('ada') + person('bea') + posix });
    const groups = { base: GROUPS, filter: '(objectClass=posixGroup)', memberAttribute: 'memberUid' };
    // The login name is read for the groups' sake, and is no attribute for mappings.
    const source = sourceFor(directory, { groups, reads: ['mail'] });
    const told = await tell(source);
    expect(told.groups).toEqual({ staff: ['uid:ada', 'uid:bea', 'uid:nobody'] });
    expect(told.people.map(({ memberNames }) => memberNames)).toEqual([['uid:ada'], ['uid:bea']]);
    expect(told.people[0]?.attributes).toEqual({ mail: ['ada@example.test'] });
    const naming: string[] = [];
    for await (const { name } of source.groupsNaming([{ memberNames: ['uid:ada'] }], never))
      naming.push(name);
    expect(naming).toEqual(['staff']);
  });

  test('groups that are not to be nested have no name by which others could hold them', async () => {
    await start({ ldif: person('ada') + group('inner', [dnOf('ada')]) });
    const groupsOf = async (nested: boolean) => {
      const keys: (string | undefined)[] = [];
      const source = sourceFor(directory, { groups: { base: GROUPS, nested } });
      for await (const item of source.read({ since: null, everyone: true }, never))
        if (item.kind === 'group') keys.push(item.group.dnKey);
      return keys;
    };
    expect(await groupsOf(true)).toEqual([`cn=inner,${GROUPS}`]);
    expect(await groupsOf(false)).toEqual([undefined]);
  });

  test('memberOf: people say it themselves and no groups are read', async () => {
    await start({ ldif: person('ada') + person('bea'), overlays: ['memberof'] });
    await directory.add(`cn=board,${GROUPS}`, {
      objectClass: 'groupOfNames',
      cn: 'board',
      member: dnOf('ada'),
    });
    const told = await tell(sourceFor(directory, { groups: { memberAttribute: 'memberOf' } }));
    expect(told.groups).toEqual({});
    expect(told.people.map(({ memberOf }) => memberOf)).toEqual([
      [{ dn: `cn=board,${GROUPS}`, name: 'board' }],
      [],
    ]);
    expect(told.end.complete).toBe(true);
  });

  test('a new name that refint writes into a group without a stamp is found by whom the group names', async () => {
    await start({ ldif: person('ada') + group('board', [dnOf('ada')]), overlays: ['refint'] });
    const source = sourceFor(directory, { overlapMs: 0 });
    const before = (await tell(source)).end.watermark;
    const stamp = (await directory.read(`cn=board,${GROUPS}`))['entryCSN'];
    const newDn = `uid=ada.l,${PEOPLE}`;
    await directory.rename(dnOf('ada'), newDn);
    await expect
      .poll(async () => (await directory.read(`cn=board,${GROUPS}`))['member'], { timeout: 10_000 })
      .toEqual([newDn]);
    expect((await directory.read(`cn=board,${GROUPS}`))['entryCSN']).toEqual(stamp);
    const after = await tell(source, before);
    expect(after.groups).toEqual({});
    const found: (readonly string[])[] = [];
    for await (const { members } of source.groupsNaming(after.people, never)) found.push(members);
    expect(found).toEqual([[newDn]]);
  });
});

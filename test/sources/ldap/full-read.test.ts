import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normaliseDn } from '../../../app/sources/ldap/index.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import {
  FORMER,
  GROUPS,
  group,
  optionsFor,
  PEOPLE,
  person,
  personAttributes,
  sourceFor,
  tell,
  uuid,
} from './invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

describe('a full read', () => {
  let directory: Directory;
  beforeAll(async () => {
    directory = await startDirectory({
      ldif: [
        person('ada', { entryUUID: uuid(1).toUpperCase(), jpegPhoto: 'not a photo', description: 'é' }),
        person('bea', { entryUUID: uuid(2) }),
        ldifEntry(`cn=Lovelace\\, Ada,${PEOPLE}`, {
          objectClass: 'inetOrgPerson',
          cn: 'Lovelace, Ada',
          sn: 'Lovelace',
          uid: 'comma',
        }),
        ldifEntry(`uid=old,${FORMER}`, personAttributes('old')),
        person('rene', { cn: 'René', entryUUID: uuid(3) }),
        group('admins', [dnOf('ada'), `UID=BEA, OU=People,DC=example,DC=test`], { entryUUID: uuid(90) }),
        group('odd', [`CN=Lovelace\\2C Ada,ou=people, dc=example,dc=test`, `cn=lovelace\\, ada,${PEOPLE}`]),
        ldifEntry(`cn=unique,${GROUPS}`, {
          objectClass: 'groupOfUniqueNames',
          cn: 'unique',
          uniqueMember: [`${dnOf('ada')}#'0101'B`, dnOf('bea')],
        }),
        ldifEntry(`cn=posix,${GROUPS}`, {
          objectClass: 'posixGroup',
          cn: 'posix',
          gidNumber: '500',
          memberUid: ['ada', 'comma', 'nobody'],
        }),
      ].join(''),
    });
  });
  afterAll(() => directory.stop());

  test('tells everyone in scope with what mappings read, and every group with its members', async () => {
    const told = await tell(
      sourceFor(directory, { reads: ['UID', 'jpegPhoto', 'description', 'nosuchattr'] }),
    );
    expect(told.uids).toEqual(['ada', 'bea', 'comma', 'rene']);
    const ada = told.people.find(({ stableId }) => stableId === uuid(1));
    expect(ada).toMatchObject({ dn: dnOf('ada'), dnKey: dnOf('ada') });
    expect({ ...ada?.attributes }).toEqual({
      uid: ['ada'],
      jpegphoto: ['bm90IGEgcGhvdG8='],
      description: ['é'],
    });
    expect(ada?.revision).toBe((await directory.read(dnOf('ada')))['entryCSN']?.[0]);
    expect(told.groups['admins']).toEqual([dnOf('ada'), dnOf('bea')]);
    expect(told.end).toMatchObject({ complete: true, problems: [] });
  });

  test('the watermark is the newest entryCSN that the server gave', async () => {
    const told = await tell(sourceFor(directory, { tracking: 'time-stamps' }));
    const newest =
      told.people
        .map(({ revision }) => revision)
        .sort()
        .at(-1) ?? '';
    expect(JSON.parse(told.end.watermark).mark.by).toBe('entryCSN');
    expect(JSON.parse(told.end.watermark).mark.seen >= newest.slice(0, 22)).toBe(true);
  });

  test('O-02: members in any spelling are the DN of the person', async () => {
    const told = await tell(sourceFor(directory));
    const ada = told.people.find(({ attributes }) => attributes['uid']?.[0] === 'comma');
    expect(ada?.dnKey).toBe(`cn=lovelace\\, ada,${PEOPLE}`);
    expect(told.groups['odd']).toEqual([ada?.dnKey]);
    expect(normaliseDn(ada?.dn ?? '')).toBe(ada?.dnKey);
  });

  test('an escaped letter in the filter of the operator finds the person', async () => {
    const told = await tell(sourceFor(directory, { people: { base: PEOPLE, filter: '(cn=Ren\\c3\\a9)' } }));
    expect(told.uids).toEqual(['rene']);
  });

  test.each([
    ['uniqueMember', 'groupOfUniqueNames', 'unique', [dnOf('ada'), dnOf('bea')]],
    ['memberUid', 'posixGroup', 'posix', ['uid:ada', 'uid:comma', 'uid:nobody']],
  ])('groups may name members by %s', async (memberAttribute, objectClass, name, members) => {
    const groups = {
      base: GROUPS,
      filter: `(objectClass=${objectClass})`,
      memberAttribute,
      nameAttribute: 'cn',
    };
    const told = await tell(sourceFor(directory, { groups, pageSize: 1 }));
    expect(told.groups).toEqual({ [name]: members });
    expect(told.end.complete).toBe(true);
  });

  test('a source without groups reads people only, one level where that is asked for', async () => {
    const { groups: _, ...options } = optionsFor(directory);
    const people = {
      base: 'dc=example,dc=test',
      filter: '(objectClass=inetOrgPerson)',
      scope: 'one' as const,
    };
    const told = await tell(sourceFor(directory, { ...options, people }));
    expect(told).toMatchObject({ uids: [], groups: { admins: expect.any(Array) } });
    expect(told.end.complete).toBe(true);
  });
});

test('5,000 people come in pages, the first ones before the last are asked for', async () => {
  const everyone = Array.from({ length: 5_000 }, (_, index) => person(`u${index}`)).join('');
  const directory = await startDirectory({ ldif: everyone });
  try {
    const told = await tell(sourceFor(directory));
    expect(new Set(told.people.map(({ stableId }) => stableId)).size).toBe(5_000);
    expect(told.end).toMatchObject({ complete: true, problems: [] });

    const seen: string[] = [];
    for await (const item of sourceFor(directory, { pageSize: 10 }).read(
      { since: null, everyone: true },
      new AbortController().signal,
    )) {
      if (item.kind === 'person') seen.push(item.entry.stableId);
      if (seen.length === 10) break;
    }
    expect(seen).toHaveLength(10);
  } finally {
    await directory.stop();
  }
});

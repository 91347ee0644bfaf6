/** What a check says of OpenLDAP: whole, with rights missing, without its overlay, with limits. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupRef } from '../../../../app/person/entry.ts';
import { checkDirectory, type LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { checkOf, findingOf, linesOf, troublesOf } from '../../checking/checks.ts';
import { caOf, FORMER, GROUPS, group, optionsFor, PEOPLE, person } from '../invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

const LDIF = [
  ...['ada', 'bea', 'cy'].map((uid) => person(uid)),
  group('team', [dnOf('ada'), dnOf('bea')]),
  group('all', [`cn=team,${GROUPS}`, dnOf('ghost')]),
].join('');

describe('a directory in which all is well', () => {
  let directory: Directory;
  beforeAll(async () => {
    directory = await startDirectory({ ldif: LDIF });
    await directory.add(`uid=dora,${FORMER}`, {
      objectClass: 'inetOrgPerson',
      uid: 'dora',
      cn: 'dora',
      sn: 'dora',
    });
  });
  afterAll(() => directory.stop());
  const options = (change: Partial<LdapSourceOptions> = {}) => optionsFor(directory, change);

  test('says what it is, how it is read and what stands in it', async () => {
    const report = await checkDirectory(options(), checkOf());
    expect(linesOf(report)).toEqual([
      `good server ${directory.ldapUrl}: logged in, without TLS`,
      'good kind: OpenLDAP',
      'good we are: dn:cn=reader,dc=example,dc=test',
      'good changes are followed by: content-sync',
      'good read of everybody: complete',
      'good read of changes: 0 entries told of',
      'good read page by page: 3 people',
      'good page: of 500 entries may be asked for',
      'good without pages: no limit is met',
      'good push: content-sync',
      'good people: 3 people',
      'good stamps: on 3 of 3',
      'good attribute uid: on 3 of 3',
      'good attribute mail: on 3 of 3',
      'good attribute sn: on 3 of 3',
      'good groups: 2, with up to 2 members',
      'told groups in groups: 2 levels',
      'told members who are not read: 1',
    ]);
    expect(report.brokenOff).toBeNull();
  });

  test('over TLS it says until when the certificate is valid, and complains before it ends', async () => {
    const secure = options({ urls: [directory.ldapsUrl], tls: 'ldaps', ca: caOf(directory) });
    const soon = new Date(Date.now() + 20 * 86_400_000);
    const what = `certificate of ${directory.ldapsUrl}`;
    const today = await checkDirectory(secure, checkOf());
    expect(findingOf(today, what)).toMatchObject({
      verdict: 'good',
      shows: expect.stringMatching(/^valid until 20\d\d-/),
    });
    const later = await checkDirectory(secure, checkOf({ now: () => soon }));
    expect(findingOf(later, what)).toMatchObject({
      verdict: 'lacking',
      advice: 'renew it before that: nothing is read after it',
    });
  });

  test('each person is told once with all groups, nested ones among them', async () => {
    const seen: Record<string, readonly GroupRef[]> = {};
    const onPerson = (
      { attributes }: { attributes: Readonly<Record<string, readonly string[]>> },
      groups: readonly GroupRef[],
    ) => {
      seen[attributes['uid']?.[0] ?? '?'] = groups;
    };
    await checkDirectory(options(), checkOf({ onPerson }));
    expect(Object.keys(seen).sort()).toEqual(['ada', 'bea', 'cy']);
    expect(seen['ada']).toEqual([
      { dn: `cn=all,${GROUPS}`, name: 'all', nested: true },
      { dn: `cn=team,${GROUPS}`, name: 'team' },
    ]);
    expect(seen['cy']).toEqual([]);
  });

  test('O-27: a sample shows of what kind and how long values are, and no value', async () => {
    const { sample } = await checkDirectory(options(), checkOf({ person: 'ada' }));
    expect(sample).toEqual({
      groups: 2,
      attributes: [
        { name: 'mail', syntax: 'text', values: ['mail address of 16 characters'] },
        { name: 'sn', syntax: 'text', values: ['text of 3 characters'] },
        { name: 'uid', syntax: 'text', values: ['text of 3 characters'] },
      ],
    });
    const everything = JSON.stringify(await checkDirectory(options(), checkOf({ person: 'ada' })));
    expect(everything).not.toContain('ada@example.test');
  });

  test.each(['ada', 'ada@example.test', `UID=Ada, ${PEOPLE}`])(
    '%s finds the person, with values where they are wanted',
    async (asked) => {
      const { sample } = await checkDirectory(options(), checkOf({ person: asked, showValues: true }));
      expect(sample?.attributes.map(({ values }) => values)).toEqual([
        ['ada@example.test'],
        ['ada'],
        ['ada'],
      ]);
    },
  );

  test('the stable id finds the person', async () => {
    const [id = ''] = (await directory.read(dnOf('bea')))['entryUUID'] ?? [];
    const { sample } = await checkDirectory(
      options(),
      checkOf({ person: id.toUpperCase(), showValues: true }),
    );
    expect(sample?.attributes.at(-1)).toEqual({ name: 'uid', syntax: 'text', values: ['bea'] });
  });

  test('somebody who is there and not read: the reason is told', async () => {
    const elsewhere = await checkDirectory(options(), checkOf({ person: 'dora' }));
    expect(findingOf(elsewhere, 'person')).toMatchObject({
      verdict: 'lacking',
      shows: 'is there and is not read',
      advice: `they do not stand below people.base (${PEOPLE})`,
    });
    const people = { base: PEOPLE, filter: '(&(objectClass=inetOrgPerson)(!(uid=cy)))' };
    const filtered = await checkDirectory(options({ people }), checkOf({ person: 'cy' }));
    expect(findingOf(filtered, 'person')?.advice).toBe('people.filter or people.scope leaves them out');
    const nobody = await checkDirectory(options(), checkOf({ person: `uid=ghost,${PEOPLE}` }));
    expect(findingOf(nobody, 'person')).toMatchObject({ verdict: 'lacking', shows: 'not found' });
    expect(nobody.sample).toBeNull();
  });

  test('an attribute that nobody can have is told from one that nobody has', async () => {
    const reads = ['uid', 'mail', 'titel', 'title', 'employeeNumber'];
    const report = await checkDirectory(options({ reads }), checkOf({ mapped: ['titel', 'title'] }));
    expect(troublesOf(report)).toEqual([
      'lacking attribute titel: is not in the schema of the server',
      'lacking attribute title: on nobody',
    ]);
    expect(findingOf(report, 'attribute titel')?.advice).toBe(
      'nobody will ever have it: correct the mapping; did you mean title?',
    );
    expect(findingOf(report, 'attribute employeeNumber')?.verdict).toBe('told');
  });

  test('a filter that fits nobody is wrong', async () => {
    const report = await checkDirectory(
      options({ people: { base: PEOPLE, filter: '(uid=nobody)' } }),
      checkOf(),
    );
    expect(troublesOf(report)).toContain('wrong people: 0 people');
  });

  test('one server of several that is down is lacking, and the rest is asked all the same', async () => {
    const report = await checkDirectory(
      options({ urls: ['ldap://127.0.0.1:1', directory.ldapUrl] }),
      checkOf(),
    );
    expect(troublesOf(report)).toEqual([
      'lacking server ldap://127.0.0.1:1: ldap://127.0.0.1:1: connection refused; the server is down or the port is wrong',
    ]);
    expect(findingOf(report, 'people')?.shows).toBe('3 people');
  });

  test('a wrong password is tried once, and at no other server', async () => {
    const urls = [directory.ldapUrl, directory.ldapUrl];
    const report = await checkDirectory(options({ urls, password: () => 'canary-wrong' }), checkOf());
    expect(report.findings).toHaveLength(1);
    expect(troublesOf(report)[0]).toContain('the password for cn=reader,dc=example,dc=test is wrong');
    expect(report).toMatchObject({ sample: null, brokenOff: 'no server lets us in' });
    expect(JSON.stringify(report)).not.toContain('canary');
  });
});

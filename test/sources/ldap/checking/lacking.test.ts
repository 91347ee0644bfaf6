/** What a check says of an OpenLDAP that shows too little: without its overlay, with rights missing, with limits. */
import { expect, onTestFinished, test } from 'vitest';
import { checkDirectory } from '../../../../app/sources/ldap/index.ts';
import {
  type Directory,
  type DirectoryOptions,
  startDirectory,
} from '../../../../sandbox/directory/slapd.ts';
import { openAuthority } from '../../../support/certificates.ts';
import { checkOf, findingOf, troublesOf } from '../../checking/checks.ts';
import { caOf, GROUPS, group, optionsFor, PEOPLE, person } from '../invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

async function started(options: DirectoryOptions): Promise<Directory> {
  const directory = await startDirectory(options);
  onTestFinished(() => directory.stop());
  return directory;
}

const LDIF = [
  ...['ada', 'bea', 'cy'].map((uid) => person(uid)),
  group('team', [dnOf('ada'), dnOf('bea')]),
  group('all', [`cn=team,${GROUPS}`, dnOf('ghost')]),
].join('');

test('no syncprov overlay: stamps are followed, nothing can be heard, and both are told with the mend', async () => {
  const directory = await started({ ldif: LDIF, syncprov: 'off' });
  const report = await checkDirectory(optionsFor(directory), checkOf({ pushes: true }));
  expect(troublesOf(report)).toEqual([
    'lacking not by content-sync: the server does not offer it for this base; in OpenLDAP, the database lacks the syncprov overlay',
    'lacking push: the directory does not tell of changes',
  ]);
  expect(findingOf(report, 'changes are followed by')?.shows).toMatch(/^time-stamps/);
  expect(findingOf(report, 'push')?.advice).toContain('poll.push is set and does nothing');
});

test('O-05: hidden ids make every read incomplete: wrong', async () => {
  const directory = await started({ ldif: LDIF, access: ['access to attrs=entryUUID by * none'] });
  const report = await checkDirectory(optionsFor(directory), checkOf());
  expect(troublesOf(report)).toContain(
    'wrong read of everybody: 5 entries show no usable entryUUID; let cn=reader,dc=example,dc=test read that attribute',
  );
  expect(troublesOf(report)).toContain('wrong records without use: 5');
  expect(report.sample).toBeNull();
});

test('hidden attributes look like nobody has them, and are told where a mapping reads them', async () => {
  const access = ['access to attrs=mail,member,entryCSN,modifyTimestamp by * none'];
  const directory = await started({ ldif: LDIF, access });
  const report = await checkDirectory(optionsFor(directory), checkOf());
  expect(troublesOf(report)).toEqual([
    'lacking stamps: on 0 of 3',
    'lacking attribute mail: on nobody',
    'lacking groups: 2, none with a member',
  ]);
  expect(findingOf(report, 'stamps')?.advice).toBe(
    'let cn=reader,dc=example,dc=test read entryCSN or modifyTimestamp',
  );
});

test('O-05: limits of the account: what is left out is wrong, and by which limit', async () => {
  const many = Array.from({ length: 1_200 }, (_, index) => person(`u${index}`)).join('');
  const directory = await started({ ldif: many });
  const limited = { ldapUrl: directory.ldapUrl, reader: directory.limited };
  const report = await checkDirectory(optionsFor(limited, { groups: { base: GROUPS } }), checkOf());
  const limit = (words: string) =>
    `the server stopped at ${words} below ${PEOPLE}; lift the limits of cn=limited,dc=example,dc=test`;
  expect(troublesOf(report)).toEqual([
    `lacking not by content-sync: ${limit('its size limit')}`,
    `wrong read of everybody: ${limit('its size limit')}`,
    `wrong read page by page: 1000 people: ${limit('its size limit')}`,
    'lacking groups: none',
  ]);
  expect(findingOf(report, 'without pages')?.shows).toBe(`100 of 1000: ${limit('its size limit')}`);
  expect(findingOf(report, 'read of changes')).toBeUndefined();
});

test('login names of several people are counted where groups name members by them', async () => {
  const named = (uid: string, name: string) => person(uid, { uid: [uid, name] });
  const directory = await started({ ldif: named('ada', 'shared') + named('bea', 'Shared') });
  await directory.add(`cn=staff,${GROUPS}`, {
    objectClass: 'posixGroup',
    cn: 'staff',
    gidNumber: '100',
    memberUid: ['ada', 'shared'],
  });
  const groups = { base: GROUPS, filter: '(objectClass=posixGroup)', memberAttribute: 'memberUid' };
  const report = await checkDirectory(optionsFor(directory, { groups }), checkOf({ person: 'bea' }));
  expect(troublesOf(report)).toEqual(['lacking login names of several people: 1']);
  expect(report.sample?.groups).toBe(0);
});

test('a client certificate that ends soon is told', async () => {
  const authority = await openAuthority();
  const directory = await started({ ldif: LDIF });
  const certificate = await authority.issue({ commonName: 'reader', use: 'clientAuth' });
  await authority.close();
  const options = optionsFor(directory, {
    urls: [directory.ldapsUrl],
    tls: 'ldaps',
    ca: caOf(directory),
    clientCertificate: () => certificate,
  });
  const what = 'our client certificate';
  expect(findingOf(await checkDirectory(options, checkOf()), what)?.shows).toMatch(/^valid until 20/);
  const late = new Date('2999-01-01T00:00:00Z');
  expect(findingOf(await checkDirectory(options, checkOf({ now: () => late })), what)?.verdict).toBe(
    'lacking',
  );
});

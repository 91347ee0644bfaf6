/** Reads that do not tell everything must say so: nobody may be taken for gone on the strength of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import type { StableId } from '../../../app/person/anchor.ts';
import { findOne } from '../../../app/sources/find-one.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { FORMER, never, PEOPLE, person, personAttributes, sourceFor, tell, uuid } from './invented.ts';

const SCOPE = { filter: '(objectClass=inetOrgPerson)' };

describe('with limits, referrals and wrong bases', () => {
  let directory: Directory;
  beforeAll(async () => {
    directory = await startDirectory({
      ldif: [
        ...Array.from({ length: 1_200 }, (_, index) => person(`u${index}`)),
        ldifEntry(`ou=branch,${FORMER}`, {
          objectClass: ['referral', 'extensibleObject'],
          ou: 'branch',
          ref: 'ldap://ldap2.example.test/ou=branch,dc=example,dc=test',
        }),
      ].join(''),
    });
  });
  afterAll(() => directory.stop());

  test('a size limit ends the read as incomplete, and the watermark stays', async () => {
    const source = sourceFor(directory, {
      bindDn: directory.limited.dn,
      password: () => directory.limited.password,
    });
    const told = await tell(source);
    expect(told.uids.length).toBeLessThan(1_200);
    expect(told.end).toEqual({
      kind: 'end',
      complete: false,
      problems: [
        `the server stopped at its size limit below ${PEOPLE}; lift the limits of cn=limited,dc=example,dc=test`,
      ],
      watermark: '{"v":2,"tracking":"time-stamps","mark":null}',
      names: 'everyone',
      tracking: 'time-stamps',
      notices: [
        `not read by content-sync: the server stopped at its size limit below ${PEOPLE}; lift the limits of cn=limited,dc=example,dc=test`,
      ],
    });
  });

  test('a page size over the limit of the account is no complete read either', async () => {
    const change = {
      bindDn: directory.limited.dn,
      password: () => directory.limited.password,
      pageSize: 900,
      tracking: 'time-stamps' as const,
    };
    const told = await tell(sourceFor(directory, change));
    expect(told).toMatchObject({ uids: [], end: { complete: false } });
  });

  test('a referral inside the base makes the read incomplete', async () => {
    const told = await tell(sourceFor(directory, { people: { base: FORMER, ...SCOPE } }));
    expect(told.end.complete).toBe(false);
    expect(told.end.problems).toEqual([
      `part of ${FORMER} is held by another server (referral); choose a base without it or another server`,
    ]);
  });

  test('a referral where somebody was looked for proves nothing', async () => {
    const source = sourceFor(directory);
    await expect(findOne(source, uuid(404) as StableId, never)).rejects.toThrow(
      'held by another server (referral)',
    );
  });

  test('a base that is a referral is an error', async () => {
    const people = { base: `ou=branch,${FORMER}`, ...SCOPE };
    await expect(tell(sourceFor(directory, { people }))).rejects.toThrow(
      `ou=branch,${FORMER} is held by another server; put that server into urls`,
    );
  });

  test('O-05 (b): a base that does not exist is an error, for people and for groups', async () => {
    const base = 'ou=nowhere,dc=example,dc=test';
    const words = `${base} does not exist, or ${directory.reader.dn} may not see it; check the base and the rights`;
    await expect(tell(sourceFor(directory, { people: { base, ...SCOPE } }))).rejects.toThrow(words);
    const groups = { base, filter: '(cn=*)', memberAttribute: 'member', nameAttribute: 'cn' };
    await expect(tell(sourceFor(directory, { groups }))).rejects.toThrow(words);
    const people = { base, ...SCOPE };
    await expect(findOne(sourceFor(directory, { people }), uuid(1) as StableId, never)).rejects.toThrow(
      words,
    );
  });
});

test('O-05 (c): connection refused on every server is an error that names them all', async () => {
  const directory = await startDirectory();
  const source = sourceFor(directory, { urls: [directory.ldapUrl, `${directory.ldapUrl}/`] });
  await directory.stop();
  const refused = 'connection refused; the server is down or the port is wrong';
  const failure = await tell(source).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SourceUnavailable);
  expect(failure).toMatchObject({
    message: `${directory.ldapUrl}: ${refused}; ${directory.ldapUrl}/: ${refused}`,
    cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
  });
});

test('O-05 (d): people whose entryUUID may not be read are rejected one by one, and the read is incomplete', async () => {
  const directory = await startDirectory({
    access: ['access to attrs=entryUUID by * none'],
    ldif: Array.from({ length: 20 }, (_, index) => person(`u${index}`)).join(''),
  });
  try {
    const told = await tell(sourceFor(directory));
    expect(told.people).toEqual([]);
    expect(told.rejected).toHaveLength(20);
    expect(told.rejected[0]).toMatch(
      /^an entry with stamp \d{14}\.\d{6}Z#\S+ below ou=people,dc=example,dc=test$/,
    );
    expect(told.end).toMatchObject({
      complete: false,
      problems: [`20 entries show no usable entryUUID; let ${directory.reader.dn} read that attribute`],
    });
  } finally {
    await directory.stop();
  }
});

test('people without any stamp make the read incomplete: their changes could not be followed', async () => {
  const directory = await startDirectory({
    access: ['access to attrs=entryCSN,modifyTimestamp by * none'],
    ldif: person('ada'),
  });
  try {
    const told = await tell(sourceFor(directory, { tracking: 'time-stamps' }));
    expect(told.uids).toEqual(['ada']);
    expect(told.end).toMatchObject({
      complete: false,
      problems: [
        `entries show neither entryCSN nor modifyTimestamp; let ${directory.reader.dn} read one of them`,
      ],
    });
  } finally {
    await directory.stop();
  }
});

test('O-05 (a): an account that sees the base but nobody in it tells an empty read as it is', async () => {
  const directory = await startDirectory({
    access: [`access to dn.onelevel="${PEOPLE}" by * none`],
    ldif: person('ada') + ldifEntry(`uid=old,${FORMER}`, personAttributes('old')),
  });
  try {
    const told = await tell(sourceFor(directory, { tracking: 'time-stamps' }));
    // "Everybody left" and "we lost the right to see them" look alike here: the guard decides.
    expect(told).toMatchObject({ uids: [], rejected: [], end: { complete: true } });
    expect(told.end.watermark).toContain('"from":"19700101000000.000000Z"');
  } finally {
    await directory.stop();
  }
});

/** Long answers, page by page, from a server that does what real ones do on bad days. */
import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import { readPages } from '../../../../app/sources/ldap/connection/pages.ts';
import { createReferences } from '../../../../app/sources/ldap/connection/references.ts';
import { equals } from '../../../../app/sources/ldap/filters/filter.ts';
import { cutNext, done, drop, entry, reference, wait } from '../../../support/ldap-peer/answers.ts';
import { inPages, PAGED_RESULTS, type PageHabits, pageWish } from '../../../support/ldap-peer/habits.ts';
import type { SearchReceived } from '../../../support/ldap-peer/requests.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { PEOPLE } from '../invented.ts';
import { connect, peopleOf } from './peer-source.ts';

const SEARCH = {
  base: PEOPLE,
  scope: 'sub',
  filter: equals('objectClass', 'inetOrgPerson'),
  attributes: ['uid'],
} as const;

const PEOPLE_OF_PEER = peopleOf(35);
const EVERYBODY = PEOPLE_OF_PEER.map(({ dn }) => dn);

let peer: LdapPeer;
afterEach(() => peer.stop());

type Told = { readonly dns: readonly string[]; readonly problems: readonly string[] };

function searches(): readonly SearchReceived[] {
  return peer.received.flatMap((request) => (request.kind === 'search' ? [request] : []));
}

/** Ten people a page, of a server with these habits. */
function readAll(habits: PageHabits, onEntries = async () => {}): Promise<Told> {
  return readFrom({ search: (request) => inPages(request, PEOPLE_OF_PEER, habits) }, onEntries);
}

async function readFrom(script: PeerScript, onEntries = async () => {}): Promise<Told> {
  peer = await startLdapPeer(script);
  const connection = await connect(peer);
  const told = { dns: [] as string[], problems: [] as string[] };
  const { judge } = createReferences('refuse', () => false);
  try {
    for await (const { entries, problem } of readPages(connection, SEARCH, 10, judge)) {
      told.dns.push(...entries.map(({ dn }) => dn));
      if (problem !== null) told.problems.push(problem);
      await onEntries();
    }
  } finally {
    await connection.close();
  }
  return told;
}

describe('everybody is read', () => {
  test.each<[string, PageHabits, number]>([
    ['in pages', {}, 4],
    ['where the server gives less than asked for', { most: 3 }, 12],
    ['past empty pages with a cookie', { emptyPages: [0, 2, 3] }, 7],
    ['past an empty page at the end', { emptyPages: [3] }, 5],
    ['at once, by a server that knows no pages', { ignorePaging: true }, 1],
  ])('%s', async (_, habits, pages) => {
    expect(await readAll(habits)).toEqual({ dns: EVERYBODY, problems: [] });
    expect(searches()).toHaveLength(pages);
  });

  test('each page is asked for by the cookie of the one before, while that one is worked on', async () => {
    let ahead = false;
    await readAll({}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ahead ||= searches().length === 2;
    });
    expect(ahead).toBe(true);
    expect(searches().map(pageWish)).toEqual([
      { size: 10, cookie: '' },
      { size: 10, cookie: '1@10' },
      { size: 10, cookie: '2@20' },
      { size: 10, cookie: '3@30' },
    ]);
  });

  test('a server that is slow, but not silent for as long as one answer may take', async () => {
    const { dns } = await readFrom({ search: slowly });
    expect(dns).toEqual(EVERYBODY);
  });
});

async function* slowly(request: SearchReceived) {
  for (const saying of inPages(request, PEOPLE_OF_PEER)) {
    yield wait(5);
    yield saying;
  }
}

describe('the answer is not the whole one, and says so', () => {
  test('at the size limit of the server, in the middle', async () => {
    const told = await readAll({ atPage: { 1: [done({ code: 4 })] } });
    expect(told.dns).toEqual(EVERYBODY.slice(0, 19));
    expect(told.problems).toEqual([
      `the server stopped at its size limit below ${PEOPLE}; lift the limits of cn=reader,dc=example,dc=test`,
    ]);
  });

  test.each([
    [3, 'its time limit'],
    [11, 'an administrative limit'],
  ])('result %i: the server stopped at %s', async (code, limit) => {
    const told = await readAll({ atPage: { 2: [done({ code })] } });
    expect(told.problems).toEqual([
      `the server stopped at ${limit} below ${PEOPLE}; lift the limits of cn=reader,dc=example,dc=test`,
    ]);
  });

  test('where part of it is elsewhere', async () => {
    const search = () => [reference('ldap://ldap2.example.test/ou=branch'), done()];
    expect((await readFrom({ search })).problems).toEqual([
      `part of ${PEOPLE} is held by another server (referral); choose a base without it or another server`,
    ]);
  });

  test('where the server sends empty pages without end', async () => {
    const told = await readAll({ emptyPages: 'all' });
    expect(told.dns).toEqual([]);
    expect(told.problems).toEqual([`the server sends empty pages without end below ${PEOPLE}`]);
    expect(searches()).toHaveLength(1_001);
  });
});

describe('the read breaks', () => {
  test.each<[string, PageHabits, string]>([
    ['by a reset inside a page', { atPage: { 2: [drop] } }, 'the connection was lost'],
    [
      'by an end inside an entry',
      { atPage: { 1: [cutNext(30), entry('uid=x', { uid: 'x' })] } },
      'the connection was lost',
    ],
    [
      'by a cookie that is no longer known (OpenLDAP after a restart, Active Directory at another controller)',
      { atPage: { 2: [done({ code: 53, diagnostic: 'paged results cookie is invalid' })] } },
      'the server is not willing to do this (the page size may be over its limit, or StartTLS is required)',
    ],
    [
      'by a protocol error in the middle',
      { atPage: { 1: [done({ code: 2 })] } },
      'the server does not support what was asked (StartTLS or paged results may be off)',
    ],
    ['by a server that is busy', { atPage: { 3: [done({ code: 51 })] } }, 'the server is busy'],
    [
      'by the right to read that was taken away',
      { atPage: { 1: [done({ code: 50 })] } },
      `cn=reader,dc=example,dc=test has not the right to read ${PEOPLE}`,
    ],
    [
      'by a cookie that cannot be read',
      { atPage: { 0: [done({ controls: [{ oid: PAGED_RESULTS, value: Buffer.from([0x30, 0x05]) }] })] } },
      'what answers there does not speak LDAP as it should',
    ],
  ])('%s', async (_, habits, words) => {
    const failure = await readAll(habits).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SourceUnavailable);
    expect(failure).toMatchObject({ message: `${peer.url}: ${words}` });
  });

  test('while the page before is worked on, and that is told when the next one is due', async () => {
    let batches = 0;
    const read = readAll({ atPage: { 1: [drop] } }, async () => {
      batches += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await expect(read).rejects.toThrow('the connection was lost');
    expect(batches).toBeGreaterThan(0);
  });

  test('while nobody wants the next page any more, and that harms nobody', async () => {
    const read = readAll({ atPage: { 1: [drop] } }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('enough');
    });
    await expect(read).rejects.toThrow('enough');
  });
});

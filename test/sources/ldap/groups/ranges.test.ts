import { afterEach, describe, expect, test } from 'vitest';
import type { GroupEntry } from '../../../../app/person/entry.ts';
import { createLdapSource } from '../../../../app/sources/ldap/index.ts';
import type { SourceItem } from '../../../../app/sources/source.ts';
import { done, entry, type Saying, wait } from '../../../support/ldap-peer/answers.ts';
import { asAsked, inPages, type PeerEntry } from '../../../support/ldap-peer/habits.ts';
import type { SearchReceived } from '../../../support/ldap-peer/requests.ts';
import { type LdapPeer, startLdapPeer } from '../../../support/ldap-peer.ts';
import { GROUPS, never, PEOPLE, T0, uuid } from '../invented.ts';

const TIMEOUT_MS = 400;
const GROUP = `cn=big,${GROUPS}`;
const STAMPS = { entryUUID: uuid(90), modifyTimestamp: '20260301120000Z' };

let peer: LdapPeer | null = null;
afterEach(async () => {
  await peer?.stop();
  peer = null;
});

const members = (count: number) => Array.from({ length: count }, (_, index) => `uid=m${index},${PEOPLE}`);

/** Requests for the group's own entry that came after the search. */
function asked(): readonly SearchReceived[] {
  return (peer?.received ?? []).flatMap((request) =>
    request.kind === 'search' && request.base === GROUP ? [request] : [],
  );
}

/** @param first how the search shows the group. @param further what is said to each later question for it */
async function read(first: PeerEntry['attributes'], further: (request: SearchReceived) => readonly Saying[]) {
  peer = await startLdapPeer({
    search: (request) => {
      if (request.base === GROUP) return further(request);
      if (request.base !== GROUPS) return inPages(request, []);
      return inPages(request, [{ dn: GROUP, attributes: { ...STAMPS, cn: 'big', ...first } }]);
    },
  });
  const source = createLdapSource({
    name: 'corp',
    urls: [peer.url],
    tls: 'none',
    bindDn: 'cn=reader',
    password: () => 'pw',
    people: { base: PEOPLE },
    groups: { base: GROUPS },
    reads: ['uid'],
    timeoutMs: TIMEOUT_MS,
    now: () => T0,
  });
  const items: SourceItem[] = [];
  for await (const item of source.read({ since: null, everyone: true }, never)) items.push(item);
  const groups = items.flatMap((item): GroupEntry[] => (item.kind === 'group' ? [item.group] : []));
  const end = items.at(-1);
  if (end?.kind !== 'end' || groups[0] === undefined) throw new Error('one group and an end expected');
  return { group: groups[0], end };
}

/** As Windows gives it: the plain attribute is there and empty, the values stand under a ranged name. */
function asWindows(count: number) {
  const member = members(count);
  const kept = { ...STAMPS, member };
  const shown = asAsked({ attributes: ['member'] } as unknown as SearchReceived, kept);
  const first = 'member' in shown ? shown : { member: [], ...shown };
  return { first, further: (request: SearchReceived) => [entry(GROUP, asAsked(request, kept)), done()] };
}

describe('O-22: member lists in ranges', () => {
  test.each([
    [1499, 0],
    [1500, 0],
    [1501, 1],
    [3001, 2],
  ])('%i members are all read, with %i further questions', async (count, questions) => {
    const { first, further } = asWindows(count);
    const { group, end } = await read(first, further);
    expect(group.members).toEqual(members(count));
    expect(group.partial).toBeUndefined();
    expect(end).toMatchObject({ complete: true, problems: [] });
    expect(asked()).toHaveLength(questions);
    expect(asked().map(({ attributes }) => attributes[0])).toEqual(
      ['member;range=1500-*', 'member;range=3000-*'].slice(0, questions),
    );
  });

  test('another spelling, an empty range beside the last one, and a value that comes twice', async () => {
    const all = members(4502);
    const answers: Record<string, PeerEntry['attributes']> = {
      'member;range=1500-*': { 'member;Range=1500-2999': [all[0] ?? '', ...all.slice(1500, 2999)] },
      'member;range=3000-*': { 'member;range=3000-4499': [...all.slice(2999, 4499)] },
      'member;range=4500-*': { 'member;range=4500-5999': [], 'member;range=4500-*': all.slice(4499) },
    };
    const { group, end } = await read(
      { member: [], 'member;Range=0-1499': all.slice(0, 1500) },
      ({ attributes }) => [entry(GROUP, { ...STAMPS, ...answers[attributes[0] ?? ''] }), done()],
    );
    expect(group.members).toEqual(all);
    expect(end.complete).toBe(true);
    expect(asked()).toHaveLength(3);
  });

  test('a last range without values is the end', async () => {
    const { group, end } = await read({ 'member;range=0-1499': members(1500) }, () => [
      entry(GROUP, { ...STAMPS, 'member;range=1500-*': [] }),
      done(),
    ]);
    expect(group.members).toEqual(members(1500));
    expect(end.complete).toBe(true);
  });

  test('the third request times out: those who were named are in, nothing is concluded', async () => {
    const { further } = asWindows(4000);
    const { group, end } = await read({ 'member;range=0-1499': members(1500) }, (request) =>
      request.attributes[0] === 'member;range=3000-*' ? [wait(2 * TIMEOUT_MS), done()] : further(request),
    );
    expect(group.members).toEqual(members(3000));
    expect(group.partial).toBe(true);
    expect(end).toMatchObject({
      complete: false,
      problems: [
        `a group below ${GROUPS} was given with part of its members: the server gave no answer when it was asked for the rest`,
      ],
    });
  });

  test.each([
    ['is refused', [done({ code: 1 })], 'the server refused the rest with LDAP result code 1'],
    [
      'brings no range',
      [entry(GROUP, { ...STAMPS, cn: 'big' }), done()],
      'the server did not give the next range',
    ],
    [
      'goes backwards',
      [entry(GROUP, { ...STAMPS, 'member;range=0-1499': members(1500) }), done()],
      'the server did not give the next range',
    ],
    [
      'shows another group',
      [entry(GROUP, { ...STAMPS, entryUUID: uuid(91), 'member;range=1500-*': members(1) }), done()],
      'another group stands in its place by now',
    ],
  ])('a further request that %s leaves the group in part', async (_, answer, words) => {
    const { group, end } = await read({ 'member;range=0-1499': members(1500) }, () => answer);
    expect(group.members).toEqual(members(1500));
    expect(group.partial).toBe(true);
    expect(end.problems).toEqual([`a group below ${GROUPS} was given with part of its members: ${words}`]);
    expect(asked()).toHaveLength(1);
  });

  /** A group that has changed at each of the first so many questions: somebody at its head has left, one has joined. */
  function changing(times: number) {
    let changes = 0;
    return (request: SearchReceived) => {
      if (changes < times) changes += 1;
      const kept = {
        ...STAMPS,
        modifyTimestamp: `202603011201${String(changes).padStart(2, '0')}Z`,
        member: members(3000 + changes).slice(changes),
      };
      return [entry(GROUP, asAsked(request, kept)), done()];
    };
  }

  test('a group that changes while it is read is begun anew, so that nobody is missed', async () => {
    const { group, end } = await read({ 'member;range=0-1499': members(1500) }, changing(1));
    expect(group.members).toEqual(members(3001).slice(1));
    expect(group.partial).toBeUndefined();
    expect(end).toMatchObject({ complete: true, problems: [] });
    expect(asked().map(({ attributes }) => attributes[0])).toEqual([
      'member;range=1500-*',
      'member;range=0-*',
      'member;range=1500-*',
    ]);
  });

  test('one that never stops changing is given in part', async () => {
    const { group, end } = await read({ 'member;range=0-1499': members(1500) }, changing(99));
    expect(group.partial).toBe(true);
    expect(end.problems).toEqual([
      `a group below ${GROUPS} was given with part of its members: the group changed while it was read`,
    ]);
    expect(asked()).toHaveLength(9);
  });
});

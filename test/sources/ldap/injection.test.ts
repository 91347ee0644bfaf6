/** Names of people and groups, whatever stands in them, as they reach a server in filters. */
import { type Filter, OrFilter } from 'ldapts';
import { afterEach, describe, expect, test } from 'vitest';
import { uidName } from '../../../app/person/member-names.ts';
import type { Named } from '../../../app/sources/source.ts';
import { inPages } from '../../support/ldap-peer/habits.ts';
import type { SearchReceived } from '../../support/ldap-peer/requests.ts';
import { type LdapPeer, startLdapPeer } from '../../support/ldap-peer.ts';
import { peerSource } from './connection/peer-source.ts';
import { GROUPS, never, PEOPLE, uuid } from './invented.ts';

let peer: LdapPeer;
afterEach(() => peer.stop());

const HOSTILE = [
  'x*)(uid=*',
  '*)(|(objectClass=*',
  'a\u0000b',
  '\\2a\\28\\29',
  '\\',
  '(&)',
  'x)(!(uid=y))',
  '\u0000',
  'é*\u202e',
  '\r\nuid: admin',
] as const;

/** The searches for groups that were made for these people. */
async function askedFor(members: readonly Named[], memberAttribute: string): Promise<SearchReceived[]> {
  peer = await startLdapPeer({ search: (request) => inPages(request, []) });
  const groups = { base: GROUPS, filter: '(objectClass=groupOfNames)', memberAttribute };
  for await (const _ of peerSource(peer, { groups }).groupsNaming(members, never)) throw new Error('a group');
  return peer.received.filter(
    (request) => request.kind === 'search' && request.base === GROUPS,
  ) as SearchReceived[];
}

/** `(&(|names…)(objectClass=…))`: the names. */
function namesIn(filter: Filter): readonly unknown[] {
  const [names, kind] = (filter as unknown as { filters: readonly Filter[] }).filters;
  expect(kind?.toString().toLowerCase()).toBe('(objectclass=groupofnames)');
  expect(names).toBeInstanceOf(OrFilter);
  return (names as OrFilter).filters.map((each) => {
    const { attribute, value } = each as unknown as { attribute: string; value: string | Buffer };
    return [attribute.toLowerCase(), String(value)];
  });
}

describe('O-02: no name becomes a part of a filter', () => {
  test('of a person in groups that name DNs', async () => {
    const dns = HOSTILE.map((name) => `uid=${name},${PEOPLE}`);
    const members = dns.map((dn, index) => ({ stableId: uuid(index), dn }));
    const [search, ...more] = await askedFor(members, 'member');
    expect(more).toEqual([]);
    expect(search === undefined ? [] : namesIn(search.filter)).toEqual(dns.map((dn) => ['member', dn]));
  });

  test('of a person in groups that name login names', async () => {
    const members = HOSTILE.map((uid, index) => ({
      stableId: uuid(index),
      attributes: { uid: [uid] },
      memberNames: [uidName(uid)],
    }));
    const [search] = await askedFor(members as readonly Named[], 'memberUid');
    const names = search === undefined ? [] : namesIn(search.filter);
    for (const uid of HOSTILE) expect(names).toContainEqual(['memberuid', uid]);
    const known = new Set(HOSTILE.flatMap((uid) => [uid, uidName(uid).slice('uid:'.length)]));
    expect(names.filter((name) => !known.has((name as readonly string[])[1] ?? ''))).toEqual([]);
  });
});

/**
 * Member lists that Active Directory gives in ranges, from a scripted server over a read to what is known of each person
 * (O-22).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLdapSource } from '../../app/sources/ldap/index.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { GROUPS, never, PEOPLE, T0, uuid } from '../sources/ldap/invented.ts';
import { done, entry } from '../support/ldap-peer/answers.ts';
import { asAsked, inPages, type PeerEntry } from '../support/ldap-peer/habits.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../support/ldap-peer.ts';
import { type Rig, startRig } from '../support/rig.ts';

const COUNT = 12;
const RANGE = 5;
const GROUP = `cn=big,${GROUPS}`;
const dnOf = (n: number) => `uid=m${n},${PEOPLE}`;

let rig: Rig;
let peer: LdapPeer;
beforeAll(async () => {
  [rig, peer] = await Promise.all([startRig(), startLdapPeer()]);
});
afterAll(async () => {
  await Promise.all([rig.stop(), peer.stop()]);
});

const people: readonly PeerEntry[] = Array.from({ length: COUNT }, (_, n) => ({
  dn: dnOf(n),
  attributes: { entryUUID: uuid(n), modifyTimestamp: '20260301120000Z', mail: `m${n}@example.test` },
}));

/** @param refuses whether the server refuses every range but the first */
function directoryWith(members: readonly string[], time: string, refuses: boolean): PeerScript {
  const kept = { entryUUID: uuid(90), modifyTimestamp: `${time}Z`, cn: 'big', member: members };
  return {
    search: (request) => {
      if (request.base === GROUP) {
        return refuses ? [done({ code: 1 })] : [entry(GROUP, asAsked(request, kept, RANGE)), done()];
      }
      if (request.base !== GROUPS) return inPages(request, people);
      return inPages(request, [{ dn: GROUP, attributes: asAsked(request, kept, RANGE) }]);
    },
  };
}

async function sweep(script: PeerScript) {
  peer.become(script);
  const source = createLdapSource({
    name: 'corp',
    urls: [peer.url],
    tls: 'none',
    bindDn: 'cn=reader',
    password: () => 'pw',
    people: { base: PEOPLE },
    groups: { base: GROUPS },
    reads: ['mail'],
    now: () => T0,
  });
  return await readSource(source, 'sweep', rig.reading, never);
}

async function inGroup(): Promise<readonly number[]> {
  const found: number[] = [];
  for (let n = 0; n < COUNT; n += 1) {
    const known = await rig.stores.identities.get(rig.key(uuid(n)));
    if (known?.groups.some(({ name }) => name === 'big') === true) found.push(n);
  }
  return found;
}

test('O-22: a group of which only the first range comes loses nobody, and is put right by the next whole read', async () => {
  const first = Array.from({ length: 11 }, (_, n) => n);
  expect(await sweep(directoryWith(first.map(dnOf), '20260301120000', false))).toMatchObject({ state: 'ok' });
  expect(await inGroup()).toEqual(first);

  // 11 has joined and stands in the first range, 10 has left.
  const next = [11, ...first.slice(0, 10)];
  expect(await sweep(directoryWith(next.map(dnOf), '20260301130000', true))).toMatchObject({
    state: 'held',
    releasable: false,
    reason: `incomplete read: a group below ${GROUPS} was given with part of its members: the server refused the rest with LDAP result code 1`,
  });
  expect(await inGroup()).toEqual([...first, 11]);

  expect(await sweep(directoryWith(next.map(dnOf), '20260301130000', false))).toMatchObject({ state: 'ok' });
  expect(await inGroup()).toEqual([...first.slice(0, 10), 11]);
});

/** Connections and sources over a scripted peer. */
import { openConnection } from '../../../../app/sources/ldap/connection/connection.ts';
import {
  checkOptions,
  createLdapSource,
  type LdapSourceOptions,
} from '../../../../app/sources/ldap/index.ts';
import type { LdapSettings } from '../../../../app/sources/ldap/options.ts';
import type { PeerEntry } from '../../../support/ldap-peer/habits.ts';
import type { LdapPeer } from '../../../support/ldap-peer.ts';
import { never, PEOPLE, T0, uuid } from '../invented.ts';

export const ACCOUNT = 'cn=reader,dc=example,dc=test';
export const PASSWORD = 'canary-bind';

/** As OpenLDAP shows them. */
export function peopleOf(count: number): readonly PeerEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    dn: `uid=u${index},${PEOPLE}`,
    attributes: {
      uid: `u${index}`,
      entryUUID: uuid(index),
      entryCSN: '20260301120000.000000Z#000000#000#000000',
      modifyTimestamp: '20260301120000Z',
    },
  }));
}

export function peerOptions(
  peer: Pick<LdapPeer, 'url'>,
  change: Partial<LdapSourceOptions> = {},
): LdapSourceOptions {
  return {
    name: 'corp',
    urls: [peer.url],
    tls: 'none',
    bindDn: ACCOUNT,
    password: () => PASSWORD,
    tracking: 'time-stamps',
    people: { base: PEOPLE, filter: '(objectClass=inetOrgPerson)' },
    reads: ['uid'],
    timeoutMs: 5_000,
    now: () => T0,
    ...change,
  };
}

export function peerSource(peer: Pick<LdapPeer, 'url'>, change: Partial<LdapSourceOptions> = {}) {
  return createLdapSource(peerOptions(peer, change));
}

export function peerSettings(
  peer: Pick<LdapPeer, 'url'>,
  change: Partial<LdapSourceOptions> = {},
): LdapSettings {
  return checkOptions(peerOptions(peer, change));
}

export function connect(peer: Pick<LdapPeer, 'url'>, change: Partial<LdapSourceOptions> = {}) {
  return openConnection(peerSettings(peer, change), never);
}

/** What kind of directory it is, is told by the root DSE; a wrong guess would make everybody somebody else. */
import { afterEach, expect, test } from 'vitest';
import { done } from '../../../support/ldap-peer/answers.ts';
import { inPages } from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, startLdapPeer } from '../../../support/ldap-peer.ts';
import { tell } from '../invented.ts';
import { peerSource, peopleOf } from './peer-source.ts';

let peer: LdapPeer;
afterEach(() => peer.stop());

async function startPeer(code: number) {
  peer = await startLdapPeer({
    rootDse: () => [done({ code })],
    search: (request) => inPages(request, peopleOf(2)),
  });
}

test.each([
  [51, 'the server is busy'],
  [52, 'the server says that it is not available'],
  [1, 'the server refused the operation; the account is probably not bound'],
])(
  'a server that cannot show it at the moment (%i) is not taken for one of another kind',
  async (code, words) => {
    await startPeer(code);
    await expect(tell(peerSource(peer))).rejects.toThrow(`${peer.url}: ${words}`);
  },
);

test.each([0, 32, 50])(
  'a server that keeps it to itself (%i) is one of a kind that is not known',
  async (code) => {
    await startPeer(code);
    expect(await tell(peerSource(peer))).toMatchObject({ uids: ['u0', 'u1'], end: { complete: true } });
  },
);

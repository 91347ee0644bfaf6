/** Parts of the tree that another server holds. */
import { afterEach, describe, expect, test } from 'vitest';
import type { LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { done, entry, reference } from '../../../support/ldap-peer/answers.ts';
import { ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { PEOPLE, tell } from '../invented.ts';
import { peerSource, peopleOf } from './peer-source.ts';

let peer: LdapPeer;
afterEach(() => peer.stop());

async function read(script: PeerScript, change: Partial<LdapSourceOptions> = {}) {
  peer = await startLdapPeer({ rootDse: ROOT_DSE.openldap, ...script });
  return tell(peerSource(peer, change));
}

const people = peopleOf(1).map(({ dn, attributes }) => entry(dn, attributes));

function holdingReferences(...hosts: readonly string[]): PeerScript {
  return { search: () => [...people, ...hosts.map((host) => reference(`ldap://${host}/ou=x`)), done()] };
}

describe('references inside the tree', () => {
  test('make a read incomplete, if nothing else is wished', async () => {
    expect((await read(holdingReferences('a.example.test'))).end).toMatchObject({
      complete: false,
      problems: [
        `part of ${PEOPLE} is held by another server (referral); choose a base without it or another server`,
      ],
      notices: [],
    });
  });

  test.each([
    [['a.example.test'], '1 reference to another server was'],
    [['a.example.test', 'b.example.test', 'a.example.test'], '2 references to other servers were'],
  ])('are passed over and counted with referrals: ignore (%j)', async (hosts, counted) => {
    expect(await read(holdingReferences(...hosts), { referrals: 'ignore' })).toMatchObject({
      uids: ['u0'],
      end: {
        complete: true,
        problems: [],
        notices: [`${counted} passed over, as referrals: ignore says; who stands there is not read`],
      },
    });
  });

  test('that Active Directory sends for its other parts are nothing to speak of', async () => {
    const guid = Buffer.from('0123456789abcdef0123456789abcdef', 'hex');
    const search = () => [
      entry(`CN=u0,${PEOPLE}`, {
        objectGUID: guid,
        uid: 'u0',
        uSNChanged: '7',
        whenChanged: '20260301120000.0Z',
      }),
      reference('ldap://example.test/CN=Configuration,DC=example,DC=test'),
      done(),
    ];
    const { problems, notices } = (await read({ rootDse: ROOT_DSE.windows, search })).end;
    expect([...problems, ...notices].filter((text) => text.includes('refer'))).toEqual([]);
  });
});

test.each(['refuse', 'ignore'] as const)(
  'a base that is a referral stays an error (%s)',
  async (referrals) => {
    const search = () => [done({ code: 10, referrals: ['ldap://a.example.test/'] })];
    await expect(read({ search }, { referrals })).rejects.toThrow(
      `${PEOPLE} is held by another server; put that server into urls`,
    );
  },
);

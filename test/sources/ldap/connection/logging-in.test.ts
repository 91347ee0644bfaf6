/** What servers say of the account that reads, and what an operator is told of it. */
import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import { done } from '../../../support/ldap-peer/answers.ts';
import { integer, type PeerResult, sequence, tlv } from '../../../support/ldap-peer/encoding.ts';
import { inPages, ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { tell } from '../invented.ts';
import { ACCOUNT, PASSWORD, peerSource, peopleOf } from './peer-source.ts';

const POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';
const EXPIRED = '2.16.840.1.113730.3.4.4';
const EXPIRING = '2.16.840.1.113730.3.4.5';

const policy = (...parts: readonly Buffer[]) => ({ oid: POLICY, value: sequence(...parts) });
const error = (code: number) => integer(code, 0x81);
const secondsLeft = (seconds: number) => tlv(0xa0, integer(seconds, 0x80));
const graceLeft = (count: number) => tlv(0xa0, integer(count, 0x81));

let peers: LdapPeer[] = [];
afterEach(async () => {
  for (const peer of peers) await peer.stop();
  peers = [];
});

async function peerWith(script: PeerScript): Promise<LdapPeer> {
  const peer = await startLdapPeer({
    rootDse: ROOT_DSE.openldap,
    search: (request) => inPages(request, peopleOf(1)),
    ...script,
  });
  peers.push(peer);
  return peer;
}

/** As Active Directory writes it; the rest differs between versions. */
const windows = (code: string): PeerResult => ({
  code: 49,
  diagnostic: `80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data ${code}, v4563\0`,
});

const UNKNOWN = `the password for ${ACCOUNT} is wrong, or the account is locked or does not exist`;
const LOCKED = `${ACCOUNT} is locked; unlock it, and see that the password given here is right`;
const OUTDATED = `the password of ${ACCOUNT} has expired; set a new one`;
const MUST_CHANGE = `${ACCOUNT} must change its password before it may do anything else; set a new one`;

describe('an account that is not let in', () => {
  test.each<[string, PeerResult, string]>([
    ['without a reason', { code: 49 }, UNKNOWN],
    ['Active Directory 525', windows('525'), `${ACCOUNT} does not exist at this server`],
    ['Active Directory 52e', windows('52e'), `the password for ${ACCOUNT} is wrong`],
    [
      'Active Directory 530',
      windows('530'),
      `${ACCOUNT} may not log in at this time of day; widen its logon hours`,
    ],
    [
      'Active Directory 531',
      windows('531'),
      `${ACCOUNT} may not log in from this machine; widen its logon workstations`,
    ],
    ['Active Directory 532', windows('532'), OUTDATED],
    ['Active Directory 533', windows('533'), `${ACCOUNT} is disabled; enable it`],
    ['Active Directory 701', windows('701'), `${ACCOUNT} has expired; move its end`],
    ['Active Directory 773', windows('773'), MUST_CHANGE],
    ['Active Directory 775', windows('775'), LOCKED],
    ['Active Directory, a number that is new', windows('abc'), UNKNOWN],
    ['password policy: expired', { code: 49, controls: [policy(error(0))] }, OUTDATED],
    ['password policy: locked', { code: 49, controls: [policy(error(1))] }, LOCKED],
    ['password policy: an error that is new', { code: 49, controls: [policy(error(99))] }, UNKNOWN],
    ['password policy: nothing', { code: 49, controls: [policy()] }, UNKNOWN],
    [
      '389 DS: expired',
      { code: 49, diagnostic: 'password expired!', controls: [{ oid: EXPIRED, value: Buffer.from('0') }] },
      OUTDATED,
    ],
    ['389 DS: locked', { code: 19, diagnostic: 'Exceed password retry limit. Please try later.' }, LOCKED],
    [
      '389 DS: inactivated',
      { code: 53, diagnostic: 'Account inactivated. Contact system administrator.' },
      `${ACCOUNT} is disabled; enable it`,
    ],
    ['let in for nothing but a new password', { controls: [policy(error(2))] }, MUST_CHANGE],
    [
      '389 DS: let in for nothing but a new password',
      { controls: [{ oid: EXPIRED, value: Buffer.from('0') }] },
      MUST_CHANGE,
    ],
  ])('%s: no other server is asked, and no password told', async (_, answer, words) => {
    const first = await peerWith({ bind: () => [done(answer)] });
    const other = await peerWith({});
    const reading = tell(peerSource(first, { urls: [first.url, other.url] }));
    const failure = await reading.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(SourceUnavailable);
    const { message, stack, cause } = failure as Error;
    expect(message).toBe(`${first.url}: ${words}`);
    expect(JSON.stringify([failure, message, stack, cause, String(cause)])).not.toContain(PASSWORD);
    expect(first.received.filter(({ kind }) => kind === 'bind')).toHaveLength(1);
    expect(other.accepted()).toBe(0);
  });

  test('the server is asked for its password policy', async () => {
    const peer = await peerWith({});
    await tell(peerSource(peer));
    expect(peer.received[0]).toMatchObject({ controls: [{ oid: POLICY, critical: false, value: null }] });
  });
});

describe('an account that is let in', () => {
  test.each<[string, PeerResult, readonly string[]]>([
    ['with nothing to say', {}, []],
    ['with an empty policy', { controls: [policy()] }, []],
    [
      'whose password expires in days',
      { controls: [policy(secondsLeft(5 * 86_400 + 100))] },
      [`the password of ${ACCOUNT} expires in 5 days; set a new one`],
    ],
    [
      'whose password expires in an hour',
      { controls: [policy(secondsLeft(3_700))] },
      [`the password of ${ACCOUNT} expires in 1 hour; set a new one`],
    ],
    [
      'whose password expires soon, as the older control says it',
      { controls: [{ oid: EXPIRING, value: Buffer.from('600') }] },
      [`the password of ${ACCOUNT} expires in 10 minutes; set a new one`],
    ],
    [
      'for a few more times',
      { controls: [policy(graceLeft(3)), { oid: EXPIRED, value: Buffer.from('0') }] },
      [`the password of ${ACCOUNT} has expired, and the server lets it in 3 more times; set a new one`],
    ],
  ])('%s is read, and the operator told', async (_, answer, notices) => {
    const peer = await peerWith({ bind: () => [done(answer)] });
    expect(await tell(peerSource(peer))).toMatchObject({
      uids: ['u0'],
      end: { complete: true, problems: [], notices },
    });
  });

  test('with a policy that cannot be read, is not let in after all', async () => {
    const broken = { oid: POLICY, value: Buffer.from([0x30, 0x20]) };
    const peer = await peerWith({ bind: () => [done({ controls: [broken] })] });
    await expect(tell(peerSource(peer))).rejects.toThrow('does not speak LDAP as it should');
  });
});

describe('whom the server takes us for', () => {
  test('nobody, although the log-in succeeded: nothing is read', async () => {
    const peer = await peerWith({ whoAmI: () => '' });
    await expect(tell(peerSource(peer))).rejects.toThrow(
      `${peer.url}: the server let ${ACCOUNT} in, and takes it for nobody (anonymous); check its rights there`,
    );
    expect(peer.received.filter((each) => each.kind === 'search' && each.base !== '')).toEqual([]);
  });

  test.each([
    ['nobody any more', ''],
    ['somebody else', 'dn:cn=other,dc=example,dc=test'],
  ])('%s at the end: what was read is not the whole', async (_, last) => {
    let asked = 0;
    const peer = await peerWith({
      whoAmI: (bound) => {
        asked += 1;
        return asked === 1 ? `dn:${bound}` : last;
      },
    });
    expect(await tell(peerSource(peer))).toMatchObject({
      uids: ['u0'],
      end: {
        complete: false,
        problems: [
          `the server no longer takes us for ${ACCOUNT} at the end of the read; what it showed may not be everything`,
        ],
      },
    });
  });

  test('is not asked where the server does not announce that it can tell', async () => {
    const peer = await peerWith({ rootDse: ROOT_DSE.mute });
    expect(await tell(peerSource(peer))).toMatchObject({ end: { complete: true } });
    expect(peer.received.filter(({ kind }) => kind === 'extended')).toEqual([]);
  });

  test('is not held against a server that announces it and cannot tell', async () => {
    const peer = await peerWith({ extended: () => [done({ code: 2 })] });
    expect(await tell(peerSource(peer))).toMatchObject({ end: { complete: true } });
  });
});

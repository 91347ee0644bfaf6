import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import type { StableId } from '../../../../app/person/anchor.ts';
import { findOne } from '../../../../app/sources/find-one.ts';
import type { LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { ldifEntry } from '../../../../sandbox/directory/ldif.ts';
import { until } from '../../../../sandbox/until.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { caOf, FORMER, never, PEOPLE, personAttributes, sourceFor, tell } from '../invented.ts';
import { addPerson, dnOf, follow, idOf } from './news.ts';

const CLASSES = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'];
const CONFIG = 'cn=config';
const SERVICE = { dn: `uid=service,${FORMER}`, password: 'first-password' };

function imported(uid: string): string {
  return ldifEntry(dnOf(uid), { ...personAttributes(uid), objectClass: CLASSES });
}

let directory: Ds389;
let proxy: TcpProxy;
beforeAll(async () => {
  directory = await startDs389({
    retroChangelog: true,
    ldif: Array.from({ length: 300 }, (_, index) => imported(`u${index}`)).join(''),
  });
  proxy = await startTcpProxy(directory.port);
});
afterAll(async () => {
  await proxy.stop();
  await directory.stop();
});

async function failureOf(change: Partial<LdapSourceOptions>): Promise<string> {
  const failure = await tell(sourceFor(directory, change)).catch((error: unknown) => error);
  if (!(failure instanceof SourceUnavailable)) throw new Error('the read did not end with SourceUnavailable');
  return failure.message;
}

describe('a connection to 389 Directory Server', () => {
  test('ldaps and StartTLS read everyone', async () => {
    for (const [tls, url] of [
      ['ldaps', directory.ldapsUrl],
      ['starttls', directory.ldapUrl],
    ] as const) {
      const told = await tell(sourceFor(directory, { tls, urls: [url], ca: caOf(directory) }));
      expect(told.end).toMatchObject({ complete: true });
      expect(told.uids).toHaveLength(300);
    }
  });

  test('O-05: a connection that breaks in the middle of a page proves nothing, and the next read has all', async () => {
    const urls = [`ldap://127.0.0.1:${proxy.port}`];
    const follower = follow(directory, 'auto', { urls, pageSize: 50 });
    proxy.faultAfter(20_000, 'reset');
    await expect(follower.hear()).rejects.toThrow(SourceUnavailable);
    proxy.behave();
    expect((await follower.hear()).people).toHaveLength(300);
  });

  test('a restart in the middle of a page: what was told is valid, the read fails, the next one has all', async () => {
    const source = sourceFor(directory, { pageSize: 20 });
    const read = source.read({ since: null, everyone: true }, never)[Symbol.asyncIterator]();
    expect((await read.next()).value).toMatchObject({ kind: 'person' });
    await directory.restart();
    const rest = async () => {
      for (let step = await read.next(); step.done !== true; step = await read.next());
    };
    await expect(rest()).rejects.toThrow(SourceUnavailable);
    expect((await tell(source)).uids).toHaveLength(300);
  });

  test('a limit of the server makes the read incomplete, in words', async () => {
    const limits = 'cn=config,cn=ldbm database,cn=plugins,cn=config';
    await directory.modify(limits, { replace: { 'nsslapd-lookthroughlimit': '100' } });
    const { end } = await tell(sourceFor(directory));
    await directory.modify(limits, { replace: { 'nsslapd-lookthroughlimit': '5000' } });
    expect(end).toMatchObject({
      complete: false,
      problems: [
        `the server stopped at an administrative limit below ${PEOPLE}; lift the limits of ${directory.reader.dn}`,
      ],
    });
    // An account of its own may be given more.
    await directory.modify(directory.reader.dn, { replace: { nsLookThroughLimit: '-1' } });
    await directory.modify(limits, { replace: { 'nsslapd-lookthroughlimit': '100' } });
    expect((await tell(sourceFor(directory))).uids).toHaveLength(300);
    await directory.modify(limits, { replace: { 'nsslapd-lookthroughlimit': '5000' } });
  });
});

describe('the account that reads', () => {
  const asService = (password = SERVICE.password) => ({ bindDn: SERVICE.dn, password: () => password });
  const service = { objectClass: CLASSES, uid: 'service', cn: 'service', sn: 'service' };

  const locked = () =>
    `${directory.ldapUrl}: ${SERVICE.dn} is locked; unlock it, and see that the password given here is right`;

  beforeAll(async () => {
    await directory.add(SERVICE.dn, { ...service, userPassword: SERVICE.password });
  });

  test('without any right it sees nobody, without an error: nothing is believed', async () => {
    const { end, uids } = await tell(sourceFor(directory, asService()));
    expect(uids).toEqual([]);
    expect(end.tracking).toBe('time-stamps');
  });

  test('is locked by its administrator', async () => {
    await directory.modify(SERVICE.dn, { replace: { nsAccountLock: 'true' } });
    expect(await failureOf(asService())).toBe(locked());
    await directory.modify(SERVICE.dn, { replace: { nsAccountLock: [] } });
  });

  test('has been tried with wrong passwords too often', async () => {
    await directory.modify(CONFIG, { replace: { passwordLockout: 'on', passwordMaxFailure: '2' } });
    expect(await failureOf(asService('wrong'))).toBe(
      `${directory.ldapUrl}: the password for ${SERVICE.dn} is wrong, or the account is locked or does not exist`,
    );
    await failureOf(asService('wrong'));
    await failureOf(asService('wrong'));
    expect(await failureOf(asService())).toBe(locked());
    await directory.modify(CONFIG, { replace: { passwordLockout: 'off' } });
    await directory.remove(SERVICE.dn);
    await directory.add(SERVICE.dn, { ...service, userPassword: SERVICE.password });
  });

  /** The server notes when a new password expires only after it has answered, and would write over what we set. */
  async function expiryIsNoted(isRight: (time: string) => boolean): Promise<void> {
    await until('the server has noted when the password expires', async () => {
      const { passwordExpirationTime } = await directory.read(SERVICE.dn);
      return isRight(passwordExpirationTime?.[0] ?? '');
    });
  }

  test('has an expired password, or one that it must change', async () => {
    await directory.modify(CONFIG, { replace: { passwordMustChange: 'on' } });
    await directory.modify(SERVICE.dn, { replace: { userPassword: 'second-password' } });
    await expiryIsNoted((time) => time.startsWith('1970'));
    expect(await failureOf(asService('second-password'))).toBe(
      `${directory.ldapUrl}: ${SERVICE.dn} must change its password before it may do anything else; set a new one`,
    );
    await directory.modify(CONFIG, { replace: { passwordMustChange: 'off', passwordExp: 'on' } });
    await directory.modify(SERVICE.dn, { replace: { userPassword: 'third-password' } });
    await expiryIsNoted((time) => time > '2020');
    await directory.modify(SERVICE.dn, { replace: { passwordExpirationTime: '20200101000000Z' } });
    expect(await failureOf(asService('third-password'))).toBe(
      `${directory.ldapUrl}: the password of ${SERVICE.dn} has expired; set a new one`,
    );
  });
});

describe('asking for one person', () => {
  test('O-06: in scope, elsewhere, and gone, also where the server keeps a tombstone', async () => {
    const replica = { objectClass: ['top', 'nsDS5Replica', 'extensibleObject'], cn: 'replica' };
    await directory.add(`cn=replica,cn="${directory.suffix}",cn=mapping tree,cn=config`, {
      ...replica,
      nsDS5ReplicaRoot: directory.suffix,
      nsDS5ReplicaId: '1',
      nsDS5ReplicaType: '3',
      nsDS5Flags: '1',
      nsDS5ReplicaBindDN: 'cn=replication manager,cn=config',
    });
    await addPerson(directory, 'joan');
    const source = sourceFor(directory);
    const id = (await idOf(directory, dnOf('joan'))) as StableId;
    expect(await findOne(source, id, never)).toMatchObject({ kind: 'in-scope', entry: { stableId: id } });
    await directory.rename(dnOf('joan'), `uid=joan,${FORMER}`);
    expect(await findOne(source, id, never)).toEqual({ kind: 'out-of-scope' });
    await directory.remove(`uid=joan,${FORMER}`);
    expect(await tombstones(directory)).toContain(id);
    expect(await findOne(source, id, never)).toEqual({ kind: 'gone' });
    expect((await tell(source)).uids).toHaveLength(300);
  });

  test('the id is nsUniqueId, another number than entryUUID', async () => {
    const [person] = (await tell(sourceFor(directory, { people: { base: PEOPLE, filter: '(uid=u7)' } })))
      .people;
    const kept = await directory.read(dnOf('u7'));
    expect(person?.stableId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/);
    expect(person?.stableId).toBe(await idOf(directory, dnOf('u7')));
    expect(kept['entryUUID']?.[0]).not.toBe(person?.stableId);
  });
});

async function tombstones({ ldapUrl, admin, suffix }: Ds389): Promise<readonly string[]> {
  const client = new Client({ url: ldapUrl });
  await client.bind(admin.dn, admin.password);
  const filter = '(objectClass=nsTombstone)';
  const { searchEntries } = await client.search(suffix, { filter, attributes: ['nsUniqueId'] });
  await client.unbind();
  return searchEntries.map(({ nsUniqueId, nsuniqueid }) => String(nsUniqueId ?? nsuniqueid));
}

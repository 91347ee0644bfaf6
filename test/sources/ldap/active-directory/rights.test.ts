/** What an account may see decides how changes are followed; and who cannot log in is told why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import { createLdapSource } from '../../../../app/sources/ldap/index.ts';
import type { Watermark } from '../../../../app/sources/source.ts';
import {
  DELETED,
  FORMER,
  PROVISIONING_MS,
  personAttributes,
  personLdif,
  type Samba,
  STAFF,
  SUFFIX,
  startSamba,
} from '../../../support/samba.ts';
import { never } from '../invented.ts';
import { follow, sourceOf, tell } from './reading.ts';

const dnOf = (name: string) => `CN=${name},${STAFF}`;

let samba: Samba;
beforeAll(async () => {
  samba = await startSamba(['ada', 'bea', 'cleo', 'dora'].map((name) => personLdif(name)).join(''));
}, PROVISIONING_MS);
afterAll(() => samba.stop());

const NO_RIGHT = `has not the right to replicate ${SUFFIX} (Replicating Directory Changes)`;
const unseen = (account: string) =>
  `${account}@ad.example.test may not see what was deleted, so deletions show at the next read of everybody only; ` +
  `let it list and read ${DELETED}`;

describe('the best way that the account may use', () => {
  test('an account like any other: by uSNChanged, with a word on what it cannot see', async () => {
    const reader = await follow(sourceOf(samba, 'reader'));
    expect(reader.first.end).toMatchObject({ tracking: 'usn-changed', complete: true });
    expect(reader.first.end.notices).toEqual([
      `not read by dirsync: reader@ad.example.test ${NO_RIGHT}`,
      unseen('reader'),
    ]);
    await samba.remove(dnOf('ada'));
    const poll = await reader.poll();
    expect(poll).toMatchObject({ who: [], absent: [], end: { complete: true, notices: [unseen('reader')] } });
    const sweep = await tell(sourceOf(samba, 'reader'), poll.end.watermark, true);
    expect(Object.keys(sweep.people)).not.toContain('ada');
    expect(sweep.end).toMatchObject({ names: 'everyone', complete: true });
  });

  test('a move out of the scope it sees all the same', async () => {
    const reader = await follow(sourceOf(samba, 'reader'));
    await samba.rename(dnOf('bea'), `CN=bea,${FORMER}`);
    expect(await reader.poll()).toMatchObject({ who: [], absent: ['bea'] });
  });

  test('an account that may see deleted objects: by uSNChanged, with deletions', async () => {
    const { first } = await follow(sourceOf(samba, 'undertaker'));
    expect(first.end.tracking).toBe('usn-changed');
    expect(first.end.notices).toEqual([`not read by dirsync: undertaker@ad.example.test ${NO_RIGHT}`]);
  });

  test('an account that may replicate: by DirSync', async () => {
    const reader = await follow(sourceOf(samba, 'replicating'));
    expect(reader.first.end).toMatchObject({ tracking: 'dirsync', notices: [unseen('replicating')] });
    await samba.modify(dnOf('cleo'), { replace: { title: 'Clerk' } });
    expect(await reader.poll()).toMatchObject({ who: ['cleo'], end: { names: 'changes' } });
  });

  test('a read of everybody goes on from the cookie that is there', async () => {
    const source = sourceOf(samba, 'admin');
    const first = await tell(source, null);
    await samba.modify(dnOf('cleo'), { replace: { title: 'Judge' } });
    const sweep = await tell(source, first.end.watermark, true);
    expect(sweep.people['cleo']?.attributes['title']).toEqual(['Judge']);
    const poll = await tell(source, sweep.end.watermark);
    expect(poll).toMatchObject({ people: {}, end: { names: 'changes', tracking: 'dirsync', notices: [] } });
  });

  test('a cookie that the server does not take: everybody is read, and it says so', async () => {
    const mark = { v: 2, tracking: 'dirsync', mark: { cookie: 'AAAA' } };
    const told = await tell(sourceOf(samba, 'admin'), JSON.stringify(mark) as Watermark);
    expect(told.end).toMatchObject({
      names: 'everyone',
      complete: true,
      notices: ['everybody was read: the server no longer knows how far it was read'],
    });
  });
});

describe('how far each controller was read', () => {
  type Stored = { mark: { controllers: { controller: string; usn: string }[] } };
  const parsed = (mark: Watermark) => (JSON.parse(mark) as Stored).mark.controllers;
  const made = (controllers: Stored['mark']['controllers']) =>
    JSON.stringify({ v: 2, tracking: 'usn-changed', mark: { controllers } }) as Watermark;

  test('a controller that was never read is read whole, and the marks of the others are kept', async () => {
    const other = { controller: '00000000-0000-4000-8000-000000000001', usn: '99' };
    const told = await tell(sourceOf(samba, 'undertaker'), made([other]));
    expect(told.end).toMatchObject({ names: 'everyone', complete: true });
    expect(told.end.notices[0]).toBe(
      'everybody was read: this domain controller, or its restored database, is a new one',
    );
    const [kept, mine] = parsed(told.end.watermark);
    expect(kept).toEqual(other);
    expect(mine?.controller).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const next = await tell(sourceOf(samba, 'undertaker'), told.end.watermark);
    expect(next.end).toMatchObject({ names: 'changes', notices: [] });
  });

  test('a controller that stands before where it was read to was restored: it is read whole', async () => {
    const { end } = await tell(sourceOf(samba, 'undertaker'), null);
    const [mine] = parsed(end.watermark);
    const ahead = made([{ controller: mine?.controller ?? '', usn: '9223372036854775807' }]);
    const told = await tell(sourceOf(samba, 'undertaker'), ahead);
    expect(told.end.names).toBe('everyone');
    expect(told.end.notices[0]).toBe(
      'everybody was read: the domain controller stands before where it was read to, as after a restore',
    );
    expect(parsed(told.end.watermark)).toHaveLength(1);
  });
});

test('O-01: objectGUID is the id, and finds its person by its bytes', async () => {
  const source = sourceOf(samba, 'reader');
  const id = await samba.guidOf(dnOf('cleo'));
  const found = [];
  const nobody = '00112233-4455-6677-8899-aabbccddeeff';
  for await (const answer of source.find([id, nobody, 'cleo'] as never, never)) found.push(answer);
  expect(found).toMatchObject([
    [id, { kind: 'in-scope', entry: { stableId: id, dn: dnOf('cleo') } }],
    [nobody, { kind: 'gone' }],
    ['cleo', { kind: 'cannot-tell' }],
  ]);
});

test('accountExpires, objectSid and userAccountControl come as text', async () => {
  await samba.modify(dnOf('cleo'), { replace: { accountExpires: '134168832000000000' } });
  const told = await tell(sourceOf(samba, 'reader'), null);
  expect(told.people['cleo']?.attributes).toMatchObject({
    accountexpires: ['134168832000000000'],
    useraccountcontrol: ['546'],
    objectsid: [expect.stringMatching(/^S-1-5-21(-\d+){4}$/)],
  });
  expect(told.people['dora']?.attributes['accountexpires']).toEqual(['9223372036854775807']);
});

describe('who cannot log in is told why', () => {
  const refused = async (change: Parameters<typeof sourceOf>[2], account: 'reader' | null = 'reader') => {
    const source = sourceOf(samba, account ?? 'reader', change);
    const error = await tell(source, null).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SourceUnavailable);
    return (error as SourceUnavailable).message;
  };

  test('a wrong password (52e)', async () => {
    expect(await refused({ password: () => 'not it' })).toContain('password');
  });

  test('a password over a connection that is not protected', async () => {
    expect(await refused({ tls: 'none', urls: [samba.ldapUrl] })).toContain('use ldaps or StartTLS');
  });

  test('a certificate of an authority that is not known', async () => {
    const { ca: _, ...options } = optionsOf();
    const source = createLdapSource(options);
    await expect(tell(source, null)).rejects.toThrow('unknown authority');
  });

  test('a disabled account (533)', async () => {
    await samba.add(dnOf('lock'), personAttributes('lock'));
    await samba.setPassword(dnOf('lock'), 'Secret.123.Word');
    await samba.modify(dnOf('lock'), { replace: { userAccountControl: '514' } });
    const message = await refused({ bindDn: 'lock@ad.example.test', password: () => 'Secret.123.Word' });
    expect(message).toContain('disabled');
  });

  function optionsOf() {
    const { dn, password } = samba.accounts.reader;
    return {
      name: 'corp',
      urls: [samba.ldapsUrl],
      tls: 'ldaps' as const,
      ca: samba.ca,
      bindDn: dn,
      password: () => password,
      people: { base: STAFF },
      reads: [],
      now: () => new Date(0),
    };
  }
});

test('StartTLS works as well', async () => {
  const told = await tell(sourceOf(samba, 'reader', { tls: 'starttls', urls: [samba.ldapUrl] }), null);
  expect(told.end.complete).toBe(true);
});

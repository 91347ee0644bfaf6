/** What a check says of servers that the real ones of the tests are not. */
import { expect, onTestFinished, test } from 'vitest';
import { checkDirectory } from '../../../../app/sources/ldap/index.ts';
import { done, reference } from '../../../support/ldap-peer/answers.ts';
import {
  inPages,
  PAGED_RESULTS,
  type PageHabits,
  ROOT_DSE,
  sayEntry,
} from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { checkOf, findingOf, linesOf, troublesOf } from '../../checking/checks.ts';
import { entryOf, windows } from '../active-directory/windows-domain.ts';
import { ACCOUNT, peerOptions, peopleOf } from '../connection/peer-source.ts';
import { PEOPLE } from '../invented.ts';

async function peerWith(script: PeerScript): Promise<LdapPeer> {
  const peer = await startLdapPeer(script);
  onTestFinished(() => peer.stop());
  return peer;
}

function paged(count: number, habits: PageHabits = {}, rootDse: PeerScript['rootDse'] = ROOT_DSE.openldap) {
  return peerWith({ rootDse, search: (request) => inPages(request, peopleOf(count), habits) });
}

test('a server that gives smaller pages than asked for says so, and is read all the same', async () => {
  const peer = await paged(25, { most: 10 });
  const report = await checkDirectory(peerOptions(peer, { pageSize: 20 }), checkOf({ mapped: ['uid'] }));
  expect(findingOf(report, 'page')).toMatchObject({
    verdict: 'told',
    shows: '10 entries at most, of 20 asked for',
  });
  expect(findingOf(report, 'people')?.shows).toBe('25 people');
});

test('a server that shows nothing of itself is taken for any directory, and its schema for unknown', async () => {
  const peer = await paged(2, {}, ROOT_DSE.mute);
  const report = await checkDirectory(peerOptions(peer), checkOf({ mapped: ['uid'] }));
  expect(troublesOf(report)).toEqual([]);
  expect(linesOf(report)).toEqual(
    expect.arrayContaining([
      'told kind: a directory of a kind that is not known; what any directory does is expected of it',
      'told we are: not told; whether a read was ours to the end cannot be seen',
      'told page: the server knows no pages and gives everything at once',
      'told push: the directory does not tell of changes',
      'told schema: does not show, so that an attribute with a slip in its name looks like one that nobody has',
    ]),
  );
});

test('a kind that is configured and does not look like the server is told', async () => {
  const peer = await paged(1);
  const report = await checkDirectory(
    peerOptions(peer, { directory: 'generic' }),
    checkOf({ mapped: ['uid'] }),
  );
  expect(findingOf(report, 'kind')).toMatchObject({
    verdict: 'lacking',
    advice: 'directory says so, and the server looks like OpenLDAP: set it to auto',
  });
});

test('two servers of different kinds are no one source', async () => {
  const peers = [await paged(1), await paged(1, {}, ROOT_DSE.ds389)];
  const options = peerOptions({ url: '' }, { urls: peers.map(({ url }) => url) });
  const report = await checkDirectory(options, checkOf({ mapped: ['uid'] }));
  expect(findingOf(report, 'servers')).toMatchObject({
    verdict: 'wrong',
    shows: 'of different kinds: OpenLDAP, 389 Directory Server',
  });
});

test('O-05: a part that another server holds makes the read incomplete: wrong', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    search: () => [
      ...peopleOf(1).map(sayEntry),
      reference('ldap://other.example.test/ou=branch,dc=example,dc=test'),
      done(),
    ],
  });
  const refused = await checkDirectory(peerOptions(peer), checkOf({ mapped: ['uid'] }));
  expect(findingOf(refused, 'read of everybody')).toMatchObject({
    verdict: 'wrong',
    shows: `part of ${PEOPLE} is held by another server (referral); choose a base without it or another server`,
  });
  const ignored = await checkDirectory(
    peerOptions(peer, { referrals: 'ignore' }),
    checkOf({ mapped: ['uid'] }),
  );
  expect(troublesOf(ignored)).toEqual([]);
  expect(findingOf(ignored, 'noticed')?.shows).toContain('1 reference to another server was passed over');
});

test('a server that shows fewer people page by page than otherwise is not trusted', async () => {
  let reads = 0;
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    search: (request) => {
      reads += 1;
      return inPages(request, peopleOf(reads === 1 ? 3 : 2));
    },
  });
  const report = await checkDirectory(peerOptions(peer), checkOf({ mapped: ['uid'] }));
  expect(findingOf(report, 'read page by page')).toMatchObject({
    verdict: 'lacking',
    shows: '2 people',
    advice: expect.stringContaining('the read before named 3'),
  });
});

test('a connection that breaks keeps what was found before it', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    search: (request) => inPages(request, peopleOf(10), { atPage: { 0: [{ say: 'drop' }] } }),
  });
  const report = await checkDirectory(peerOptions(peer), checkOf());
  expect(linesOf(report).slice(0, 2)).toEqual([
    `good server ${peer.url}: logged in, without TLS`,
    'good kind: OpenLDAP',
  ]);
  expect(report.brokenOff).toBe(`${peer.url}: the connection was lost`);
});

test('a server that neither tells of changes nor says that it will not is waited for in vain, and not for ever', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    async *search(request) {
      const isPersistent = request.controls.some(
        ({ oid, value }) =>
          oid.startsWith('1.3.6.1.4.1.4203') && value?.includes(Buffer.from([0x0a, 0x01, 0x03])),
      );
      if (isPersistent) await new Promise(() => {});
      yield* inPages(request, peopleOf(1));
    },
  });
  const options = peerOptions(peer, { timeoutMs: 300 });
  const report = await checkDirectory(options, checkOf({ mapped: ['uid'], pushes: true }));
  expect(findingOf(report, 'no push by content-sync')?.shows).toBe('it did not begin within 300 ms');
  expect(findingOf(report, 'push')?.verdict).toBe('lacking');
});

test('a check that is ended from outside says so', async () => {
  const stop = new AbortController();
  const peer = await paged(5);
  const note = (line: string) => {
    if (line === 'looking for limits') stop.abort();
  };
  const report = await checkDirectory(peerOptions(peer), checkOf({ note, signal: stop.signal }));
  expect(report.brokenOff).toContain('the read was stopped');
  expect(findingOf(report, 'read of everybody')?.verdict).toBe('good');
});

test('an account whose password expires soon is let in, and told once', async () => {
  const expiring = { oid: '2.16.840.1.113730.3.4.5', value: Buffer.from('86400') };
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    bind: () => [done({ controls: [expiring] })],
    search: (request) => inPages(request, peopleOf(1)),
  });
  const report = await checkDirectory(peerOptions(peer), checkOf({ mapped: ['uid'] }));
  expect(troublesOf(report)).toEqual(['lacking account: is let in']);
  expect(findingOf(report, 'account')?.advice).toBe(
    `the password of ${ACCOUNT} expires in 1 day; set a new one`,
  );
  expect(findingOf(report, 'noticed')).toBeUndefined();
});

test('whom the server takes us for is shown where it is not the account that logged in', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    whoAmI: () => 'u:EXAMPLE\\reader',
    search: (request) => inPages(request, peopleOf(1)),
  });
  const report = await checkDirectory(peerOptions(peer), checkOf({ mapped: ['uid'] }));
  expect(findingOf(report, 'we are')).toEqual({
    what: 'we are',
    shows: 'u:EXAMPLE\\reader',
    verdict: 'told',
  });
});

test('somebody is looked for as far as the server answers: a limit is told in place of "not found"', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    search: (request) =>
      request.filterText.includes('mail=') ? [done({ code: 4 })] : inPages(request, peopleOf(1)),
  });
  const report = await checkDirectory(
    peerOptions(peer),
    checkOf({ mapped: ['uid'], person: 'x@example.test' }),
  );
  expect(findingOf(report, 'person')).toMatchObject({
    shows: 'not found',
    advice: expect.stringContaining('the server stopped at its size limit'),
  });
});

test('two who carry one mail address are not shown', async () => {
  const peer = await peerWith({
    rootDse: ROOT_DSE.openldap,
    search: (request) => inPages(request, peopleOf(2)),
  });
  const report = await checkDirectory(
    peerOptions(peer),
    checkOf({ mapped: ['uid'], person: 'x@example.test' }),
  );
  expect(findingOf(report, 'person')).toMatchObject({
    shows: '2 entries fit',
    advice: 'name one of them by DN or entryUUID',
  });
  expect(report.sample).toBeNull();
});

test('Windows gives 1,000 entries without pages, which is told and harms nobody', async () => {
  const nodes = Array.from({ length: 1_001 }, (_, index) => ({ name: `u${index}`, usn: 10n }));
  const domain = windows({ nodes });
  const peer = await peerWith({
    ...domain,
    search: (request, signal) => {
      const wantsPages = request.controls.some(({ oid }) => oid === PAGED_RESULTS);
      const isList = request.scope === 'sub' && !wantsPages;
      if (!isList) return domain.search?.(request, signal) ?? [done()];
      return [...nodes.slice(0, 1_000).map((node) => sayEntry(entryOf(node))), done({ code: 4 })];
    },
  });
  const options = {
    ...peerOptions(peer, { tracking: 'usn-changed', reads: ['sAMAccountName'] }),
    people: { base: 'OU=Staff,DC=example,DC=test' },
  };
  const report = await checkDirectory(options, checkOf({ mapped: ['samaccountname'] }));
  expect(troublesOf(report)).toEqual([]);
  expect(findingOf(report, 'without pages')).toMatchObject({
    verdict: 'told',
    shows: expect.stringMatching(/^1000 of 1001: the server stopped at its size limit/),
  });
});

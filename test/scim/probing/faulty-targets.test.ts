/** What a check says of servers that are wrong in one way. */
import { expect, test } from 'vitest';
import { checkTarget } from '../../../app/scim/index.ts';
import type { FaultInput } from '../../support/sandbox.ts';
import { startOddServer } from '../odd-server.ts';
import { check, checkOf, differing, startPopulated } from './checking.ts';

const DIALECT = { dialect: 'generic', limits: { points: 1_000_000, windowSeconds: 60 } } as const;

test.each<[string, FaultInput, readonly string[]]>([
  [
    'answers a filter with everybody (O-11 e)',
    { kind: 'ignore-filter' },
    ['search: userName nobody has: others: ignored', 'search: userName of a user: that user and others'],
  ],
  ['begins each page with the first user (O-15)', { kind: 'ignore-paging' }, ['paging: startIndex: ignored']],
  [
    'counts pages from 0 (O-15)',
    { kind: 'odd-paging', startIndexCounts: 'pages-from-0' },
    ['paging: startIndex: pages, from 0'],
  ],
  [
    'has a page for an id that nobody has (O-12 e)',
    { kind: 'html-error', status: 404, path: 'Users/landbridge-check' },
    ['read: an id nobody has: 404 with a page'],
  ],
  ['tells no total', { kind: 'wrong-total', total: 0 }, ['list: totalResults: less than the page holds']],
  [
    'has a proxy before it that lets no PATCH through',
    { kind: 'status', status: 405, method: 'PATCH' },
    ['PATCH: not taken (405)'],
  ],
])('a target that %s', async (_what, fault, expected) => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault(fault);
  const report = await check(sandbox, { profile: 'generic' });
  expect(differing(report)).toEqual(expected);
  expect(report).toMatchObject({ brokenOff: null, left: [] });
});

test('methodOverride is named where a proxy may be what refuses PATCH', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'status', status: 405, method: 'PATCH' });
  const { findings } = await check(sandbox, { profile: 'generic' });
  expect(findings.find(({ what }) => what === 'PATCH')?.advice).toBe(
    "where a proxy before the target is the reason, set methodOverride: true; else PUT is used instead where PATCH is answered with 405 or 501; the profile's update could be put",
  );
});

test('a target that makes a second account of one name: both are removed again', async () => {
  const sandbox = await startPopulated({ ...DIALECT, unique: false });
  const report = await check(sandbox, { profile: 'generic' });
  expect(differing(report)).toEqual(['POST: a userName that is taken: makes another account (201)']);
  expect(await sandbox.accounts()).toHaveLength(3);
  expect(report.left).toEqual([]);
});

test('a refused credential ends the check at once, and is not in what it says (O-27)', async () => {
  const sandbox = await startPopulated(DIALECT);
  const report = await check(sandbox, { profile: 'generic', password: 'canary-password' });
  expect(report).toEqual({
    findings: [],
    fitsBetter: null,
    brokenOff: 'GET Users at service: our credential was refused (401); renew it',
    left: [],
  });
  expect(await sandbox.journal()).toHaveLength(1);
});

test('a sign-in page instead of the service ends the check at once', async () => {
  const odd = await startOddServer();
  odd.answer = (_asked, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  const target = { baseUrl: `${odd.origin}/scim`, user: 'u', password: 'p', token: 't' };
  const report = await checkTarget(checkOf(target, { profile: 'generic' }));
  await odd.stop();
  expect(report.brokenOff).toBe(
    'GET /Users answered 200 with a page or a redirect; check the base URL and the rights of our account',
  );
  expect(odd.asked.map(({ method }) => method)).toEqual(['GET']);
});

test('a spent request limit is waited for and costs nothing', async () => {
  const sandbox = await startPopulated({ ...DIALECT, limits: { points: 30, windowSeconds: 1 } });
  const report = await check(sandbox, { profile: 'generic' });
  expect(report.brokenOff).toBeNull();
  expect(differing(report)).toEqual([]);
});

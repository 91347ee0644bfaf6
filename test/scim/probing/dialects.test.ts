/** Each profile against a server that behaves as it says, and against servers that do not. */
import { expect, test } from 'vitest';
import { PROFILE_NAMES } from '../../../app/scim/index.ts';
import { check, differing, NONCE, PRIVATE, shownFor, startPopulated } from './checking.ts';

test.each(PROFILE_NAMES)('profile %s agrees with its own dialect everywhere', async (profile) => {
  const sandbox = await startPopulated({ dialect: profile });
  const report = await check(sandbox, { profile });
  expect({ differing: differing(report), brokenOff: report.brokenOff, better: report.fitsBetter }).toEqual({
    differing: [],
    brokenOff: null,
    better: null,
  });
  expect(shownFor(report, 'POST: a userName that is taken')).toBe('is refused (409)');
});

test('without --write nothing but reads is sent, and no listed person is named', async () => {
  const sandbox = await startPopulated({ dialect: 'generic' });
  const report = await check(sandbox, { profile: 'generic', write: false });
  expect(new Set((await sandbox.journal()).map(({ method }) => method))).toEqual(new Set(['GET']));
  const text = JSON.stringify(report);
  for (const word of PRIVATE) expect(text).not.toContain(word);
  expect(differing(report)).toEqual([]);
});

test('with --write the accounts of others stay as they were, and ours is gone', async () => {
  const sandbox = await startPopulated({ dialect: 'generic' });
  const before = await sandbox.accounts();
  const report = await check(sandbox, { profile: 'generic' });
  expect(await sandbox.accounts()).toEqual(before);
  expect(report.left).toEqual([]);
  const written = (await sandbox.journal()).filter(({ method }) => method !== 'GET');
  const names = written.flatMap(({ method, body }) =>
    method === 'POST' ? [Object(body).userName as string] : [],
  );
  expect(names).toEqual([`${NONCE}@example.invalid`, `${NONCE}@example.invalid`]);
});

test('where DELETE only switches off, the account that stays is named', async () => {
  const sandbox = await startPopulated({ dialect: 'slack' });
  const report = await check(sandbox, { profile: 'slack' });
  const ours = (await sandbox.accounts()).filter(({ user }) => !JSON.stringify(user).includes('canary'));
  expect(ours.map(({ user }) => user.active)).toEqual([false]);
  expect(report.left).toEqual([{ userName: ours[0]?.user.userName, id: ours[0]?.id, state: 'off' }]);
});

test('a PATCH without active that lets a leaver in again is told as a danger (UAA)', async () => {
  const sandbox = await startPopulated({ dialect: 'uaa' });
  const report = await check(sandbox, { profile: 'generic', dialect: 'uaa' });
  expect(differing(report)).toEqual([
    'If-Match: none: is refused (400)',
    'PATCH without active, switched off: switches it on',
  ]);
  const danger = report.findings.find(({ what }) => what === 'PATCH without active, switched off');
  expect(danger).toEqual({
    what: 'PATCH without active, switched off',
    says: 'leaves it off',
    shows: 'switches it on',
    verdict: 'differs',
    advice:
      "DANGER: any change to a leaver switches the account on again: the profile's alwaysSend has to name active",
  });
  expect(report.fitsBetter).toEqual({ profile: 'uaa', differences: 0 });
});

test('lists whose elements of other types stay, and a filter that finds nobody, are told (gateway-style)', async () => {
  const sandbox = await startPopulated({ dialect: 'gateway-style' });
  const report = await check(sandbox, { profile: 'generic', dialect: 'gateway-style' });
  expect(differing(report)).toEqual([
    'filter: operators: eq co sw gt',
    'filter: and, or, brackets: refused',
    'PATCH: a list: changes by elements',
  ]);
});

test.each([
  [
    'wso2',
    'generic',
    ['list: shows users: stubs', 'filter: operators: eq', 'filter: and, or, brackets: refused'],
    'wso2',
  ],
  [
    'okta-style',
    'generic',
    ['filter: operators: eq', 'filter: and, or, brackets: refused', 'POST: 200', 'PATCH: not taken (501)'],
    'okta-style',
  ],
  ['slack', 'generic', ['DELETE: what it does: deactivates'], 'slack'],
  [
    'generic',
    'agileplace',
    ['limits: told by: no header', 'If-Match: a wrong version: is refused (412)'],
    'generic',
  ],
  ['agileplace', 'generic', ['/Groups: not there'], 'agileplace'],
  ['generic', 'uaa', ['credential: basic, accepted', 'If-Match: none: is taken'], 'generic'],
])('the %s dialect under profile %s differs where it should', async (dialect, profile, expected, better) => {
  const sandbox = await startPopulated({ dialect });
  const report = await check(sandbox, { profile, dialect });
  expect(differing(report)).toEqual(expected);
  expect(report.fitsBetter).toEqual({ profile: better, differences: 0 });
});

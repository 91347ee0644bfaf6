/**
 * The wrong paging habits that the sandbox can be told to have.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FaultInput, type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, userNames } from './scim-request.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ dialect: 'generic' });
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await sandbox.reset();
  await sandbox.seedAll(['a', 'b', 'c', 'd', 'e'].map((userName) => ({ userName })));
});

test.each<[string, FaultInput, string, string, number]>([
  ['counts from 0', { kind: 'odd-paging', startIndexCounts: 'from-0' }, '', 'ab', 0],
  ['counts from 0', { kind: 'odd-paging', startIndexCounts: 'from-0' }, '&startIndex=1', 'bc', 1],
  ['counts pages from 0', { kind: 'odd-paging', startIndexCounts: 'pages-from-0' }, '', 'ab', 0],
  ['counts pages from 0', { kind: 'odd-paging', startIndexCounts: 'pages-from-0' }, '&startIndex=1', 'cd', 1],
  ['counts pages from 0', { kind: 'odd-paging', startIndexCounts: 'pages-from-0' }, '&startIndex=3', '', 3],
  ['counts pages from 1', { kind: 'odd-paging', startIndexCounts: 'pages-from-1' }, '', 'ab', 1],
  ['counts pages from 1', { kind: 'odd-paging', startIndexCounts: 'pages-from-1' }, '&startIndex=2', 'cd', 2],
  ['is ignored', { kind: 'ignore-paging' }, '&startIndex=3', 'ab', 1],
  ['begins a later page one too early', { kind: 'moved-entries' }, '&startIndex=3', 'bc', 3],
  ['leaves the first page as it is', { kind: 'moved-entries' }, '', 'ab', 1],
  ['begins a later page one too late', { kind: 'moved-entries', by: 1 }, '&startIndex=3', 'de', 3],
])('startIndex %s: %j %s', async (_what, fault, query, names, startIndex) => {
  await sandbox.fault(fault);
  const answer = await ask(sandbox, 'GET', `/Users?count=2${query}`);
  expect(userNames(answer).join('')).toBe(names);
  expect(answer.body).toMatchObject({ startIndex, totalResults: 5 });
});

test('itemsPerPage says 0, or what it is told to', async () => {
  await sandbox.fault({ kind: 'items-per-page', count: 1 });
  expect((await ask(sandbox, 'GET', '/Users?count=2')).body['itemsPerPage']).toBe(0);
  await sandbox.fault({ kind: 'items-per-page', value: 50 });
  expect((await ask(sandbox, 'GET', '/Users?count=2')).body['itemsPerPage']).toBe(50);
});

test('totalResults is wrong, or a text', async () => {
  await sandbox.fault({ kind: 'wrong-total', total: 99, count: 1 });
  expect((await ask(sandbox, 'GET', '/Users')).body['totalResults']).toBe(99);
  await sandbox.fault({ kind: 'wrong-total', asText: true });
  expect((await ask(sandbox, 'GET', '/Users')).body['totalResults']).toBe('5');
});

test('several habits come together', async () => {
  await sandbox.fault({ kind: 'odd-paging', startIndexCounts: 'from-0' });
  await sandbox.fault({ kind: 'items-per-page' });
  await sandbox.fault({ kind: 'wrong-total', total: 0 });
  const answer = await ask(sandbox, 'GET', '/Users?startIndex=4&count=2');
  expect(answer.body).toMatchObject({ startIndex: 4, itemsPerPage: 0, totalResults: 0 });
  expect(userNames(answer)).toEqual(['e']);
});

test('they strike lists of groups as well, and nothing else', async () => {
  await ask(sandbox, 'POST', '/Groups', { displayName: 'x' });
  await sandbox.fault({ kind: 'wrong-total', total: 7 });
  expect((await ask(sandbox, 'GET', '/Groups')).body['totalResults']).toBe(7);
  const { id } = await sandbox.seed({ userName: 'f' });
  await ask(sandbox, 'GET', `/Users/${id}`);
  const struck = (await sandbox.journal()).map(({ faults }) => faults);
  expect(struck).toEqual([[], ['wrong-total'], []]);
});

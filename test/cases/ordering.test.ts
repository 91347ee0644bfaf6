/**
 * Somebody's first and last day, by the example for HR systems as it is shipped to the requests that the target received,
 * with the clock of the incident (O-21). What events do to each other is in `lifecycle.test.ts` and `events.test.ts`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceMoments } from '../../app/sync/moments.ts';
import { type Case, startCase } from '../support/example-case.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';

const HIRE = {
  mail: 'Ada@example.com',
  givenName: 'Ada',
  sn: 'Lovelace',
  site: 'AKL',
  startDate: '2026-04-01',
};
const MADE = [
  'POST',
  {
    schemas: [CORE, LEANKIT],
    externalId: '1002',
    userName: 'ada@example.com',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    timezone: 'Pacific/Auckland',
    active: false,
    [LEANKIT]: { administrator: false, boardCreator: false, dateFormat: 'dd/mm/yyyy' },
  },
];
const ON = ['PATCH', { schemas: [CORE], active: true }];
const OFF = ['PATCH', { schemas: [CORE], active: false }];

let rig: Case;
beforeAll(async () => {
  rig = await startCase('agileplace-hr', 'agileplace');
});
beforeEach(async () => {
  await rig.clear();
  rig.turnTo('2026-03-01T12:00:00Z');
});
afterAll(() => rig.stop());

/** A tick at this time, and whoever is due by it. @returns what the target received */
async function tickAt(time: string) {
  rig.turnTo(time);
  await announceMoments(['agileplace'], { ...rig.reading, timers: rig.stores.timers });
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
  return await rig.sent();
}

test('O-21 e: the account is there a week before, active from midnight in Auckland, and off after the last day', async () => {
  await rig.tell('1002', { ...HIRE, endDate: '2026-06-30' });
  expect(await tickAt('2026-03-24T10:59:59Z')).toEqual([]);
  expect(await tickAt('2026-03-24T11:00:09Z')).toEqual([MADE]);
  expect(await tickAt('2026-03-31T10:59:59Z')).toEqual([]);
  expect(await tickAt('2026-03-31T11:00:09Z')).toEqual([ON]);
  expect(await tickAt('2026-06-30T11:59:59Z')).toEqual([]);
  expect(await tickAt('2026-06-30T12:00:09Z')).toEqual([OFF]);
  expect(await tickAt('2027-01-01T00:00:00Z')).toEqual([]);
});

test('O-21 a: a hire that is cancelled before that week gets no account', async () => {
  await rig.tell('1002', HIRE);
  await rig.attempt(await rig.gone('1002'));
  expect(await tickAt('2026-03-31T11:00:09Z')).toEqual([]);
  expect(await rig.sandbox.accounts()).toEqual([]);
});

test('O-21 b: one that is cancelled in it keeps an account that was never active', async () => {
  await rig.tell('1002', HIRE);
  expect(await tickAt('2026-03-24T11:00:09Z')).toEqual([MADE]);
  rig.turnTo('2026-03-28T09:00:00Z');
  await rig.attempt(await rig.gone('1002'));
  expect(await tickAt('2026-03-31T11:00:09Z')).toEqual([]);
});

test('O-21 c: a first day that is moved two days before counts at its own midnight, an hour later by then', async () => {
  await rig.tell('1002', HIRE);
  expect(await tickAt('2026-03-24T11:00:09Z')).toEqual([MADE]);
  rig.turnTo('2026-03-30T09:00:00Z');
  await rig.tell('1002', { ...HIRE, startDate: '2026-04-15' });
  expect(await tickAt('2026-03-31T11:00:09Z')).toEqual([]);
  expect(await tickAt('2026-04-14T11:59:59Z')).toEqual([]);
  expect(await tickAt('2026-04-14T12:00:09Z')).toEqual([ON]);
});

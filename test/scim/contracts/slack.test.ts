/**
 * Slack's SCIM API v1.1: https://docs.slack.dev/reference/scim-api and https://docs.slack.dev/reference/scim-api/rate-limits;
 * the form of an error from github.com/slackapi/java-slack-sdk (json-logs/samples/scim/v1).
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { failureOf, NOW } from '../set-up.ts';
import { change, vendor } from './vendor.ts';

const CORE = ['urn:scim:schemas:core:1.0'];
const GUEST = 'urn:scim:schemas:extension:slack:guest:1.0';
const ADA: ScimUser = {
  userName: 'ada.l',
  name: { familyName: 'Lovelace', givenName: 'Ada' },
  emails: [{ value: 'ada@example.test', type: 'work', primary: true }],
  title: 'Analyst',
  active: true,
};
/** No type comes back with an address, and externalId is there and blank. */
const SHOWN = {
  schemas: CORE,
  id: 'U1A23BC4D',
  externalId: '',
  meta: { created: '2026-03-01T10:00:00-07:00', location: 'https://api.slack.com/scim/v1/Users/U1A23BC4D' },
  ...ADA,
  nickName: 'ada.l',
  emails: [{ value: 'ada@example.test', primary: true }],
  groups: [],
};
const ACCOUNT = { id: 'U1A23BC4D', user: ADA };

const slack = vendor('slack', '/scim/v1');

test('a guest is made with the extension named among the schemas', async () => {
  const guest: ScimUser = { ...ADA, [GUEST]: { type: 'multi', expiration: '2026-11-30T23:59:59Z' } };
  slack.answers({ status: 201, body: { ...SHOWN, schemas: [...CORE, GUEST], [GUEST]: guest[GUEST] } });
  expect(await slack.target().create(guest, aCall())).toMatchObject({
    kind: 'written',
    account: { id: 'U1A23BC4D' },
  });
  expect(slack.bodies()).toEqual([{ schemas: [...CORE, GUEST], ...guest }]);
});

test('an error that is no list, with a number for its code, is read', async () => {
  slack.answers({ status: 409, body: { Errors: { description: 'username_taken', code: 409 } } });
  expect(await slack.target().create(ADA, aCall())).toEqual({
    kind: 'conflict',
    status: 409,
    words: 'username_taken',
  });
});

test('who leaves is switched off by DELETE, and the account that stays is read', async () => {
  const off: ScimUser = { ...ADA, active: false };
  slack.answers({ status: 200 }, { status: 200, body: { ...SHOWN, active: false } });
  const updated = await change(slack.target(), ACCOUNT, ['active'], false, off);
  expect(updated).toMatchObject({ kind: 'written', account: { id: 'U1A23BC4D', user: { active: false } } });
  expect(slack.lines()).toEqual(['DELETE /scim/v1/Users/U1A23BC4D', 'GET /scim/v1/Users/U1A23BC4D']);
});

test('who comes back is switched on by PATCH', async () => {
  slack.answers({ status: 200, body: SHOWN });
  await change(slack.target(), { id: 'U1A23BC4D', user: { ...ADA, active: false } }, ['active'], true, ADA);
  expect(slack.lines()).toEqual(['PATCH /scim/v1/Users/U1A23BC4D']);
  expect(slack.bodies()).toEqual([{ schemas: CORE, active: true }]);
});

test('a given name alone, and a title that goes, are sent as Slack documents them', async () => {
  slack.answers({ status: 200, body: SHOWN }, { status: 200, body: { ...SHOWN, title: '' } });
  const target = slack.target();
  const other: ScimUser = { ...ADA, name: { familyName: 'Lovelace', givenName: 'Augusta' } };
  await change(target, ACCOUNT, ['name', 'givenName'], 'Augusta', other);
  const { title: _title, ...untitled } = ADA;
  await change(target, ACCOUNT, ['title'], undefined, untitled as ScimUser);
  expect(slack.bodies()).toEqual([
    { schemas: CORE, name: { givenName: 'Augusta' } },
    { schemas: CORE, meta: { attributes: ['title'] } },
  ]);
});

test('429 waits for as long as Retry-After says, also where two writes met at one user', async () => {
  slack.answers({
    status: 429,
    body: { Errors: { description: 'too_many_requests', code: 429 } },
    headers: { 'retry-after': '30' },
  });
  const failure = await failureOf(change(slack.target(), ACCOUNT, ['title'], 'Countess', ADA));
  expect(failure).toMatchObject({ name: 'RateLimited', until: new Date(NOW.getTime() + 30_000) });
});

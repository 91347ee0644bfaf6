/**
 * Slack's habits, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { startSandbox } from '../../support/sandbox.ts';
import { search, ask as send } from '../scim-request.ts';
import { ANA, CORE, ENTERPRISE, inDialect, statusAndBody } from './in-dialect.ts';

const server = inDialect('slack');
const { ask, created, read, patch } = server;
const PARTIAL = { schemas: [CORE] };

test('a create needs an e-mail address, and a userName that is one becomes a name', async () => {
  const without = await ask('POST', '/Users', { ...PARTIAL, userName: 'ana' });
  expect(statusAndBody(without)).toEqual([
    400,
    { Errors: { description: 'emails: is required', code: 400 } },
  ]);
  const { body } = await ask('POST', '/Users', { ...ANA, userName: 'Ana.Roe+x@corp.test' });
  expect(body['userName']).toBe('ana.roex');
});

test('of e-mail addresses two are kept, the primary and a second one; of roles, one', async () => {
  const emails = [{ value: 'c@corp.test' }, { value: 'b@corp.test', type: 'work' }, { value: 'd@corp.test' }];
  const roles = ['Lead', { value: 'Owner', primary: true }];
  const { body } = await ask('POST', '/Users', { ...ANA, emails, roles });
  expect(body['emails']).toEqual([
    { value: 'b@corp.test', primary: true },
    { value: 'c@corp.test', primary: false },
  ]);
  expect(body['roles']).toEqual([{ value: 'Owner', primary: true }]);
});

test('a PATCH of e-mail addresses fills the places that it names', async () => {
  const second = { value: 'second@corp.test', primary: false };
  const id = await created({ emails: [...ANA.emails, { value: 'second@corp.test' }] });
  const emails = async (sent: readonly object[]) => (await patch(id, { ...PARTIAL, emails: sent })).body;
  expect((await emails([{ value: 'new@corp.test', type: 'work' }]))['emails']).toEqual([
    { value: 'new@corp.test', primary: true },
    second,
  ]);
  expect((await emails([{ value: 'second@corp.test', operation: 'delete' }]))['emails']).toEqual([
    { value: 'new@corp.test', primary: true },
  ]);
  expect((await emails([{ value: 'new@corp.test', operation: 'delete' }]))['Errors']).toEqual({
    description: 'missing_primary_email',
    code: 400,
  });
});

test('naming emails in meta.attributes removes the second one only', async () => {
  const id = await created({ emails: [...ANA.emails, { value: 'second@corp.test' }] });
  const cleared = { ...PARTIAL, meta: { attributes: ['emails', 'title'] } };
  const { body } = await patch(id, cleared);
  expect(body['emails']).toEqual([{ value: 'ana@corp.test', primary: true }]);
  expect(body).not.toHaveProperty('title');
  const replaced = await patch(id, { ...cleared, emails: [{ value: 'x@corp.test' }] });
  expect(replaced.body['emails']).toEqual([{ value: 'x@corp.test', primary: true }]);
});

test('userName and nickName go together, externalId stays, spaces clear', async () => {
  const id = await created();
  const sent = { ...PARTIAL, nickName: 'anna', externalId: 'hr-18', title: ' ' };
  const { body } = await patch(id, sent);
  expect(body).toMatchObject({ userName: 'anna', nickName: 'anna', externalId: 'hr-17' });
  expect(body).not.toHaveProperty('title');
  const put = await ask('PUT', `/Users/${id}`, { ...ANA, externalId: 'hr-19' });
  expect(put.body['externalId']).toBe('hr-17');
});

test('attributes of an extension are named with a dot', async () => {
  const id = await created({ [ENTERPRISE]: { department: 'Maths', costCenter: '1' } });
  const { body } = await patch(id, { ...PARTIAL, meta: { attributes: [`${ENTERPRISE}.department`] } });
  expect(body[ENTERPRISE]).toEqual({ costCenter: '1' });
});

test('a body without schemas is refused', async () => {
  const { schemas: _none, ...bare } = ANA;
  expect((await ask('POST', '/Users', bare)).body).toEqual({
    Errors: { description: 'missing_schema_element', code: 400 },
  });
});

test('users are found by userName and email, with every operator', async () => {
  await created();
  const found = async (filter: string) => (await ask('GET', search(filter))).body['totalResults'];
  expect(await found('email sw "ana@" and username pr')).toBe(1);
  expect(await found('email eq "bob@corp.test"')).toBe(0);
  expect((await ask('GET', search('externalId eq "hr-17"'))).status).toBe(400);
  expect((await ask('GET', search('active eq true'))).status).toBe(400);
});

test('a user who is being written to cannot be written to by somebody else', async () => {
  const own = await startSandbox({ dialect: 'slack' });
  const write = (id: string) => send(own, 'PATCH', `/Users/${id}`, { ...PARTIAL, title: 'x' });
  const { id } = await own.seed(ANA);
  const { id: other } = await own.seed({ userName: 'bob', emails: ['bob@corp.test'] });
  await own.fault({ kind: 'latency', milliseconds: 600_000, count: 1 });
  const held = write(id).catch(() => 'cut');
  await expect.poll(() => own.journal()).toHaveLength(1);
  const second = await write(id);
  expect(statusAndBody(second)).toEqual([429, { Errors: { description: 'too_many_requests', code: 429 } }]);
  expect(second.headers.get('retry-after')).toBe('1');
  expect((await send(own, 'GET', `/Users/${id}`)).status).toBe(200);
  expect((await write(other)).status).toBe(200);
  await own.stop();
  expect(await held).toBe('cut');
});

test('DELETE switches off: the user can be read, found and switched on again', async () => {
  const id = await created();
  expect((await ask('DELETE', `/Users/${id}`)).status).toBe(200);
  expect(await read(id)).toMatchObject({ active: false, userName: 'ana' });
  expect((await ask('GET', search('userName eq "ana"'))).body['totalResults']).toBe(1);
  expect((await patch(id, { ...PARTIAL, active: true })).body['active']).toBe(true);
});

test('schemas are asked for by name', async () => {
  expect((await ask('GET', '/Schemas/Users')).body['name']).toBe('User');
  expect((await ask('GET', '/Schemas/Groups')).body['name']).toBe('Group');
  expect((await ask('GET', '/Schemas')).status).toBe(404);
});

test('no answer shows an ETag or a limit', async () => {
  const { headers } = await ask('POST', '/Users', ANA);
  const told = [...headers.keys()].filter((name) => /etag|ratelimit|retry/i.test(name));
  expect(told).toEqual([]);
});

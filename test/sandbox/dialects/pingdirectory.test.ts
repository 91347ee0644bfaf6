/**
 * PingDirectory's habits, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { ANA, inDialect } from './in-dialect.ts';

const server = inDialect('pingdirectory');
const { ask, created, patch } = server;

test('a list element is merged by its type, so that of two work addresses one is left', async () => {
  const id = await created();
  const emails = async (sent: readonly object[]) => (await patch(id, { emails: sent })).body['emails'];
  expect(await emails([{ value: 'new@corp.test', type: 'Work' }])).toEqual([
    { value: 'new@corp.test', type: 'Work', primary: true },
  ]);
  expect(
    await emails([
      { value: 'home@corp.test', type: 'home' },
      { value: 'b@corp.test', type: 'work' },
    ]),
  ).toEqual([
    { value: 'home@corp.test', type: 'home' },
    { value: 'b@corp.test', type: 'work', primary: true },
  ]);
});

test('a list element is deleted only where it is given whole', async () => {
  const id = await created();
  const remove = async (element: object) =>
    (await patch(id, { emails: [{ ...element, operation: 'delete' }] })).body['emails'];
  expect(await remove({ value: 'ana@corp.test' })).toEqual(ANA.emails);
  expect(await remove({ value: 'ana@corp.test', type: 'work', primary: true })).toEqual([]);
});

test('it has ETags, method override and bulk requests', async () => {
  const id = await created();
  expect((await patch(id, { title: 'x' }, 'W/"0"')).status).toBe(412);
  const override = { 'X-HTTP-Method-Override': 'DELETE' };
  expect((await ask('POST', `/Users/${id}`, undefined, override)).status).toBe(200);
  const { body } = await ask('GET', '/ServiceProviderConfigs');
  expect(body['bulk']).toEqual({ supported: true, maxOperations: 1000, maxPayloadSize: 1_000_000 });
});

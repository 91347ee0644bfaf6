import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisTrouble } from '../app/redis-words.ts';
import { connect } from '../app/store/connection.ts';
import { startRedis, type TestRedis } from './support/redis.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis('right');
});
afterAll(() => server.stop());

test.each([
  [
    'a wrong password',
    (url: string) => url.replace(':right@', ':canary@'),
    'redis refuses the user name or password of its address; check REDIS_URL or redis.url',
  ],
  [
    'a missing password',
    (url: string) => url.replace(':right@', ''),
    'redis wants a password, and its address holds none; check REDIS_URL or redis.url',
  ],
  ['no server', () => 'redis://127.0.0.1:1', 'redis cannot be reached'],
])('the log tells %s', async (_what, change, words) => {
  const redis = connect(change(server.url));
  const [error] = await once(redis, 'error');
  redis.disconnect();
  expect(redisTrouble(error)).toBe(words);
});

test('the log tells a user who lacks rights', async () => {
  const redis = connect(server.url);
  await redis.call('ACL', 'SETUSER', 'narrow', 'on', '>right', '~*', '+ping', '+info');
  await redis.auth('narrow', 'right');
  const error = await redis.get('x').catch((refused: Error) => refused);
  redis.disconnect();
  expect(error instanceof Error && redisTrouble(error)).toBe(
    'redis does not allow this user what Landbridge needs; give it all commands on the keys of redis.prefix',
  );
});

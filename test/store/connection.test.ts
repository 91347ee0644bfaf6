import { expect, test } from 'vitest';
import { settingsProblems } from '../../app/store/connection.ts';
import { redis, useRedis } from './use-redis.ts';

useRedis();

test('settings of Redis that lose work are named', async () => {
  expect(await settingsProblems(redis)).toEqual([
    'appendonly is off: work accepted in the last minutes is lost when Redis stops. Set it to yes.',
  ]);
});

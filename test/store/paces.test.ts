import { expect, test } from 'vitest';
import { createPaces } from '../../app/store/paces.ts';
import { later, store, T0, useRedis } from './use-redis.ts';

useRedis();

test('the pace of a target is that of all processes together, and a process that is silent long is none', async () => {
  let now = T0;
  const paces = createPaces(store, () => now);
  expect(await paces.view('agileplace')).toBeNull();
  await paces.tell('agileplace', 'one', 4);
  await paces.tell('agileplace', 'two', 3);
  await paces.tell('other', 'one', 9);
  expect(await paces.view('agileplace')).toBe(7);
  now = later(299);
  await paces.tell('agileplace', 'two', 1);
  now = later(300);
  expect(await paces.view('agileplace')).toBe(1);
  await paces.tell('agileplace', 'three', 2);
  expect(Object.keys(await store.redis.hgetall(store.key('pace', 'agileplace'))).sort()).toEqual([
    'three',
    'two',
  ]);
  now = later(700);
  expect(await paces.view('agileplace')).toBeNull();
});

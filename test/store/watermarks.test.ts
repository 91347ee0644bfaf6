import { expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
import type { Watermark } from '../../app/sources/source.ts';
import { createWatermarks } from '../../app/store/watermarks.ts';
import { lease, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

test('a watermark is moved by the reader only', async () => {
  const watermarks = createWatermarks(store, () => T0);
  const mine = await lease('read:corp');
  await watermarks.put('corp', 'w1' as Watermark, mine);
  expect(await watermarks.get('corp')).toBe('w1');
  expect(await watermarks.movedAt('corp')).toBe(T0.toISOString());
  await redis.del(store.key('lease', 'read:corp'));
  await expect(watermarks.put('corp', 'w2' as Watermark, mine)).rejects.toBeInstanceOf(LeaseLost);
  expect(await watermarks.get('corp')).toBe('w1');
});

import { expect, test } from 'vitest';
import { createSealedTokens } from '../../app/store/sealed-tokens.ts';
import { redis, store, useRedis } from './use-redis.ts';

useRedis();

test('a sealed token cannot be read in Redis, nor with another key (O-27)', async () => {
  await createSealedTokens(store, () => 'one passphrase').write('agileplace', 'canary-tok');
  expect(JSON.stringify(await redis.hgetall(store.key('sealed-tokens')))).not.toContain('canary');
  expect(await createSealedTokens(store, () => 'one passphrase').read('agileplace')).toBe('canary-tok');
  expect(await createSealedTokens(store, () => 'another').read('agileplace')).toBeNull();
  expect(await createSealedTokens(store, () => 'one passphrase').read('slack')).toBeNull();
});

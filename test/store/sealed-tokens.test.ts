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

test('another passphrase counts from the next use, without a restart (O-19)', async () => {
  let passphrase = 'one passphrase';
  const vault = createSealedTokens(store, () => passphrase);
  await vault.write('agileplace', 'first');
  passphrase = 'another';
  expect(await vault.read('agileplace')).toBeNull();
  await vault.write('agileplace', 'second');
  expect(await createSealedTokens(store, () => 'another').read('agileplace')).toBe('second');
  passphrase = 'one passphrase';
  expect(await vault.read('agileplace')).toBeNull();
});

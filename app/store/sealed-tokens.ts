/**
 * Tokens of our own kept in Redis, sealed with a key that Redis never sees (AES-256-GCM, key by scrypt from the
 * operator's secret). For installations on several machines, where a file would not reach everybody.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import type { Store } from './connection.ts';
import type { TokenVault } from './ports/index.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param passphrase the operator's secret, read again at each use */
export function createSealedTokens(store: Store, passphrase: () => string): TokenVault {
  const tokens = store.key('sealed-tokens');
  const keyOf = keyFrom(passphrase);
  return {
    async read(target) {
      const sealed = await store.redis.hget(tokens, target);
      return sealed === null ? null : open(keyOf(), target, Buffer.from(sealed, 'base64'));
    },
    async write(target, token) {
      await store.redis.hset(tokens, target, seal(keyOf(), target, token).toString('base64'));
    },
    async remove(target) {
      await store.redis.hdel(tokens, target);
    },
  };
}

/** A key is dear, and wanted at each request: it is made anew only where the secret has become another one. */
function keyFrom(passphrase: () => string): () => Buffer {
  let made: { readonly of: string; readonly key: Buffer } | null = null;
  return () => {
    const secret = passphrase();
    const of = createHash('sha256').update(secret).digest('base64');
    // The salt only separates this use from others of the same secret: the token is random already.
    if (made?.of !== of) made = { of, key: scryptSync(secret, 'landbridge sealed token', 32) };
    return made.key;
  };
}

function seal(key: Buffer, target: string, token: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(target));
  const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @returns null where the key is not the one it was sealed with: then a new token is got */
function open(key: Buffer, target: string, sealed: Buffer): string | null {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(target)).setAuthTag(tag);
    return cipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)) + cipher.final('utf8');
  } catch {
    return null;
  }
}

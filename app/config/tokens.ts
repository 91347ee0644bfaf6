/**
 * Inbound bearer tokens. The configuration keeps only their SHA-256, so a leaked file lets nobody in. A plain hash
 * is enough because tokens are made here with 256 random bits: there is nothing to guess.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export const SCOPES = ['events:write', 'reprovision', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export type InboundToken = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the token, lower-case hex. */
  readonly sha256: string;
};

export type Caller = { readonly name: string; readonly scopes: readonly Scope[] };

const TOKEN_BYTES = 32;

/** SHA-256 as lower-case hex, as it stands in the configuration. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** A new token. @param random gives that many unpredictable bytes, such as `randomBytes` of node:crypto */
export function newToken(random: (bytes: number) => Buffer): string {
  return `lb_${random(TOKEN_BYTES).toString('base64url')}`;
}

/** Who presents this token; null where nobody does. Takes as long whichever token it is. */
export function verifyToken(presented: string, tokens: readonly InboundToken[]): Caller | null {
  if (presented === '') return null;
  const hash = Buffer.from(hashToken(presented), 'hex');
  let caller: Caller | null = null;
  for (const { name, scopes, sha256 } of tokens) {
    const known = Buffer.from(sha256, 'hex');
    if (known.length === hash.length && timingSafeEqual(known, hash)) caller = { name, scopes };
  }
  return caller;
}

/**
 * A token that Landbridge got for itself, as it lies in a vault: its text and what has to be known to use, renew and
 * revoke it. Reads also a bare token that somebody put there by hand. Pure.
 */
import { createHash } from 'node:crypto';
import { isJsonObject } from '../resource.ts';
import { readJson } from '../wire/json-text.ts';

export type KeptToken = {
  readonly text: string;
  /** By which the target lists and revokes it; null where that is not known. */
  readonly id: string | null;
  /** Who it was made for, as `fingerprint` has it; null where that is not known. */
  readonly madeFor: string | null;
  readonly obtainedAt: Date | null;
  /** By our clock; null where it does not expire, or not that we know. */
  readonly expiresAt: Date | null;
};

/** Renewed so long before it expires: a tenth of its life, at most a minute. */
const MARGIN = { share: 0.1, mostMs: 60_000 };

export function formatKept({ text, id, madeFor, obtainedAt, expiresAt }: KeptToken): string {
  return JSON.stringify({ token: text, id, madeFor, obtainedAt, expiresAt });
}

/** @returns null where there is no token in it */
export function parseKept(written: string | null): KeptToken | null {
  if (written === null) return null;
  const json = readJson(written);
  if (!isJsonObject(json)) return bare(written.trim());
  const text = textOf(json.token) ?? '';
  if (text === '') return null;
  return {
    text,
    id: textOf(json.id),
    madeFor: textOf(json.madeFor),
    obtainedAt: dateOf(json.obtainedAt),
    expiresAt: dateOf(json.expiresAt),
  };
}

/** Tells whether a token was made for somebody or something else than it would be made for now. */
export function fingerprint(madeFor: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(madeFor)).digest('hex').slice(0, 16);
}

/** `ageing`: still good, but another one should be there soon. */
export function freshness({ obtainedAt, expiresAt }: KeptToken, now: Date): 'good' | 'ageing' | 'over' {
  if (expiresAt === null) return 'good';
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0) return 'over';
  const life = obtainedAt === null ? Number.POSITIVE_INFINITY : expiresAt.getTime() - obtainedAt.getTime();
  return left > Math.min(MARGIN.mostMs, life * MARGIN.share) ? 'good' : 'ageing';
}

function bare(text: string): KeptToken | null {
  return text === '' ? null : { text, id: null, madeFor: null, obtainedAt: null, expiresAt: null };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function dateOf(value: unknown): Date | null {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

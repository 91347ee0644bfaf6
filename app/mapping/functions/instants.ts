/**
 * Moments and dates as texts: a moment is `2026-03-01T12:00:00Z`, a date `2026-03-01`, both ISO 8601. Reads the forms in
 * which directories keep moments: FILETIME ([MS-DTYP] 2.3.3) and generalised time (RFC 4517 section 3.3.13). Pure.
 */
import { DateTime } from 'luxon';
import { CannotTell } from './cannot-tell.ts';

/** FILETIME counts from 1601, in units of 100 ns. */
const UNITS_PER_MILLISECOND = 10_000n;
const MILLISECONDS_1601_TO_1970 = 11_644_473_600_000n;
const FAR_FUTURE = Date.UTC(10_000, 0, 1);

/** The value that says never, besides 0 ([MS-ADA1] 2.2, accountExpires). */
const NEVER = 9_223_372_036_854_775_807n;

/** @param milliseconds since 1970 */
export function instantText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

/** Longer ones are no dates, and need not be looked at. */
export const LONGEST_TIME = 64;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function isDate(text: string): boolean {
  return DATE.test(text);
}

/**
 * @param text a moment in ISO 8601, or a date, which begins at midnight in UTC
 * @returns milliseconds since 1970
 */
export function instantOf(text: string): number {
  const known = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(
    text,
  );
  if (!known && !isDate(text)) throw new CannotTell(NO_MOMENT);
  return valid(DateTime.fromISO(text, { zone: 'utc' }));
}

export const NO_MOMENT =
  'a text that should be a moment is none: 2026-03-01T12:00:00Z, or a date, 2026-03-01, is wanted';

/** @throws CannotTell where it is none */
function valid(time: DateTime): number {
  if (!time.isValid) throw new CannotTell('a text that should be a date is none');
  return time.toMillis();
}

export type Filetime =
  | { readonly kind: 'moment'; readonly milliseconds: number }
  /** `odd`: far away, and not written as the servers write it. */
  | { readonly kind: 'never'; readonly odd: boolean };

/** 100 ns since 1601 as digits; 0, the largest number and everything after the year 9999 are never (O-07 a, b, l, m). */
export function filetime(text: string): Filetime {
  if (!/^\d{1,19}$/.test(text)) throw new CannotTell('a text that should be a FILETIME is none');
  const units = BigInt(text);
  if (units === 0n || units === NEVER) return { kind: 'never', odd: false };
  const milliseconds = Number(units / UNITS_PER_MILLISECOND - MILLISECONDS_1601_TO_1970);
  return milliseconds >= FAR_FUTURE ? { kind: 'never', odd: true } : { kind: 'moment', milliseconds };
}

/** `20260301120000Z`, `202603011200+0100`, `20260301120000.5Z`; the fraction is of the last part that is there. */
const GENERALISED =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,](\d{1,9}))?(?:Z|([+-]\d{2})(\d{2})?)$/;

/** @returns milliseconds since 1970 */
export function generalizedTime(text: string): number {
  const parts = text.length > LONGEST_TIME ? null : GENERALISED.exec(text);
  if (parts === null) throw new CannotTell('a text that should be a generalised time is none');
  const [, year, month, day, hour, minute, second, fraction, zoneHours, zoneMinutes] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute ?? '00'}:${second ?? '00'}`;
  const offset = zoneHours === undefined ? 'Z' : `${zoneHours}:${zoneMinutes ?? '00'}`;
  const unit = second !== undefined ? 1_000 : minute !== undefined ? 60_000 : 3_600_000;
  const rest = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * unit);
  return valid(DateTime.fromISO(`${iso}${offset}`, { zone: 'utc' })) + rest;
}

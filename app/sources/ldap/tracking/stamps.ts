/**
 * How far an LDAP directory has been read: made from the server's own stamps, never from our clock, which may differ.
 *
 * A sweep takes time, and an entry that changes while it runs may be missed although later stamps were seen. So a
 * mark holds two stamps: `seen`, the newest stamp met, and `from`, up to which nothing can have been missed (`seen`
 * less the time the read took; after the next read, what it had seen before). The overlap for late replication is
 * taken off only when the filter is made. A malformed stamp in a filter matches nothing and gives no error, so
 * everything is checked here before it is used.
 */
import { z } from 'zod';

/** Which stamp is followed. entryCSN has microseconds; modifyTimestamp is for directories without it. */
export type Marker = 'entryCSN' | 'modifyTimestamp';

/** Microseconds since 1970; exact as a number until the year 2255. */
export type Micros = number;

export type StampMark = { readonly by: Marker; readonly from: Micros; readonly seen: Micros };

/** Stands for "from the beginning". modifyTimestamp is the one stamp that every directory has. */
export const BEGINNING: StampMark = { by: 'modifyTimestamp', from: 0, seen: 0 };

const stored = z.object({
  by: z.enum(['entryCSN', 'modifyTimestamp']),
  from: z.string(),
  seen: z.string(),
});

/** A mark as it is kept: stamps as servers write them. */
export type StoredMark = z.infer<typeof stored>;

export function storeMark({ by, from, seen }: StampMark): StoredMark {
  return { by, from: formatMicros(from), seen: formatMicros(seen) };
}

/** @returns null where this is not a mark that `storeMark` made */
export function loadMark(kept: unknown): StampMark | null {
  const result = stored.safeParse(kept);
  if (!result.success) return null;
  const from = parseStamp(result.data.from);
  const seen = parseStamp(result.data.seen);
  return from === null || seen === null || from > seen ? null : { by: result.data.by, from, seen };
}

/** Generalised time in UTC with seconds, as servers write it: `20260301120000Z`, `20260301120000.0Z`. */
export function parseStamp(text: string): Micros | null {
  const second = secondIn(text);
  if (second === null) return null;
  if (text.length === 15) return text.endsWith('Z') ? second : null;
  const fraction = /^[.,](\d{1,9})Z$/.exec(text.slice(14))?.[1];
  return fraction === undefined ? null : second + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/**
 * The 14 digits that a stamp begins with. The same second comes with many entries in a row, after a bulk change even
 * with all.
 */
function secondIn(text: string): Micros | null {
  const digits = text.slice(0, 14);
  if (digits !== lastSecond.digits) lastSecond = { digits, micros: parseSecond(digits) };
  return lastSecond.micros;
}

let lastSecond: { readonly digits: string; readonly micros: Micros | null } = { digits: '', micros: null };

function parseSecond(digits: string): Micros | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(iso);
  // `new Date` rolls 31 February over to March; a stamp that does not come back as it went in is not one.
  return Number.isNaN(time.getTime()) || time.toISOString() !== iso ? null : time.getTime() * 1000;
}

/** The time part of an entryCSN `20260301120000.123456Z#000000#001#000000`; a CSN without its parts is none. */
export function parseCsn(text: string): Micros | null {
  const match = /^(\d{14}(?:\.\d{6})?Z)#[0-9a-f]{6}#[0-9a-f]{2,3}#[0-9a-f]{6}$/i.exec(text);
  return match?.[1] === undefined ? null : parseStamp(match[1]);
}

/** The value for `>=` that finds everything the mark does not vouch for, with the overlap. */
export function lowerBound(mark: StampMark, overlapMs: number): string {
  const micros = Math.max(0, mark.from - overlapMs * 1000);
  if (mark.by === 'entryCSN') return `${formatMicros(micros)}#000000#000#000000`;
  return formatMicros(micros).replace(/\.\d{6}Z$/, 'Z');
}

/** What a read has met so far. A marker is usable while every entry had it. */
export type Progress = { readonly [marker in Marker]: { readonly newest: Micros; readonly onAll: boolean } };

export const NOTHING_MET: Progress = {
  entryCSN: { newest: 0, onAll: true },
  modifyTimestamp: { newest: 0, onAll: true },
};

export function meet(progress: Progress, stamps: { readonly [marker in Marker]: Micros | null }): Progress {
  const step = (marker: Marker) => ({
    newest: Math.max(progress[marker].newest, stamps[marker] ?? 0),
    onAll: progress[marker].onAll && stamps[marker] !== null,
  });
  return { entryCSN: step('entryCSN'), modifyTimestamp: step('modifyTimestamp') };
}

/**
 * The mark after a complete read.
 * @returns null where entries carry neither stamp, so that changes cannot be followed
 */
export function nextMark(since: StampMark | null, progress: Progress, tookMs: number): StampMark | null {
  const by = since?.by ?? (['entryCSN', 'modifyTimestamp'] as const).find((marker) => progress[marker].onAll);
  if (by === undefined || !progress[by].onAll) return null;
  const { newest } = progress[by];
  if (newest === 0) return since ?? BEGINNING;
  const settled = Math.max(0, newest - Math.max(0, tookMs) * 1000);
  return { by, from: Math.max(since?.seen ?? 0, settled), seen: Math.max(since?.seen ?? 0, newest) };
}

function formatMicros(micros: Micros): string {
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  const seconds = iso.slice(0, 19).replace(/[-:T]/g, '');
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
}

/**
 * Days in zones, and times against the time it is: what the functions of `time.ts` compute. Absent in, absent out; what
 * cannot be understood is thrown as `CannotTell`.
 */
import { DateTime, IANAZone } from 'luxon';
import type { PersonAtHand } from '../at-hand.ts';
import { remembering } from '../remembering.ts';
import { CannotTell } from './cannot-tell.ts';
import { filetime, instantOf, instantText, isDate, LONGEST_TIME } from './instants.ts';

const NO_DATE = 'a text that should be a date is none';
const NO_ZONE = 'a text that should be a time zone is none: a name such as Europe/Paris is wanted';
/** Some 2,700 years; beyond that a date is a slip. */
const MOST_DAYS = 1_000_000n;
/** HR systems write 9999-12-31 for never: the day after it is never, too. */
const LAST_MOMENT = DateTime.utc(9999, 12, 31, 23, 59, 59, 999);

export function reached(text: string, person: PersonAtHand): boolean {
  if (text === '') return false;
  const moment = instantOf(text);
  person.changesAt(moment);
  return person.now() >= moment;
}

/** Where it is compared with the time it is, the moment at which the answer turns is noted. */
export function before(a: string, b: string, person: PersonAtHand): boolean {
  if (a === '' || b === '') return false;
  const [first, second] = [instantOf(a), instantOf(b)];
  const now = person.now();
  if (first === now) person.changesAt(second);
  if (second === now) person.changesAt(first + 1);
  return first < second;
}

export function startOfDay(text: string, zone: string): string {
  if (text === '') return '';
  const day = isDate(text)
    ? DateTime.fromISO(text, { zone: zoneNamed(zone) })
    : DateTime.fromMillis(instantOf(text), { zone: zoneNamed(zone) });
  return momentText(day.startOf('day'));
}

export function plusDays(text: string, days: bigint): string {
  if (text === '') return '';
  if (days > MOST_DAYS || days < -MOST_DAYS) throw new CannotTell('more days are added than there are');
  const start = DateTime.fromMillis(instantOf(text), { zone: 'utc' });
  const moved = DateTime.min(start.plus({ days: Number(days) }), LAST_MOMENT);
  return isDate(text) ? dateText(moved) : momentText(moved);
}

/** @param text ISO 8601, with a time or without; the date as it is written there */
export function dateFromIso(text: string): string {
  if (text === '') return '';
  return dateText(text.length > LONGEST_TIME ? null : DateTime.fromISO(text, { setZone: true }));
}

export function dateFromFormat(text: string, format: string): string {
  return text === '' ? '' : dateText(timeFromFormat(text, format, 'utc'));
}

export function momentFromFormat(text: string, format: string, zone: string): string {
  return text === '' ? '' : momentText(timeFromFormat(text, format, zoneNamed(zone)));
}

export function filetimeText(text: string): string {
  if (text === '') return '';
  const time = filetime(text);
  return time.kind === 'never' ? '' : instantText(time.milliseconds);
}

/** @returns why the zone cannot be used, or null */
export function zoneFault(zone: string): string | null {
  return IANAZone.isValidZone(zone)
    ? null
    : `there is no time zone "${zone}". Write a name such as "Europe/Paris".`;
}

/** @returns why the format cannot be used, or null: what it writes of a day has to be that day when it is read again */
export function formatFault(format: string): string | null {
  // In capitals they stand for whole dates in a language, so that what was meant would be read of nobody.
  const meant = format.replaceAll('D', 'd').replaceAll('Y', 'y');
  if (meant !== format && !format.includes("'"))
    return `"${format}" writes days or years in capitals. Did you mean "${meant}"?`;
  const day = DateTime.utc(1987, 11, 25);
  const again = DateTime.fromFormat(day.toFormat(format, { locale: 'en' }), format, {
    zone: 'utc',
    locale: 'en',
  });
  if (again.isValid && again.hasSame(day, 'day')) return null;
  return `"${format}" does not tell year, month and day. Write a format such as "dd.MM.yyyy".`;
}

function timeFromFormat(text: string, format: string, zone: string): DateTime | null {
  if (text.length > LONGEST_TIME) return null;
  return DateTime.fromFormatParser(text, parserOf(format), { zone, locale: 'en', setZone: zone === 'utc' });
}

function zoneNamed(zone: string): string {
  if (!isZone(zone)) throw new CannotTell(NO_ZONE);
  return zone;
}

// Both take longer than the rest of a person.
const isZone = remembering((zone) => IANAZone.isValidZone(zone));
const parserOf = remembering((format) => DateTime.buildFormatParser(format, { locale: 'en' }));

function dateText(time: DateTime | null): string {
  const text = time?.isValid === true && isFourDigitYear(time) ? time.toISODate() : null;
  if (text === null) throw new CannotTell(NO_DATE);
  return text;
}

function momentText(time: DateTime | null): string {
  if (time?.isValid !== true || !isFourDigitYear(time)) throw new CannotTell(NO_DATE);
  return instantText(time.toMillis());
}

function isFourDigitYear({ year }: DateTime): boolean {
  return year >= 1 && year <= 9999;
}

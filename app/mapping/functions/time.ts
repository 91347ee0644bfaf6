/**
 * Functions over time. A date such as 2026-04-01 begins at another moment in each zone, so `startOfDay` makes a moment
 * of it; zones are those of the IANA database, and days are as long as they are there, with daylight saving (O-21).
 *
 * `reached` notes the moment it waits for, so that whoever it concerns is looked at again by then without any change at
 * the source. A date that cannot be understood is no date that has not come yet: these functions then say that they
 * cannot tell.
 */
import {
  before,
  dateFromFormat,
  dateFromIso,
  filetimeText,
  formatFault,
  momentFromFormat,
  plusDays,
  reached,
  startOfDay,
  zoneFault,
} from './calendar.ts';
import { generalizedTime, instantText, NO_MOMENT } from './instants.ts';
import type { LibraryFunction } from './library.ts';

export const TIME: readonly LibraryFunction[] = [
  {
    name: 'reached',
    usage: 'reached(time)',
    gives:
      'whether that moment has come; where it has not, the person is looked at again by then. A date begins at midnight in UTC; absent is never reached',
    examples: [
      {
        expression: 'reached(startOfDay(e.startDate, "Pacific/Auckland"))',
        at: '2026-03-31T10:59:59Z',
        entry: { startDate: '2026-04-01' },
        gives: false,
      },
      {
        expression: 'reached(startOfDay(e.startDate, "Pacific/Auckland"))',
        at: '2026-03-31T11:00:00Z',
        entry: { startDate: '2026-04-01' },
        gives: true,
      },
      { expression: 'reached(e.endDate)', gives: false },
      { expression: 'reached(e.endDate)', entry: { endDate: 'soon' }, fails: NO_MOMENT },
    ],
    overloads: (person) => [
      { signature: 'reached(string): bool', handler: (text: string) => reached(text, person) },
    ],
  },
  {
    name: 'startOfDay',
    usage: 'startOfDay(date, zone)',
    gives: 'the moment at which that day begins in that zone; of a moment, the beginning of its day there',
    examples: [
      {
        expression: 'startOfDay(e.startDate, "Pacific/Auckland")',
        entry: { startDate: '2026-04-01' },
        gives: '2026-03-31T11:00:00Z',
      },
      {
        expression: 'startOfDay(e.startDate, "Pacific/Auckland")',
        entry: { startDate: '2026-04-15' },
        gives: '2026-04-14T12:00:00Z',
      },
      {
        expression: 'startOfDay(e.startDate, e.zone)',
        entry: { startDate: '2026-04-01', zone: 'America/Los_Angeles' },
        gives: '2026-04-01T07:00:00Z',
      },
    ],
    constants: { 1: zoneFault },
    overloads: () => [{ signature: 'startOfDay(string, string): string', handler: startOfDay }],
  },
  {
    name: 'plusDays',
    usage: 'plusDays(time, days)',
    gives:
      'the date so many days later, or, with a number below 0, earlier; of a moment, so many times 24 hours',
    examples: [
      { expression: 'plusDays(e.startDate, -7)', entry: { startDate: '2026-04-01' }, gives: '2026-03-25' },
      {
        expression: 'startOfDay(plusDays(e.startDate, -7), "Pacific/Auckland")',
        entry: { startDate: '2026-04-08' },
        gives: '2026-03-31T11:00:00Z',
      },
      {
        expression: 'reached(startOfDay(plusDays(e.endDate, 1), "Europe/Paris"))',
        entry: { endDate: '9999-12-31' },
        gives: false,
      },
      {
        expression: 'plusDays(e.until, 1)',
        entry: { until: '2026-03-28T12:00:00+01:00' },
        gives: '2026-03-29T11:00:00Z',
      },
    ],
    overloads: () => [{ signature: 'plusDays(string, int): string', handler: plusDays }],
  },
  {
    name: 'date',
    usage: 'date(text) or date(text, format) or date(text, format, zone)',
    gives:
      'the date that a text says, as 2026-04-01; with a zone, the moment. The format is written with [these letters](https://moment.github.io/luxon/#/parsing?id=table-of-tokens); without one, ISO 8601 is expected',
    examples: [
      {
        expression: 'date(e.startDate, "dd.MM.yyyy")',
        entry: { startDate: '01.04.2026' },
        gives: '2026-04-01',
      },
      {
        expression: 'date(e.hired, "M/d/yyyy H:mm", "America/New_York")',
        entry: { hired: '4/1/2026 9:00' },
        gives: '2026-04-01T13:00:00Z',
      },
      { expression: 'date(e.hired)', entry: { hired: '2026-04-01T09:00:00' }, gives: '2026-04-01' },
      {
        expression: 'date(e.startDate, "dd.MM.yyyy")',
        entry: { startDate: '31.02.2026' },
        fails: 'a text that should be a date is none',
      },
    ],
    constants: { 1: formatFault, 2: zoneFault },
    mustBeConstant: [1],
    overloads: () => [
      { signature: 'date(string): string', handler: dateFromIso },
      { signature: 'date(string, string): string', handler: dateFromFormat },
      { signature: 'date(string, string, string): string', handler: momentFromFormat },
    ],
  },
  {
    name: 'before',
    usage: 'before(time, time)',
    gives: 'whether the first is earlier than the second; false where either is absent',
    examples: [
      {
        expression: 'before(e.startDate, e.endDate)',
        entry: { startDate: '2026-04-01', endDate: '2026-03-31T23:00:00Z' },
        gives: false,
      },
    ],
    overloads: (person) => [
      { signature: 'before(string, string): bool', handler: (a: string, b: string) => before(a, b, person) },
    ],
  },
  {
    name: 'now',
    usage: 'now()',
    gives: 'the moment it is. For comparing: an attribute made of it would be another one at each look',
    examples: [{ expression: 'before(e.endDate, now())', entry: { endDate: '2026-02-28' }, gives: true }],
    overloads: (person) => [{ signature: 'now(): string', handler: () => instantText(person.now()) }],
  },
  {
    name: 'filetime',
    usage: 'filetime(text)',
    gives:
      'the moment that Active Directory keeps as 100 ns since 1601, as in accountExpires; nothing for never',
    examples: [
      {
        expression: 'filetime(e.accountExpires)',
        entry: { accountExpires: '134168832000000000' },
        gives: '2026-03-02T00:00:00Z',
      },
      { expression: 'filetime(e.accountExpires)', entry: { accountExpires: '9223372036854775807' } },
      { expression: 'filetime(e.accountExpires)', entry: { accountExpires: '0' } },
    ],
    overloads: () => [{ signature: 'filetime(string): string', handler: filetimeText }],
  },
  {
    name: 'generalizedTime',
    usage: 'generalizedTime(text)',
    gives: 'the moment that LDAP keeps as 20260301120000Z, as in createTimestamp',
    examples: [
      {
        expression: 'generalizedTime(e.whenCreated)',
        entry: { whenCreated: '20260301120000.0Z' },
        gives: '2026-03-01T12:00:00Z',
      },
      {
        expression: 'generalizedTime(e.whenCreated)',
        entry: { whenCreated: '202603011200+0100' },
        gives: '2026-03-01T11:00:00Z',
      },
    ],
    overloads: () => [
      {
        signature: 'generalizedTime(string): string',
        handler: (text: string) => (text === '' ? '' : instantText(generalizedTime(text))),
      },
    ],
  },
];

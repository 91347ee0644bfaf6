/** Ways in which servers answer a list, one at a time: what was seen in the field, and what would be worse. */
import { isJsonList, type Json, type JsonObject } from '../../../app/scim/resource.ts';
import { type Habit, inOrder } from './simulated-list.ts';

export type NamedHabit = {
  readonly what: string;
  readonly habit: Habit;
  /** False where a server that also gave less than was asked for could not be seen through (`paging.ts`). */
  readonly cuts?: false;
};

export const HABITS: readonly NamedHabit[] = [
  { what: 'as the draft has it', habit: {} },
  { what: 'startIndex ignored (O-15)', habit: { entries: (ids, { size }) => ids.slice(0, size) } },
  {
    what: 'startIndex held at the last page',
    habit: {
      entries: (ids, asked) => (asked.from < ids.length ? inOrder(ids, asked) : ids.slice(-asked.size)),
    },
  },
  { what: 'itemsPerPage 0', habit: telling(() => ({ itemsPerPage: 0 })) },
  { what: 'itemsPerPage made up', habit: telling((_body, noise) => ({ itemsPerPage: noise })) },
  { what: 'startIndex given back as 0', habit: telling(() => ({ startIndex: 0 })) },
  { what: 'more than asked for', habit: { size: (count, noise) => count + noise } },
  { what: 'all at once', habit: { entries: (ids) => ids } },
  {
    what: 'another order each time',
    habit: { entries: (ids, asked) => inOrder(rotated(ids, asked.before * asked.noise), asked) },
  },
  {
    what: 'the one before comes again',
    habit: { entries: (ids, { from, size }) => ids.slice(Math.max(from - 1, 0), from + size) },
  },
  { what: 'no total', habit: { envelope: (body) => without('totalResults', body) } },
  { what: 'total as text', habit: telling(({ totalResults }) => ({ totalResults: String(totalResults) })) },
  {
    what: 'total too low',
    habit: telling((body, noise) => ({ totalResults: Math.max(Number(body.totalResults) - noise, 0) })),
    cuts: false,
  },
  {
    what: 'total too high',
    habit: telling((body, noise) => ({ totalResults: Number(body.totalResults) + noise })),
  },
  {
    what: 'total of the page',
    habit: telling((body) => ({ totalResults: entriesIn(body).length })),
    cuts: false,
  },
  {
    what: 'resources in lower case',
    habit: { envelope: (body) => ({ ...without('Resources', body), resources: entriesIn(body) }) },
  },
  {
    what: 'no Resources where there are none',
    habit: { envelope: (body) => (entriesIn(body).length > 0 ? body : without('Resources', body)) },
  },
];

function telling(words: (body: JsonObject, noise: number) => JsonObject): Habit {
  return { envelope: (body, { noise }) => ({ ...body, ...words(body, noise) }) };
}

function entriesIn({ Resources = [] }: JsonObject): readonly Json[] {
  return isJsonList(Resources) ? Resources : [];
}

function without(name: string, { [name]: _gone, ...rest }: JsonObject): JsonObject {
  return rest;
}

function rotated(ids: readonly string[], by: number): readonly string[] {
  const at = ids.length === 0 ? 0 : by % ids.length;
  return [...ids.slice(at), ...ids.slice(0, at)];
}

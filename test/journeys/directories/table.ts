/** The table for people: a row for each event, a column for each server and way, what the target holds then. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { ENTERPRISE_URN, type JsonObject } from '../../../app/scim/resource.ts';
import { shown } from './accounts.ts';
import type { Column } from './column.ts';
import { isRight, type Outcome } from './event.ts';

export type Row = { readonly event: string; readonly outcomes: ReadonlyMap<string, Outcome> };

/** @returns its lines. A cell has several: what became other at the target, then whether that is right, and its price */
export function tableOf(columns: readonly Pick<Column, 'title'>[], rows: readonly Row[]): string {
  const titles = columns.map(({ title }) => title).sort();
  const head = [['event'], ...titles.map((title) => [title])];
  const body = rows.map(({ event, outcomes }) => [
    [event],
    ...titles.map((title) => cellOf(outcomes.get(title))),
  ]);
  const widths = head.map((_, at) =>
    Math.max(...[head, ...body].flatMap((row) => (row[at] ?? []).map(lengthOf))),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return [head, ...body].flatMap((row) => [...linesOf(row, widths), rule]).join('\n');
}

const lengthOf = (text: string) => text.length;

function linesOf(row: readonly Cell[], widths: readonly number[]): readonly string[] {
  const height = Math.max(...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    row
      .map((cell, at) => (cell[line] ?? '').padEnd(widths[at] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
}

/** Line by line. */
type Cell = readonly string[];

function cellOf(outcome: Outcome | undefined): Cell {
  if (outcome === undefined) return [];
  const { before, seen, bySweep } = outcome;
  const states = differences(shown(before), seen.at(-1)?.accounts ?? {});
  const writes = counted(seen.flatMap((each) => each.writes).map((write) => write.split(' ')[0] ?? ''));
  const price = writes.length === 0 ? 'no write' : writes.join(', ');
  const verdict = isRight(outcome) ? 'ok' : 'WRONG';
  return [...states, `${verdict}, ${price}${bySweep && writes.length > 0 ? ', by sweep' : ''}`];
}

type Shown = Readonly<Record<string, JsonObject>>;

function differences(before: Shown, after: Shown): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (is === undefined) return ['gone'];
    return was === undefined ? ['created'] : differenceOf(was, is);
  });
  return told.length === 0 ? ['as before'] : counted(told);
}

function differenceOf(was: JsonObject, is: JsonObject): readonly string[] {
  const [old, now] = [leavesOf(was), leavesOf(is)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names
    .filter((name) => !isDeepStrictEqual(old.get(name), now.get(name)))
    .map((name) => {
      if (name === 'active') return now.get(name) === true ? 'active' : 'inactive';
      return `${name}=${now.get(name) ?? 'none'}`;
    });
}

/** `title`, `familyName`, `boardCreator`, … : the last part of each path, which no two of ours share. */
function leavesOf(user: JsonObject): ReadonlyMap<string, unknown> {
  const { manager, ...enterprise } = (user[ENTERPRISE_URN] ?? {}) as JsonObject;
  const flat = { ...user, [ENTERPRISE_URN]: { ...enterprise, ...(manager as JsonObject | undefined) } };
  return new Map(
    Object.entries(flat).flatMap(([name, value]) =>
      value !== null && typeof value === 'object'
        ? Object.entries(value)
        : [[name, value] as [string, unknown]],
    ),
  );
}

/** `3 created`, `title=Analyst`, `1 PATCH`: each once, with how many they are where that is to be told. */
function counted(words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) =>
    count > 1 || word === word.toUpperCase() ? `${count} ${word}` : word,
  );
}

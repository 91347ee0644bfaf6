/**
 * A mapping file as a tree in which every key and value knows where it stands. Decides whether the text is YAML that
 * we take at all: no aliases, no names that reach into JavaScript's own objects (O-26 c). What the file should say is
 * the schema's matter.
 */
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument, type Scalar } from 'yaml';
import type { Position } from './file-problem.ts';
import { isHostile } from './names.ts';

export type ScalarValue = string | number | boolean | null;

export type Located =
  | {
      readonly kind: 'scalar';
      readonly at: Position;
      readonly value: ScalarValue;
      /** Where the character of the text stands that is number `offset` of the value. */
      readonly locate: (offset: number) => Position;
    }
  | {
      readonly kind: 'map';
      readonly at: Position;
      readonly entries: readonly LocatedEntry[];
      /** False where a key was left out, since it cannot be used. */
      readonly isWhole: boolean;
    }
  | { readonly kind: 'list'; readonly at: Position; readonly items: readonly Located[] };

export type LocatedScalar = Extract<Located, { kind: 'scalar' }>;
export type LocatedMap = Extract<Located, { kind: 'map' }>;
export type LocatedEntry = { readonly key: string; readonly keyAt: Position; readonly value: Located };

export type TreeProblem = Position & { readonly message: string };

/** The root is null where the rest cannot be told from what is wrong. Keys that cannot be used are left out of it. */
export type Tree = { readonly root: Located | null; readonly problems: readonly TreeProblem[] };

type Reading = {
  readonly text: string;
  readonly at: (offset: number) => Position;
  /** Keys that cannot be used. */
  readonly problems: TreeProblem[];
  /** Values that cannot be read. */
  readonly unreadable: TreeProblem[];
};

const DUPLICATE = 'this key stands here twice. Keep one of them.';
const HOW_TO_WRITE = 'Expressions stand in single quotes, and lines are indented with spaces.';

/** @param file its name, which each place in it carries */
export function readTree(file: string, text: string): Tree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = [...document.errors, ...document.warnings];
  const problems = errors.map((error) => ({
    ...at(error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? DUPLICATE : `${error.message}. ${HOW_TO_WRITE}`,
  }));
  if (errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { root: null, problems };
  if (document.contents === null) {
    const message = 'the file is empty. Begin with a copy of mappings/agileplace.yaml.';
    return { root: null, problems: [{ ...at(0), message }] };
  }
  const reading: Reading = { text, at, problems, unreadable: [] };
  const root = located(document.contents, reading);
  return {
    root: reading.unreadable.length > 0 ? null : root,
    problems: [...problems, ...reading.unreadable],
  };
}

/** The same without places, for the schema. */
export function plain(node: Located): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  }
}

export function entryOf(node: Located | undefined, key: string): LocatedEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

function located(node: ParsedNode | null, reading: Reading): Located {
  if (node === null) return nothing(reading.at(0));
  const at = reading.at(node.range[0]);
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => located(item, reading)) };
  if (isMap(node)) {
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of node.items) {
      const entry = locatedEntry(key, value, reading);
      // A key that stands there twice was told already.
      if (entry !== null && !entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return { kind: 'map', at, entries: [...entries.values()], isWhole: entries.size === node.items.length };
  }
  if (!isScalar(node)) {
    reading.unreadable.push({ ...at, message: 'aliases (*name) are not taken. Write the value out.' });
    return nothing(at);
  }
  return locatedScalar(node, at, reading);
}

/** @returns null where the key cannot be used */
function locatedEntry(key: ParsedNode, value: ParsedNode | null, reading: Reading): LocatedEntry | null {
  const keyAt = reading.at(key.range[0]);
  const name = isScalar(key) ? String(key.value) : '';
  if (name === '' || isHostile(name)) {
    const message =
      name === ''
        ? 'a key must be a name. Write one before the colon.'
        : `"${name}" cannot be used as a name. Rename it.`;
    reading.problems.push({ ...keyAt, message });
    return null;
  }
  if (value === null) return { key: name, keyAt, value: nothing(keyAt) };
  return { key: name, keyAt, value: located(value, reading) };
}

function locatedScalar(node: Scalar.Parsed, at: Position, reading: Reading): Located {
  const value = scalarValue(node.value);
  if (value === undefined) {
    reading.unreadable.push({
      ...at,
      message: 'this is neither text, number, true nor false. Put it in quotes.',
    });
    return nothing(at);
  }
  const raw = reading.text.slice(node.range[0], node.range[1]);
  const opening = typeof value === 'string' ? openingLength(node, raw) : 0;
  return {
    kind: 'scalar',
    at,
    value,
    locate: (offset) => {
      const inside = typeof value === 'string' ? rawOffset(value, raw, opening, offset) : null;
      return inside === null ? at : reading.at(node.range[0] + inside);
    },
  };
}

function nothing(at: Position): Located {
  return { kind: 'scalar', at, value: null, locate: () => at };
}

function scalarValue(value: unknown): ScalarValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** What stands before the first character of the value: a quote, or the header line of a block. */
function openingLength(node: Scalar.Parsed, raw: string): number {
  if (node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE') return 1;
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? raw.indexOf('\n') + 1 : 0;
}

/**
 * Finds a character of the value in the text it was written as, walking both: YAML doubles single quotes, escapes
 * with backslashes, folds lines and drops indentation.
 * @returns null where the two cannot be brought together
 */
function rawOffset(value: string, raw: string, opening: number, offset: number): number | null {
  let inRaw = opening;
  for (let inValue = 0; ; inValue += 1) {
    const wanted = value.charAt(Math.min(inValue, offset));
    if (inValue >= value.length) return inRaw;
    while (inRaw < raw.length && !sameCharacter(wanted, raw.charAt(inRaw))) inRaw += 1;
    if (inRaw >= raw.length) return null;
    if (inValue >= offset) return inRaw;
    inRaw += 1;
  }
}

function sameCharacter(inValue: string, inRaw: string): boolean {
  return inValue === inRaw || (/\s/.test(inValue) && /\s/.test(inRaw));
}

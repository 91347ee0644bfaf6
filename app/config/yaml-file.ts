/**
 * Reads YAML and remembers where each field stands. Decides only whether the text is YAML at all; what it should
 * say is the schema's matter. Messages never quote the text, since a secret could stand in it.
 */
import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { FieldPath } from './problem.ts';

export type Position = { readonly line: number; readonly column: number };

export type YamlFile = {
  /** What could be read; where `isSound` is not true, only a guess. */
  readonly value: unknown;
  /** Whether nothing is wrong but keys, which were left out of the value. */
  readonly isSound: boolean;
  readonly problems: readonly (Position & { readonly message: string })[];
  /** Where a field stands; for a field that is missing, where its parent stands. */
  readonly positionOf: (path: FieldPath) => Position;
};

const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the key stands here twice. Keep one of them.',
  TAB_AS_INDENT: 'a tab is used for indentation. Use spaces.',
  BAD_INDENT: 'the indentation does not fit the lines before. Align it with its neighbours.',
  MISSING_CHAR: 'a quote, bracket or colon is missing. Close what was opened.',
  BAD_ALIAS: 'an alias (*name) has no anchor (&name) before it. Quote the value where it begins with *.',
  UNEXPECTED_TOKEN: `something stands where YAML does not allow it. Put quotes around values with \${…} inside { }.`,
};

const HOSTILE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const positionOf = (path: FieldPath): Position => at(offsetOf(document.contents, path));
  const errors = [...document.errors, ...document.warnings];
  const isSound = errors.every(({ code }) => code === 'DUPLICATE_KEY');
  const problems = [...errors.map((error) => describe(error, at)), ...leaveOutUnusableKeys(document, at)];
  try {
    return { value: document.toJS(), isSound, problems, positionOf };
  } catch {
    // The YAML library guards against aliases that multiply beyond measure, and says so by throwing.
    const message = 'aliases (*name) cannot be resolved or multiply too far. Write the values out.';
    const all = isSound ? [...problems, { line: 1, column: 1, message }] : problems;
    return { value: undefined, isSound: false, problems: all, positionOf };
  }
}

function describe(error: YAMLError, at: (offset: number) => Position): Position & { message: string } {
  const words = WORDS[error.code] ?? `the YAML cannot be read (${error.code}). Correct this line.`;
  return { ...at(error.pos[0]), message: words };
}

/**
 * Takes out what stands under names that reach into JavaScript's own objects (O-26), which the schema would pass over
 * in silence, and under keys that stand there already. @returns what is wrong with the names; doubles were told
 */
function leaveOutUnusableKeys(
  document: Document.Parsed,
  at: (offset: number) => Position,
): (Position & { message: string })[] {
  const found: (Position & { message: string })[] = [];
  visit(document, {
    Map(_position, map) {
      const names = new Set<string>();
      map.items = map.items.filter(({ key }) => {
        if (!isScalar(key)) return true;
        const name = String(key.value);
        const isFirst = !names.has(name);
        names.add(name);
        if (!HOSTILE.has(name)) return isFirst;
        found.push({ ...at(key.range?.[0] ?? 0), message: 'this key cannot be used as a name. Rename it.' });
        return false;
      });
    },
  });
  return found;
}

function offsetOf(root: Node | null, path: FieldPath): number {
  let node: unknown = root;
  let offset = 0;
  for (const part of path) {
    const child = childOf(node, part);
    if (child === null) break;
    offset = child.offset;
    node = child.node;
  }
  return offset;
}

function childOf(node: unknown, part: string | number): { offset: number; node: unknown } | null {
  if (!isCollection(node)) return null;
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return hasRange(item) ? { offset: item.range[0], node: item } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(
    (candidate: Pair) => isScalar(candidate.key) && String(candidate.key.value) === part,
  );
  return pair !== undefined && hasRange(pair.key) ? { offset: pair.key.range[0], node: pair.value } : null;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

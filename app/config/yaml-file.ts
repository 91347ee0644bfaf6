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
  readonly value: unknown;
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

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const positionOf = (path: FieldPath): Position => at(offsetOf(document.contents, path));
  const errors = [...document.errors, ...document.warnings].map((error) => describe(error, at));
  const problems = [...errors, ...hostileKeys(document, at)];
  if (problems.length > 0) return { value: undefined, problems, positionOf };
  try {
    return { value: document.toJS(), problems, positionOf };
  } catch {
    // The YAML library guards against aliases that multiply beyond measure, and says so by throwing.
    const message = 'aliases (*name) cannot be resolved or multiply too far. Write the values out.';
    return { value: undefined, problems: [{ line: 1, column: 1, message }], positionOf };
  }
}

function describe(error: YAMLError, at: (offset: number) => Position): Position & { message: string } {
  const words = WORDS[error.code] ?? `the YAML cannot be read (${error.code}). Correct this line.`;
  return { ...at(error.pos[0]), message: words };
}

/** Names that reach into JavaScript's own objects (O-26): the schema would pass over them in silence. */
function hostileKeys(
  document: Document.Parsed,
  at: (offset: number) => Position,
): (Position & { message: string })[] {
  const found: (Position & { message: string })[] = [];
  visit(document, {
    Pair(_position, { key }) {
      if (!isScalar(key) || !['__proto__', 'constructor', 'prototype'].includes(String(key.value))) return;
      found.push({ ...at(key.range?.[0] ?? 0), message: 'this key cannot be used as a name. Rename it.' });
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

/** Checks a file's shape and says in an administrator's words, with places, what does not fit. */
import type * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Position } from './file-problem.ts';
import { type MappingFileShape, mappingFileShape } from './schema.ts';
import { type Located, plain, type TreeProblem } from './yaml-tree.ts';

export type ShapeProblem = TreeProblem & { readonly field: string };

export type Shape =
  | { readonly ok: true; readonly shape: MappingFileShape }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

type Path = readonly (string | number)[];

export function checkShape(root: Located): Shape {
  const result = mappingFileShape.safeParse(plain(root));
  if (result.success) return { ok: true, shape: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => describe(issue, root)) };
}

function describe(issue: z.core.$ZodIssue, root: Located): ShapeProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem(root, [...path, key], unknownKey(key)));
  }
  return [problem(root, path, words(issue, valueAt(root, path)))];
}

function unknownKey(key: string): string {
  const known = Object.keys(mappingFileShape.shape);
  return `unknown key.${didYouMean(key, known) || ` Known are ${known.join(', ')}.`}`;
}

function words(issue: z.core.$ZodIssue, found: Located | undefined): string {
  if (found === undefined) return 'is missing. See mappings/agileplace.yaml for what stands here.';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(found)}.${quoteHint(issue.expected, found)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
    case 'invalid_key':
      return `cannot be used: ${issue.issues[0]?.message ?? 'the name is wrong'}. Rename it.`;
    default:
      return issue.message.endsWith('.') ? issue.message : `cannot be used: ${issue.message}.`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map of names and values',
  record: 'a map of names and values',
};

function kindOf(node: Located): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map of names and values';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}

function quoteHint(expected: string, node: Located): string {
  const isBare = node.kind === 'scalar' && node.value !== null && typeof node.value !== 'string';
  return expected === 'string' && isBare ? ' Put it in quotes.' : '';
}

function problem(root: Located, path: Path, message: string): ShapeProblem {
  return { ...placeOf(root, path), field: path.join('.'), message };
}

/** Where a field's name stands; for a field that is missing, where its parent stands. */
function placeOf(root: Located, path: Path): Position {
  let node: Located | undefined = root;
  let place: Position = root.at;
  for (const part of path) {
    const step: { at: Position; node: Located } | undefined = stepTo(node, part);
    if (step === undefined) return place;
    place = step.at;
    node = step.node;
  }
  return place;
}

function valueAt(root: Located, path: Path): Located | undefined {
  let node: Located | undefined = root;
  for (const part of path) node = stepTo(node, part)?.node;
  return node;
}

function stepTo(
  node: Located | undefined,
  part: string | number,
): { at: Position; node: Located } | undefined {
  if (node?.kind === 'list') {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { at: item.at, node: item };
  }
  const entry = node?.kind === 'map' ? node.entries.find(({ key }) => key === String(part)) : undefined;
  return entry === undefined ? undefined : { at: entry.keyAt, node: entry.value };
}

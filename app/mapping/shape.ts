/** Checks the shape of a file, or of a part of one, and says in an administrator's words, with places, what does not fit. */
import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Position } from './file-problem.ts';
import type { Report } from './report.ts';
import { type Located, plain } from './yaml-tree.ts';

type Path = readonly (string | number)[];

/**
 * @param field where the part stands, such as `tables.siteOf`; empty for a whole file
 * @returns what it says, or null where something does not fit, which is reported
 */
export function checkShape<S extends z.ZodType>(
  node: Located,
  schema: S,
  report: Report,
  field = '',
): z.output<S> | null {
  const result = schema.safeParse(plain(node));
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues.flatMap((issue) => describe(issue, node, schema))) {
    const parts = field === '' ? path : [field, ...path];
    report.problem(placeOf(node, path), parts.join('.'), message);
  }
  return null;
}

type Finding = { readonly path: Path; readonly message: string };

function describe(issue: z.core.$ZodIssue, root: Located, schema: z.ZodType): Finding[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const meant = schemaAt(schema, path);
  if (issue.code === 'unrecognized_keys') {
    const known = meant instanceof z.ZodObject ? Object.keys(meant.shape) : [];
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  const found = valueAt(root, path);
  return [{ path, message: found === undefined ? missing(meant) : words(issue, found) }];
}

function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key.${didYouMean(key, known) || ` Known are ${known.join(', ')}.`}`;
}

function missing(meant: z.ZodType | null): string {
  return `is missing. Add it${meant?.description === undefined ? '.' : `: ${meant.description}`}`;
}

function schemaAt(schema: unknown, path: Path): z.ZodType | null {
  if (schema instanceof z.ZodOptional) return schemaAt(schema.unwrap(), path);
  const [part, ...rest] = path;
  if (part === undefined) return schema instanceof z.ZodType ? schema : null;
  if (schema instanceof z.ZodArray) return schemaAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return schemaAt(schema.valueType, rest);
  return schema instanceof z.ZodObject ? schemaAt(schema.shape[part], rest) : null;
}

function words(issue: z.core.$ZodIssue, found: Located): string {
  switch (issue.code) {
    case 'invalid_type':
      return otherKind([kindNamed(issue.expected)], found);
    case 'invalid_union':
      return otherKind(wantedIn(issue), found);
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
  number: 'a number',
};

function kindNamed(kind: string): string {
  return KINDS[kind] ?? kind;
}

function wantedIn({ errors }: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>): readonly string[] {
  return errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [kindNamed(first.expected)] : []));
}

function kindOf(node: Located): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map of names and values';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}

function otherKind(wanted: readonly string[], node: Located): string {
  const isBare = node.kind === 'scalar' && node.value !== null && typeof node.value !== 'string';
  const hint = wanted.includes('text') && isBare ? ' Put it in quotes.' : '';
  return `must be ${wanted.join(' or ')}, not ${kindOf(node)}.${hint}`;
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

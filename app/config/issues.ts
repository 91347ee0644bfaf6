/**
 * Puts what zod found into words for the person who wrote the file. Says what is wrong and how to mend it; never
 * repeats a value. Key names are repeated: they are the operator's own words and no secrets.
 */
import type * as z from 'zod';
import { nearest } from '../spelling/nearest.ts';
import { childValue, type JsonSchema, schemaAt } from './json-schema.ts';
import { mustBeOneOf } from './one-of.ts';
import { NAME_RULE } from './plain-name.ts';
import { type FieldPath, formatField } from './problem.ts';

export type Finding = { readonly path: FieldPath; readonly message: string };

type Found = Finding & {
  readonly isMissing?: boolean;
  /** The field that a mistyped key was meant to be. */
  readonly meant?: FieldPath;
};

type Issue = z.core.$ZodIssue;

/** One finding per mistake: three unknown keys are three findings, a mistyped key is not a missing one as well. */
export function describeIssues(
  issues: readonly Issue[],
  schema: JsonSchema,
  root: unknown,
): readonly Finding[] {
  const found = issues.flatMap((issue) => describeIssue(issue, schema, root));
  const meant = new Set(found.flatMap(({ meant }) => (meant === undefined ? [] : [formatField(meant)])));
  return found.filter(({ path, isMissing }) => isMissing !== true || !meant.has(formatField(path)));
}

function describeIssue(issue: Issue, schema: JsonSchema, root: unknown): readonly Found[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schemaAt(schema, path, root)?.properties ?? {});
    return issue.keys.map((key) => unknownKey(path, key, known));
  }
  const value = path.reduce(childValue, root);
  const isMissing = value === undefined && path.length > 0 && issue.code !== 'custom';
  if (isMissing && !isDiscriminated(issue))
    return [{ path, message: missing(path, schema, root), isMissing }];
  return [{ path, message: messageFor(issue, value) }];
}

function messageFor(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(value)}. ${remedy(issue.expected, value)}`;
    case 'invalid_value':
      return mustBeOneOf(issue.values, value);
    case 'invalid_key':
      return NAME_RULE;
    case 'too_small':
      return issue.origin === 'array' ? 'is empty. Name at least one.' : issue.message;
    case 'invalid_union':
      return unionMessage(issue, value);
    default:
      return issue.message;
  }
}

function remedy(expected: string, value: unknown): string {
  if (expected !== 'string' || typeof value === 'object') return 'Write it as in landbridge.example.yaml.';
  return 'Add its unit, as in 30s, 1MiB or 10%, or put it in quotes.';
}

function unionMessage(issue: Extract<Issue, { code: 'invalid_union' }>, value: unknown): string {
  return isDiscriminated(issue) ? mustBeOneOf(issue.options, value) : issue.message;
}

function isDiscriminated(issue: Issue): issue is Issue & { options: readonly unknown[] } {
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options);
}

function unknownKey(parent: FieldPath, key: string, known: readonly string[]): Found {
  const path = [...parent, key];
  const meant = nearest(key, known);
  if (meant !== undefined) {
    return { path, message: `unknown key. Did you mean "${meant}"?`, meant: [...parent, meant] };
  }
  const rest = known.length === 0 ? 'Remove it.' : `Known here: ${known.join(', ')}.`;
  return { path, message: `unknown key. ${rest}` };
}

function missing(path: FieldPath, schema: JsonSchema, root: unknown): string {
  const parent = schemaAt(schema, path.slice(0, -1), root);
  const name = path.at(-1) ?? '';
  const about = parent?.properties?.[name]?.description;
  return `is missing. Add it${about === undefined ? '.' : `: ${about}`}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a block of fields',
  record: 'a block of names',
  number: 'a number',
  boolean: 'true or false',
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a block of fields' : (KINDS[typeof value] ?? typeof value);
}

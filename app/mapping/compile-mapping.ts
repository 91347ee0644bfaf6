/**
 * Compiles one whole mapping, as it is in one environment: every expression in what it may use, the attributes, the
 * lifecycle; and checks that it holds together. What is wrong goes to the report.
 */
import { compileAttributes } from './compile-attributes.ts';
import { compileAt, isExpression } from './compile-expression.ts';
import { type Declared, declarationsOf, entriesOf } from './declarations.ts';
import { mapPerson } from './evaluate.ts';
import { explainPerson } from './explain/explain.ts';
import type { Expression } from './expression.ts';
import { type Joins, joinsOf, readsBySource } from './joins.ts';
import { createLanguage, type Language } from './language.ts';
import { compileLifecycle, type Lifecycle } from './lifecycle.ts';
import type { Mapping } from './mapping.ts';
import type { Report } from './report.ts';
import type { Part, Rules } from './rules.ts';
import { type MappingFileShape, mappingFileShape } from './schema.ts';
import { checkShape } from './shape.ts';
import type { Tables } from './tables.ts';
import {
  attributesRead,
  pathsOf,
  policiesOf,
  readFromOne,
  referencesIn,
  sensitiveReads,
  warnOfUnused,
} from './usage.ts';
import type { Explains } from './written-mapping.ts';
import { entryOf, type Located } from './yaml-tree.ts';

export type CompiledMapping = {
  /** Of no use where the report has problems. */
  readonly mapping: Mapping & Explains;
  readonly rules: Rules;
};

type Vars = ReadonlyMap<string, Expression | null>;

/**
 * @param unused is told what is declared and never used
 * @returns null where the shape of the file does not allow it
 */
export function compileMapping(
  root: Located,
  tables: Tables,
  report: Report,
  unused: Report,
): CompiledMapping | null {
  const shape = checkShape(root, mappingFileShape, report);
  const declared = declarationsOf(root, tables, report);
  const joins = joinsOf(root, declared, report);
  const language = createLanguage(declared, joins);
  const vars = compileVars(root, language, report);
  const scope = compileScope(root, language, vars, report);
  const parts = compileParts(root, language, vars, report);
  const lifecycle = compileLifecycle(entryOf(root, 'lifecycle')?.value, report);
  checkNeeded(root, report);
  checkProposals(root, parts, report);
  if (shape === null) return null;
  const rules = rulesOf(report.file, declared, joins, vars, scope, parts);
  warnOfUnused(declared, entriesOf(root, 'vars'), rules, unused);
  return { mapping: createMapping(shape, rules, joins, language, lifecycle), rules };
}

/** Each var may use those above it. */
function compileVars(root: Located, language: Language, report: Report): Vars {
  const vars = new Map<string, Expression | null>();
  for (const { key, value } of entriesOf(root, 'vars')) {
    const field = `vars.${key}`;
    if (value.kind !== 'scalar' || typeof value.value !== 'string') vars.set(key, null);
    else if (isExpression(value)) vars.set(key, compileAt(value, field, language.around(vars), report));
    else {
      report.problem(value.at, field, 'must be an expression. Begin it with "= ".');
      vars.set(key, null);
    }
  }
  return vars;
}

function compileScope(root: Located, language: Language, vars: Vars, report: Report): Expression | null {
  const node = entryOf(root, 'scope')?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (!isExpression(node)) {
    report.problem(node.at, 'scope', 'must be an expression. Begin it with "= ".');
    return null;
  }
  const scope = compileAt(node, 'scope', language.around(vars), report);
  if (scope !== null && scope.type !== 'bool') {
    report.problem(node.at, 'scope', 'must give true or false. Compare with something, as in e.mail != "".');
  }
  return scope;
}

function compileParts(root: Located, language: Language, vars: Vars, report: Report): readonly Part[] {
  const node = entryOf(root, 'attributes')?.value;
  if (node?.kind !== 'map') return [];
  const withItem = (name: string) => language.around(vars, name);
  return compileAttributes(node, { report, around: language.around(vars), withItem });
}

/** An account cannot be made or looked for without these, so they must be there. */
function checkNeeded(root: Located, report: Report): void {
  const attributes = entryOf(root, 'attributes');
  if (attributes?.value.kind !== 'map') return;
  if (entryOf(attributes.value, 'userName') === undefined) {
    report.problem(attributes.keyAt, 'attributes', 'userName is not mapped, and SCIM requires it. Map it.');
  }
  if (entryOf(attributes.value, 'active') === undefined) {
    const howTo = 'Map it; write active: true where being in scope is enough.';
    report.problem(
      attributes.keyAt,
      'attributes',
      `active is not mapped, so no account could be made. ${howTo}`,
    );
  }
  const match = entryOf(root, 'match')?.value;
  for (const item of match?.kind === 'list' ? match.items : []) {
    const by = item.kind === 'scalar' ? item.value : null;
    if (by !== 'externalId' && by !== 'mail') continue;
    const name = by === 'mail' ? 'emails' : by;
    if (entryOf(attributes.value, name) !== undefined) continue;
    report.problem(
      item.at,
      'match',
      `${name} is not mapped under attributes. Map it, or take ${by} out of match.`,
    );
  }
}

/** Under a name that somebody else might have had first, nobody is found again; so an account has to carry an id. */
function checkProposals(root: Located, parts: readonly Part[], report: Report): void {
  if (!proposesNames(parts)) return;
  const match = entryOf(root, 'match');
  const items = match?.value.kind === 'list' ? match.value.items : [];
  if (match === undefined || items.some((item) => item.kind === 'scalar' && item.value === 'externalId'))
    return;
  const message =
    'a userName of unique() does not tell whose account it is. Map externalId, and write match: [externalId].';
  report.problem(match.keyAt, 'match', message);
}

function rulesOf(
  file: string,
  { reads }: Declared,
  { joined, precedence }: Joins,
  vars: Vars,
  scope: Expression | null,
  parts: readonly Part[],
): Rules {
  const compiled = new Map(
    [...vars].flatMap(([name, made]) => (made === null ? [] : [[name, made] as const])),
  );
  return {
    file,
    reads: attributesRead(reads, scope, parts),
    declaresReads: reads !== null,
    fromReads: readFromOne(scope, parts),
    precedence: joined.length === 0 ? null : precedence,
    joined,
    vars: compiled,
    scope,
    parts,
    refers: referencesIn(parts).length > 0,
  };
}

/** Nobody is found by a name that they were only given because it was free. */
function matchingOf(
  { match }: MappingFileShape,
  { parts }: Rules,
): Pick<Mapping, 'matchOn' | 'proposesNames'> {
  const all = [...new Set(match)];
  if (!proposesNames(parts)) return { matchOn: all };
  const asksTarget = all.includes('userName');
  return { matchOn: all.filter((by) => by !== 'userName'), proposesNames: { asksTarget } };
}

function proposesNames(parts: readonly Part[]): boolean {
  const rule = parts.find(({ path }) => path === 'userName')?.rule;
  return rule?.kind === 'computed' && rule.expression.proposes;
}

function createMapping(
  shape: MappingFileShape,
  rules: Rules,
  joins: Joins,
  language: Language,
  lifecycle: Lifecycle,
): Mapping & Explains {
  const keys = rules.reads.map(({ key }) => key);
  const read = readsBySource(joins, keys, rules.fromReads);
  const mapping: Mapping = {
    file: rules.file,
    source: shape.source,
    target: shape.target,
    reads: read.own,
    ...(read.joins.length === 0 ? {} : { joins: read.joins }),
    conceals: sensitiveReads(rules.parts),
    ...matchingOf(shape, rules),
    policy: { attributes: policiesOf(rules.parts), lifecycle: lifecycle.policy },
    map(identity, now) {
      const reason = lifecycle.protectedBy(identity.groups);
      return reason === null
        ? mapPerson(identity, now, rules, language.atHand)
        : { kind: 'protected', reason };
    },
  };
  return {
    ...mapping,
    writes: pathsOf(rules.parts),
    explain: (identity, now) => explainPerson(identity, now, mapping, rules, language.atHand),
  };
}

/** What a mapping really runs and asks the source for, how it keeps attributes, and what it declares for nothing. */
import type { AttributePath } from '../scim/resource.ts';
import type { Declared } from './declarations.ts';
import type { Expression } from './expression.ts';
import { formatPlace, type Position } from './file-problem.ts';
import type { AttributePolicy } from './policy.ts';
import type { Report } from './report.ts';
import type { FromRead, Part, ReadAttribute, Rule, Rules } from './rules.ts';
import type { LocatedEntry } from './yaml-tree.ts';

/** The scope and all attributes; vars count only through those that use them. */
export function expressionsIn(scope: Expression | null, parts: readonly Part[]): readonly Expression[] {
  return [...(scope === null ? [] : [scope]), ...parts.flatMap(({ rule }) => expressionsOf(rule))];
}

/** Those of one attribute, in the order of the file. */
export function expressionsOf(rule: Rule): readonly Expression[] {
  switch (rule.kind) {
    case 'constant':
    case 'reference':
      return [];
    case 'computed':
      return [rule.expression, ...(rule.byDefault === null ? [] : expressionsOf(rule.byDefault))];
    case 'active':
      return [rule.expression];
    case 'complex':
      return rule.parts.flatMap((part) => expressionsOf(part.rule));
    case 'list':
      return rule.items.flatMap((item) => [
        ...(item.kind === 'each' ? [item.over] : []),
        ...expressionsOf(item.rule),
      ]);
  }
}

/**
 * The attributes that the source is asked for, in the order of the file.
 * @param declared those under `reads`; null where the file has no such list
 */
export function attributesRead(
  declared: Declared['reads'],
  scope: Expression | null,
  parts: readonly Part[],
): readonly ReadAttribute[] {
  const firstUsed = new Map<string, string>();
  const use = (name: string, where: string): void => {
    if (!firstUsed.has(name)) firstUsed.set(name, where);
  };
  for (const { reads, where } of expressionsIn(scope, parts)) for (const name of reads) use(name, where);
  for (const { attribute, where } of referencesIn(parts)) use(attribute, where);
  const listed = [...(declared ?? [])].flatMap(([name, { type, at }]) =>
    firstUsed.delete(name) ? [read(name, type, formatPlace(at))] : [],
  );
  return [...listed, ...[...firstUsed].map(([name, where]) => read(name, 'string', where))];
}

/** What a single source is asked for, each once. */
export function readFromOne(scope: Expression | null, parts: readonly Part[]): readonly FromRead[] {
  const found = new Map<string, FromRead>();
  for (const { from, where } of expressionsIn(scope, parts)) {
    for (const { source, name } of from) {
      const one = { ...read(name, 'string', where), source };
      found.set(`${source} ${one.key}`, found.get(`${source} ${one.key}`) ?? one);
    }
  }
  return [...found.values()];
}

function read(name: string, type: ReadAttribute['type'], where: string): ReadAttribute {
  return { name, key: name.toLowerCase(), type, where };
}

/** References to other people's accounts; there are none in lists. */
export function referencesIn(parts: readonly Part[]): readonly Extract<Rule, { kind: 'reference' }>[] {
  return parts.flatMap(({ rule }) => {
    if (rule.kind === 'reference') return [rule];
    return rule.kind === 'complex' ? referencesIn(rule.parts) : [];
  });
}

/** Where each attribute stands in an account; a list is one attribute. */
export function pathsOf(parts: readonly Part[], above: readonly string[] = []): readonly AttributePath[] {
  return parts.flatMap(({ name, rule }): readonly AttributePath[] => {
    const path = [...above, name];
    if (rule.kind === 'complex') return pathsOf(rule.parts, path);
    const [first = name, ...rest] = path;
    return [[first, ...rest]];
  });
}

/** Of the attributes that are kept otherwise than `SOURCE_OWNED`. */
export function policiesOf(parts: readonly Part[]): readonly AttributePolicy[] {
  return parts.flatMap(({ rule, policy }) => [
    ...(policy === undefined ? [] : [policy]),
    ...(rule.kind === 'complex' ? policiesOf(rule.parts) : []),
  ]);
}

/** What the sensitive ones among the attributes are made of, in small letters, as an entry has it. */
export function sensitiveReads(parts: readonly Part[]): readonly string[] {
  const found = parts.flatMap(({ rule, policy }): readonly string[] => {
    if (policy?.sensitive !== true) return rule.kind === 'complex' ? sensitiveReads(rule.parts) : [];
    if (rule.kind === 'reference') return [rule.attribute];
    return expressionsOf(rule).flatMap(({ reads, from }) => [...reads, ...from.map(({ name }) => name)]);
  });
  return [...new Set(found.map((name) => name.toLowerCase()))];
}

/** A declaration without use is allowed, and most often a slip. */
export function warnOfUnused(
  declared: Declared,
  vars: readonly LocatedEntry[],
  rules: Rules,
  report: Report,
): void {
  const expressions = [...rules.vars.values(), ...expressionsIn(rules.scope, rules.parts)];
  const usedReads = new Set([...rules.reads, ...rules.fromReads].map(({ name }) => name));
  const usedTables = new Set(expressions.flatMap(({ tables }) => [...tables]));
  const usedVars = new Set(expressions.flatMap((expression) => [...expression.vars]));
  const warn = (kind: string, name: string, at: Position, used: ReadonlySet<string>): void => {
    if (used.has(name)) return;
    report.warning(at, `${kind}.${name}`, 'is declared and never used. Remove it, or use it.');
  };
  for (const [name, { at }] of declared.reads ?? []) warn('reads', name, at, usedReads);
  for (const [name, { at }] of declared.tables) warn('tables', name, at, usedTables);
  for (const { key, keyAt } of vars) warn('vars', key, keyAt, usedVars);
}

/** Which expressions a mapping really runs, and what it declares for nothing. */
import type { Declared } from './declarations.ts';
import type { Expression } from './expression.ts';
import type { Position } from './file-problem.ts';
import type { Report } from './report.ts';
import type { Part, Rule, Rules } from './rules.ts';
import type { LocatedEntry } from './yaml-tree.ts';

/** The scope and all attributes; vars count only through those that use them. */
export function expressionsIn(scope: Expression | null, parts: readonly Part[]): readonly Expression[] {
  return [...(scope === null ? [] : [scope]), ...parts.flatMap(({ rule }) => expressionsOf(rule))];
}

function expressionsOf(rule: Rule): readonly Expression[] {
  switch (rule.kind) {
    case 'constant':
    case 'reference':
      return [];
    case 'computed':
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

/** The attributes of the source that name people whose accounts are referred to, as declared under `reads`. */
export function referredToBy(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ rule }) => {
    if (rule.kind === 'reference') return [rule.attribute];
    return rule.kind === 'complex' ? referredToBy(rule.parts) : [];
  });
}

/** A declaration without use is allowed, and most often a slip. */
export function warnOfUnused(
  declared: Declared,
  vars: readonly LocatedEntry[],
  rules: Rules,
  report: Report,
): void {
  const expressions = [...rules.vars.values(), ...expressionsIn(rules.scope, rules.parts)];
  const usedReads = new Set(rules.reads.map(({ name }) => name));
  const usedTables = new Set(expressions.flatMap(({ tables }) => [...tables]));
  const usedVars = new Set(expressions.flatMap((expression) => [...expression.vars]));
  const warn = (kind: string, name: string, at: Position, used: ReadonlySet<string>): void => {
    if (used.has(name)) return;
    report.warning(at, `${kind}.${name}`, 'is declared and never used. Remove it, or use it.');
  };
  for (const [name, { at }] of declared.reads) warn('reads', name, at, usedReads);
  for (const [name, { at }] of declared.tables) warn('tables', name, at, usedTables);
  for (const { key, keyAt } of vars) warn('vars', key, keyAt, usedVars);
}

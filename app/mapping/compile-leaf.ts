/**
 * Compiles what gives one value: an expression, a constant, or either with options. Checks it against the type that
 * the attribute has.
 *
 * What becomes of `active` is decided here, so that an absent value never reads as enabled nor as disabled (O-07 n):
 *
 *   active is written as        an attribute it rests on   active in the payload
 *   ─────────────────────────   ────────────────────────   ────────────────────────────────────────────
 *   true or false               –                          that
 *   an expression               all are there              what the expression gives
 *   an expression               one is absent              left out, with a warning: the account keeps
 *                                                          what it has, and none is made (app/plan)
 *   the same, named `optional`  one of these is absent     what the expression gives with "" or [] for it
 *
 * So `active` is always required; `required: true` only says it aloud. Groups are known or nothing is, so a person
 * outside a group is just that.
 */

import { didYouMean } from './did-you-mean.ts';
import type { ValueType } from './engine.ts';
import { compileExpression, type Expression, type Surroundings } from './expression.ts';
import type { Report } from './report.ts';
import type { Constant, Rule } from './rules.ts';
import type { SimpleType } from './user-schema.ts';
import { cleaned } from './values.ts';
import { entryOf, type Located, type LocatedMap, type LocatedScalar } from './yaml-tree.ts';

/** What is being compiled, and where its problems go. */
export type Compiling = {
  readonly report: Report;
  readonly around: Surroundings;
  /** For `each`: the same with a name for the item. */
  readonly withItem: (name: string) => Surroundings;
  /** Where items of a list are compiled. */
  readonly isInList?: true;
};

/** Attributes that would give every account the same name if they were constant. */
export const NAMING: ReadonlySet<string> = new Set(['userName', 'externalId']);

export function compileLeaf(
  node: Located,
  path: string,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  switch (node.kind) {
    case 'scalar':
      return compileValue(node, path, type, compiling);
    case 'map':
      return compileWithOptions(node, path, type, compiling);
    case 'list':
      return refuse(compiling, node, path, 'takes one value, not a list. Write the value alone.');
  }
}

function compileWithOptions(
  node: LocatedMap,
  path: string,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  const known = path === 'active' ? ['value', 'required', 'optional'] : ['value', 'required'];
  for (const { key, keyAt } of node.entries) {
    if (known.includes(key)) continue;
    const mend = didYouMean(key, known) || ` Known are ${known.join(', ')}.`;
    compiling.report.problem(keyAt, `attributes.${path}.${key}`, `unknown option.${mend}`);
  }
  const value = entryOf(node, 'value')?.value;
  if (value?.kind !== 'scalar') {
    return refuse(
      compiling,
      node,
      path,
      'takes one value. Write an expression, or { value: …, required: true }.',
    );
  }
  const isRequired = compileRequired(node, path, compiling);
  const rule = compileValue(value, path, type, compiling);
  if (rule?.kind === 'active') return withOptional(rule, node, compiling);
  return rule?.kind === 'computed' && isRequired ? { ...rule, whenAbsent: 'fail' } : rule;
}

function compileRequired(node: LocatedMap, path: string, { report }: Compiling): boolean {
  const option = entryOf(node, 'required');
  if (option === undefined) return false;
  const { value, keyAt } = option;
  const said = value.kind === 'scalar' ? value.value : null;
  if (typeof said !== 'boolean') {
    report.problem(value.at, `attributes.${path}.required`, 'must be true or false.');
  } else if (path === 'active' && !said) {
    const mend = 'Name the attributes whose absence has a meaning: "optional: [name]".';
    report.problem(keyAt, 'attributes.active.required', `active is always required. ${mend}`);
  }
  return said === true;
}

function withOptional(
  rule: Extract<Rule, { kind: 'active' }>,
  node: LocatedMap,
  { report }: Compiling,
): Rule {
  const option = entryOf(node, 'optional')?.value;
  if (option === undefined) return rule;
  const items = option.kind === 'list' ? option.items : [];
  if (items.length === 0)
    report.problem(option.at, 'attributes.active.optional', 'must be a list of attribute names.');
  const optional = new Set<string>();
  for (const item of items) {
    const name = item.kind === 'scalar' ? String(item.value) : '';
    const meant = rule.restsOn.find((read) => read.toLowerCase() === name.toLowerCase());
    if (meant !== undefined) optional.add(meant);
    else {
      const mend = didYouMean(name, rule.restsOn) || ' Remove it.';
      report.problem(item.at, 'attributes.active.optional', `the expression does not read "${name}".${mend}`);
    }
  }
  return { ...rule, restsOn: rule.restsOn.filter((name) => !optional.has(name)) };
}

function compileValue(
  node: LocatedScalar,
  path: string,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  if (!isExpression(node)) return compileConstant(node, path, type, compiling);
  const expression = compileAt(node, `attributes.${path}`, compiling.around, compiling.report);
  if (expression === null) return null;
  const fault = typeFault(type, expression.type);
  if (fault !== null) return refuse(compiling, node, path, fault);
  if (path !== 'active') return { kind: 'computed', expression, whenAbsent: 'leave-out' };
  return { kind: 'active', expression, restsOn: [...expression.attributes] };
}

/** Compiles the expression that stands here; its faults are reported where they stand in the file. */
export function compileAt(
  node: LocatedScalar,
  field: string,
  around: Surroundings,
  report: Report,
): Expression | null {
  const written = String(node.value);
  const begin = written.indexOf('=') + 1;
  const text = written.slice(begin);
  const result = compileExpression(text, report.place(node.at), around);
  if (result.ok) return result.expression;
  const firstWord = Math.max(text.search(/\S/), 0);
  for (const { start, message } of result.faults) {
    report.problem(node.locate(begin + Math.max(start, firstWord)), field, message, text);
  }
  return null;
}

export function isExpression(node: LocatedScalar): boolean {
  return typeof node.value === 'string' && /^\s*=/.test(node.value);
}

function compileConstant(
  node: LocatedScalar,
  path: string,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  const value: Constant | null = typeof node.value === 'string' ? cleaned(node.value) : node.value;
  if (value === null || value === '') return refuse(compiling, node, path, NOTHING);
  const fault = constantFault(value, path, type);
  return fault === null ? { kind: 'constant', value } : refuse(compiling, node, path, fault);
}

const NOTHING = 'is empty. Write an expression or a constant, or remove the line.';

function constantFault(value: Constant, path: string, type: SimpleType): string | null {
  if (typeof value === 'string' && /^(e|v)\.[A-Za-z_]|^(first|table|inGroup)\(/.test(value)) {
    return 'looks like an expression, but would be taken as it stands. Begin it with "= ".';
  }
  if (NAMING.has(path)) return 'would be the same for everybody. Begin an expression with "= ".';
  if (type === 'string' && typeof value !== 'string') return 'must be text. Put it in quotes.';
  if (type === 'boolean' && typeof value !== 'boolean') {
    return 'must be true or false, without quotes, or an expression.';
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'is too large for a number. Put it in quotes.';
  }
  return null;
}

const GIVES: Readonly<Record<ValueType, string>> = {
  string: 'text',
  bool: 'true or false',
  int: 'a number',
  double: 'a number',
  'list<string>': 'a list',
};

function typeFault(type: SimpleType, given: ValueType): string | null {
  if (type === 'boolean') {
    const mend = 'Compare it with something, as in e.status == "on".';
    return given === 'bool' ? null : `gives ${GIVES[given]}; true or false is wanted. ${mend}`;
  }
  if (type === 'any' || given === 'string') return null;
  const mends: Readonly<Record<string, string>> = {
    bool: 'Choose between two texts, as in condition ? "a" : "b".',
    'list<string>': 'Write first(…).',
  };
  return `gives ${GIVES[given]}; text is wanted. ${mends[given] ?? 'Write string(…).'}`;
}

function refuse({ report }: Compiling, node: Located, path: string, message: string): null {
  const expression =
    node.kind === 'scalar' && isExpression(node) ? String(node.value).replace(/^\s*=/, '') : undefined;
  report.problem(node.at, `attributes.${path}`, message, expression);
  return null;
}

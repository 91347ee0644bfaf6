/**
 * Compiles an attribute of one value: its value alone, or with options. How it is kept at the target is said by further
 * options (`compile-options.ts`).
 *
 * What becomes of `active` is decided here, so that an absent value never reads as enabled nor as disabled (O-07 n, o):
 *
 *   active is written as        an attribute it rests on   active in the payload
 *   ─────────────────────────   ────────────────────────   ────────────────────────────────────────────
 *   true or false               –                          that
 *   an expression               all are there              what the expression gives
 *   an expression               one is absent              left out, with a warning: the account keeps
 *                                                          what it has, and none is made (app/plan)
 *   the same, named `optional`  one of these is absent     what the expression gives with "" or [] for it
 *   an expression that cannot   –                          left out, with a warning; everything else of
 *   be computed                                            the account is written
 *
 * So `active` is always required; `required: true` only says it aloud. Groups are known or nothing is, so a person
 * outside a group is just that. What a function reads by itself is the function's to judge. Whoever asks isIn("hr")
 * says what it means that hr has nobody: what `from` reads there may be absent then.
 */
import { type Compiling, refuse } from './compile-expression.ts';
import { KEEPING, optionsKnownAt } from './compile-options.ts';
import { compileCopy, compileValue, type Leaf, type Value } from './compile-value.ts';
import { didYouMean } from './did-you-mean.ts';
import { orderIn } from './joins.ts';
import type { Rule } from './rules.ts';
import { entryOf, type Located, type LocatedEntry, type LocatedMap } from './yaml-tree.ts';

export function compileLeaf(node: Located, leaf: Leaf, compiling: Compiling): Rule | null {
  const field = `attributes.${leaf.path}`;
  switch (node.kind) {
    case 'scalar':
      return ruleOf(compileValue(node, leaf, field, compiling), leaf);
    case 'map':
      return compileWithOptions(node, leaf, compiling);
    case 'list':
      return refuse(compiling, node, field, 'takes one value, not a list. Write the value alone.');
  }
}

function ruleOf(value: Value | null, { path }: Leaf): Rule | null {
  if (value === null || value.kind === 'constant') return value;
  const { expression } = value;
  return path === 'active'
    ? { kind: 'active', expression, restsOn: [...expression.attributes], restsOnFrom: expression.from }
    : { kind: 'computed', expression, whenAbsent: 'leave-out', byDefault: null };
}

function compileWithOptions(node: LocatedMap, leaf: Leaf, compiling: Compiling): Rule | null {
  for (const entry of node.entries) checkOption(entry, leaf, compiling);
  const isRequired = compileRequired(node, leaf, compiling);
  const rule = ruleOf(compileGiven(node, leaf, compiling), leaf);
  const byDefault = compileDefault(node, rule, leaf, compiling);
  if (rule?.kind === 'active') return withOptional(rule, node, compiling);
  refuseIdleOptional(node, leaf, rule, compiling);
  if (rule?.kind !== 'computed') return rule;
  return { ...rule, byDefault, whenAbsent: isRequired ? 'fail' : 'leave-out' };
}

function checkOption({ key, keyAt }: LocatedEntry, { path }: Leaf, { report, isInList }: Compiling): void {
  const known = optionsKnownAt(path, isInList === true);
  if (known.includes(key)) return;
  report.problem(keyAt, `attributes.${path}.${key}`, unknownOption(key, path, known, isInList === true));
}

function unknownOption(key: string, path: string, known: readonly string[], isInList: boolean): string {
  if (path === 'active' && optionsKnownAt('', false).includes(key)) {
    return key === 'default'
      ? 'does not go with active: an absent value must read neither as enabled nor as disabled. Name what may be absent: "optional: [name]".'
      : "does not go with active: whether somebody has access is always the source's to say. Remove it.";
  }
  if (isInList && KEEPING.has(key)) {
    return `belongs to the whole list. Write { items: [ … ], ${key}: … } there.`;
  }
  const mend = didYouMean(key, isInList ? known : [...known, 'accountOf']);
  return `unknown option.${mend || ` Known are ${known.join(', ')}.`}`;
}

/** What stands under `value` or `from`. */
function compileGiven(node: LocatedMap, leaf: Leaf, compiling: Compiling): Value | null {
  const field = `attributes.${leaf.path}`;
  const [value, from] = [entryOf(node, 'value'), entryOf(node, 'from')];
  if (value !== undefined && from !== undefined) {
    compiling.report.problem(from.keyAt, `${field}.from`, 'does not go with value. Keep one of the two.');
    return null;
  }
  const precedence = entryOf(node, 'precedence');
  if (from !== undefined) {
    const order =
      precedence === undefined ? null : orderOf(precedence.value, `${field}.precedence`, compiling);
    return compileCopy(from.value, order, leaf, `${field}.from`, compiling);
  }
  if (precedence !== undefined) {
    compiling.report.problem(precedence.keyAt, `${field}.precedence`, PRECEDENCE_ALONE);
  }
  if (value?.value.kind === 'scalar') return compileValue(value.value, leaf, field, compiling);
  const message = 'takes one value. Write an expression, or { value: …, required: true }.';
  return refuse(compiling, value?.value ?? node, field, message);
}

const PRECEDENCE_ALONE =
  'goes with from: name alone. In an expression write first(from("one", "name"), from("other", "name")).';

function orderOf(node: Located, field: string, { around, report }: Compiling): readonly string[] | null {
  return orderIn(node, field, [...around.known.sources], report);
}

/** Stands in where a value comes out blank; refused where none ever does. */
function compileDefault(node: LocatedMap, rule: Rule | null, leaf: Leaf, compiling: Compiling): Rule | null {
  const option = entryOf(node, 'default');
  if (option === undefined || leaf.path === 'active') return null;
  const field = `attributes.${leaf.path}.default`;
  const { keyAt, value: written } = option;
  const given = rule?.kind === 'computed' ? rule.expression.type : null;
  if (leaf.type === 'boolean' || rule?.kind === 'constant' || (given !== null && !CAN_BE_BLANK.has(given))) {
    compiling.report.problem(keyAt, field, 'is never used, since the value is never blank. Remove it.');
    return null;
  }
  if (written.kind !== 'scalar') {
    return refuse(compiling, written, field, 'takes one value. Write a constant or an expression.');
  }
  const value = compileValue(written, leaf, field, compiling);
  if (value === null || given === null) return null;
  const isText =
    value.kind === 'constant' ? typeof value.value === 'string' : value.expression.type === 'string';
  const isList = value.kind === 'expression' && value.expression.type === 'list<string>';
  if (given === 'string' && !isText)
    return refuse(compiling, written, field, 'must be text, as the value is.');
  if (given === 'list<string>' && !isList)
    return refuse(
      compiling,
      written,
      field,
      'must be a list, as the value is. Write an expression, as in \'= ["a"]\'.',
    );
  return ruleOf(value, leaf);
}

const CAN_BE_BLANK: ReadonlySet<string> = new Set(['string', 'list<string>']);

function compileRequired(node: LocatedMap, { path }: Leaf, { report }: Compiling): boolean {
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

/** Of an `active` that is a constant. */
function refuseIdleOptional(node: LocatedMap, leaf: Leaf, rule: Rule | null, { report }: Compiling): void {
  const option = entryOf(node, 'optional');
  if (option === undefined || leaf.path !== 'active' || rule?.kind !== 'constant') return;
  report.problem(
    option.keyAt,
    'attributes.active.optional',
    'is never used, since active rests on nothing. Remove it.',
  );
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
    const folded = name.toLowerCase();
    if (readsOfActive(rule).some((read) => read.toLowerCase() === folded)) optional.add(folded);
    else {
      const mend = didYouMean(name, readsOfActive(rule)) || ' Remove it.';
      report.problem(item.at, 'attributes.active.optional', `the expression does not read "${name}".${mend}`);
    }
  }
  const isNeeded = (name: string): boolean => !optional.has(name.toLowerCase());
  return {
    ...rule,
    restsOn: rule.restsOn.filter(isNeeded),
    restsOnFrom: rule.restsOnFrom.filter(({ name }) => isNeeded(name)),
  };
}

function readsOfActive({ restsOn, restsOnFrom }: Extract<Rule, { kind: 'active' }>): readonly string[] {
  return [...restsOn, ...restsOnFrom.map(({ name }) => name)];
}

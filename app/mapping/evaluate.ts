/**
 * Maps one person with a compiled mapping. Pure: the same person gives the same answer, and what cannot be computed
 * for this one concerns nobody else. Messages name places and attributes, never values.
 */
import type { Identity } from '../person/identity.ts';
import { mentionIn, mentionsOf } from '../person/mention.ts';
import { isJsonObject, type Json, type JsonObject } from '../scim/resource.ts';
import type { EngineValue } from './engine.ts';
import type { Computed, Expression } from './expression.ts';
import { type Facts, factsOf, LONGEST_VALUE, MOST_VALUES } from './facts.ts';
import { groupKeys } from './functions.ts';
import type { AtHand } from './language.ts';
import { listValue } from './list-value.ts';
import type { Mapped, MappingProblem, Reference } from './mapping.ts';
import type { Item, Part, Rule, Rules } from './rules.ts';

/** One person being mapped. */
type Run = {
  readonly identity: Identity;
  readonly facts: Facts;
  readonly rules: Rules;
  /** Vars are computed when they are first needed, so that an unused one cannot fail anybody. */
  readonly computedVars: Map<string, Computed>;
  readonly problems: MappingProblem[];
  readonly warnings: MappingProblem[];
  readonly references: Reference[];
};

/** The item of a list that is being made, under its name. */
type ItemWord = Readonly<Record<string, string>>;

const NO_ITEM: ItemWord = {};

export function mapPerson(identity: Identity, rules: Rules, atHand: AtHand): Mapped {
  const facts = factsOf(identity, rules.reads);
  const found = { problems: [], warnings: [], references: [] };
  const run: Run = { identity, facts, rules, computedVars: new Map(), ...found };
  if (facts.tooLarge.length > 0) return { kind: 'failed', problems: facts.tooLarge.map(tooLarge) };
  atHand.groups = groupKeys(identity.groups);
  const belongs = isInScope(run);
  if (belongs === 'failed') return { kind: 'failed', problems: run.problems };
  if (!belongs) return { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
  const user = complexValue(rules.parts, run, NO_ITEM);
  const { userName } = user;
  if (run.problems.length > 0) return failed(run.problems, user);
  if (typeof userName !== 'string') return failed([noUserName(rules)], user);
  const mapped: Mapped = { kind: 'in-scope', user: { ...user, userName }, warnings: run.warnings };
  return rules.refers ? { ...mapped, references: run.references } : mapped;
}

/** `active` rests on nothing but what was computed for itself. */
function failed(problems: readonly MappingProblem[], { active }: JsonObject): Mapped {
  return active === false ? { kind: 'failed', problems, inactive: true } : { kind: 'failed', problems };
}

function tooLarge({ name, where }: { name: string; where: string }): MappingProblem {
  const message = `the source attribute has more than ${MOST_VALUES} values, or one longer than ${LONGEST_VALUE} characters`;
  return { where, attribute: `reads.${name}`, message };
}

function noUserName({ parts, file }: Rules): MappingProblem {
  const rule = parts.find(({ name }) => name === 'userName')?.rule;
  const where = rule?.kind === 'computed' ? rule.expression.where : file;
  return { where, attribute: 'userName', message: 'no-userName' };
}

function isInScope(run: Run): boolean | 'failed' {
  const { scope } = run.rules;
  if (scope === null) return true;
  const answer = compute(scope, run, NO_ITEM);
  if (answer.ok) return answer.value === true;
  run.problems.push({ where: answer.where, attribute: 'scope', message: answer.message });
  return 'failed';
}

/** @returns undefined where the rule gives nothing for this person */
function ruleValue(rule: Rule, path: string, run: Run, item: ItemWord): Json | undefined {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'computed':
      return computedValue(rule, path, run, item);
    case 'active':
      return activeValue(rule, path, run);
    case 'reference':
      noteReference(rule, path, run);
      return undefined;
    case 'complex': {
      const value = complexValue(rule.parts, run, item);
      return Object.keys(value).length === 0 ? undefined : value;
    }
    case 'list':
      return listValue(rule.items.flatMap((each) => itemValues(each, path, run, item)));
  }
}

function complexValue(parts: readonly Part[], run: Run, item: ItemWord): JsonObject {
  const values: [string, Json][] = [];
  for (const { name, path, rule } of parts) {
    const value = ruleValue(rule, path, run, item);
    if (value !== undefined) values.push([name, value]);
  }
  return Object.fromEntries(values);
}

function computedValue(
  { expression, whenAbsent }: Extract<Rule, { kind: 'computed' }>,
  path: string,
  run: Run,
  item: ItemWord,
): Json | undefined {
  const answer = compute(expression, run, item);
  const fail = (where: string, message: string): undefined => {
    run.problems.push({ where, attribute: path, message });
  };
  if (!answer.ok) return fail(answer.where, answer.message);
  if (typeof answer.value === 'bigint' && !isSafe(answer.value)) {
    return fail(expression.where, 'the number is too large to be sent exactly');
  }
  const value = sayable(answer.value);
  if (value === undefined && whenAbsent === 'fail')
    return fail(expression.where, 'is required, and this person has none');
  return value;
}

/** Whoever names themselves has no manager that could be told (O-10). */
function noteReference(
  { path: at, attribute, where }: Extract<Rule, { kind: 'reference' }>,
  path: string,
  { identity: { entry }, warnings, references }: Run,
): void {
  const from = attribute.toLowerCase();
  const mention = mentionIn(entry, from);
  if (mention === null) return;
  if (!mentionsOf(entry).includes(mention)) {
    references.push({ path: at, from, mention });
    return;
  }
  warnings.push({ where, attribute: path, message: `${attribute} names the person themselves; left out` });
}

/** See the table in `compile-leaf.ts`: what rests on an absent value is neither true nor false. */
function activeValue(
  { expression, restsOn }: Extract<Rule, { kind: 'active' }>,
  path: string,
  run: Run,
): Json | undefined {
  const missing = restsOn.filter((name) => run.facts.absent.has(name));
  if (missing.length === 0)
    return computedValue({ kind: 'computed', expression, whenAbsent: 'fail' }, path, run, NO_ITEM);
  const message = `cannot be told, since the person has no ${missing.join(' and no ')}; the account keeps what it has`;
  run.warnings.push({ where: expression.where, attribute: path, message });
  return undefined;
}

function itemValues(each: Item, path: string, run: Run, item: ItemWord): Json[] {
  if (each.kind === 'one') return saying(each.rule, ruleValue(each.rule, path, run, item));
  const answer = compute(each.over, run, item);
  if (!answer.ok) {
    run.problems.push({ where: answer.where, attribute: path, message: answer.message });
    return [];
  }
  const texts = Array.isArray(answer.value) ? answer.value : [];
  return texts.flatMap((text) =>
    saying(each.rule, ruleValue(each.rule, path, run, { ...item, [each.as]: text })),
  );
}

/** An item of which only its constants are left, such as its type, says nothing about the person. */
function saying(rule: Rule, value: Json | undefined): Json[] {
  if (value === undefined) return [];
  if (rule.kind !== 'complex') return [value];
  const said = new Set(isJsonObject(value) ? Object.keys(value) : []);
  const computed = rule.parts.filter((part) => part.rule.kind !== 'constant');
  const lacksValue = rule.parts.some(({ name }) => name === 'value') && !said.has('value');
  const isHollow = computed.length > 0 && !computed.some(({ name }) => said.has(name));
  return lacksValue || isHollow ? [] : [value];
}

function compute(expression: Expression, run: Run, item: ItemWord): Computed {
  const v: Record<string, EngineValue> = Object.create(null);
  for (const name of expression.vars) {
    const answer = varValue(name, run);
    if (!answer.ok) return answer;
    v[name] = answer.value;
  }
  const { stableId: id, source, entry } = run.identity;
  return expression.run({ ...item, e: run.facts.e, v, id, source, dn: entry.dn ?? '' });
}

function varValue(name: string, run: Run): Computed {
  const known = run.computedVars.get(name);
  if (known !== undefined) return known;
  const expression = run.rules.vars.get(name);
  if (expression === undefined) throw new Error(`var ${name} was used without being compiled`);
  const answer = compute(expression, run, NO_ITEM);
  run.computedVars.set(name, answer);
  return answer;
}

function isSafe(whole: bigint): boolean {
  return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER);
}

function sayable(value: EngineValue): Json | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'object') return value.length === 0 ? undefined : value;
  return value;
}

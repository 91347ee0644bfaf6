/**
 * Maps one person with a compiled mapping. Pure: the same person gives the same answer, and what cannot be computed
 * for this one concerns nobody else. Messages name places and attributes, never values.
 */
import type { Identity } from '../person/identity.ts';
import { mentionIn, mentionsOf } from '../person/mention.ts';
import { isJsonObject, type Json, type JsonObject, type ScimUser } from '../scim/resource.ts';
import type { AtHand } from './at-hand.ts';
import type { EngineValue } from './engine.ts';
import { isAbsent } from './facts.ts';
import type { JoinRule } from './joins.ts';
import { LONGEST_VALUE, MOST_VALUES } from './limits.ts';
import { listValue } from './list-value.ts';
import type { Mapped, MappingProblem } from './mapping.ts';
import type { Item, Part, ReadAttribute, Rule, Rules } from './rules.ts';
import { beginRun, compute, type ItemWord, note, type Run } from './run.ts';

export function mapPerson(identity: Identity, now: Date, rules: Rules, atHand: AtHand): Mapped {
  atHand.begin(identity, now);
  const mapped = mapWith(beginRun(identity, rules, atHand));
  const changesAt = atHand.earliestChange();
  return changesAt === null ? mapped : { ...mapped, changesAt };
}

function mapWith(run: Run): Mapped {
  const { facts, rules } = run;
  if (facts.tooLarge.length > 0)
    return { kind: 'failed', problems: facts.tooLarge.map((read) => tooLarge(read, rules)) };
  const contested = rules.joined.length === 0 ? [] : contestedJoins(run);
  if (contested.length > 0) return { kind: 'failed', problems: contested.map(several) };
  const belongs = isInScope(run);
  if (belongs === 'failed') return { kind: 'failed', problems: run.problems };
  if (!belongs) return { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
  const user = complexValue(rules.parts, run, null);
  if (run.problems.length > 0) return failed(run.problems, user);
  if (!hasUserName(user)) return failed([noUserName(rules)], user);
  const mapped = { kind: 'in-scope', user, warnings: run.warnings } as const;
  const userNames = run.atHand.proposed();
  const named = userNames.length === 0 ? mapped : { ...mapped, userNames };
  return rules.refers ? { ...named, references: run.references } : named;
}

function contestedJoins({ rules, identity }: Run): readonly JoinRule[] {
  return rules.joined.filter(({ source }) => identity.joined?.get(source)?.state === 'several');
}

/** `active` rests on nothing but what was computed for itself. */
function failed(problems: readonly MappingProblem[], { active }: JsonObject): Mapped {
  return active === false ? { kind: 'failed', problems, inactive: true } : { kind: 'failed', problems };
}

function several({ source, where }: JoinRule): MappingProblem {
  const message = `several people of ${source} could be this one. Tell them apart there`;
  return { where, attribute: `join.${source}`, message };
}

function tooLarge({ name, where }: ReadAttribute, { declaresReads }: Rules): MappingProblem {
  const message = `the source attribute has more than ${MOST_VALUES} values, or one longer than ${LONGEST_VALUE} characters`;
  return { where, attribute: `${declaresReads ? 'reads' : 'e'}.${name}`, message };
}

function hasUserName(user: JsonObject): user is ScimUser {
  return typeof user.userName === 'string';
}

function noUserName({ parts, file }: Rules): MappingProblem {
  const rule = parts.find(({ name }) => name === 'userName')?.rule;
  const where = rule?.kind === 'computed' ? rule.expression.where : file;
  return { where, attribute: 'userName', message: 'no-userName' };
}

function isInScope(run: Run): boolean | 'failed' {
  const { scope } = run.rules;
  if (scope === null) return true;
  const answer = compute(scope, 'scope', run, null);
  if (answer.ok) return answer.value === true;
  note(run.problems, answer.where, 'scope', answer.message);
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
      return isEmpty(value) ? undefined : value;
    }
    case 'list':
      return listValue(rule.items.flatMap((each) => itemValues(each, path, run, item)));
  }
}

/** The names of parts are checked when the file is loaded, so that none of them reaches a prototype. */
function complexValue(parts: readonly Part[], run: Run, item: ItemWord): JsonObject {
  const made: Record<string, Json> = {};
  for (const { name, path, rule } of parts) {
    const value = ruleValue(rule, path, run, item);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

function isEmpty(object: JsonObject): boolean {
  for (const _name in object) return false;
  return true;
}

function computedValue(
  { expression, whenAbsent, byDefault }: Extract<Rule, { kind: 'computed' }>,
  path: string,
  run: Run,
  item: ItemWord,
): Json | undefined {
  const answer = compute(expression, path, run, item);
  if (!answer.ok) return note(run.problems, answer.where, path, answer.message);
  if (typeof answer.value === 'bigint' && !isSafe(answer.value)) {
    return note(run.problems, expression.where, path, 'the number is too large to be sent exactly');
  }
  const problemsBefore = run.problems.length;
  const value =
    sayable(answer.value) ?? (byDefault === null ? undefined : ruleValue(byDefault, path, run, item));
  const isLacking = value === undefined && whenAbsent === 'fail' && run.problems.length === problemsBefore;
  if (!isLacking) return value;
  return note(run.problems, expression.where, path, 'is required, and this person has none');
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
  note(warnings, where, path, `${attribute} names the person themselves; left out`);
}

/** See the table in `compile-leaf.ts`: what cannot be told is neither true nor false, and fails nobody. */
function activeValue(
  { expression, restsOn, restsOnFrom }: Extract<Rule, { kind: 'active' }>,
  path: string,
  run: Run,
): Json | undefined {
  const missing = [
    ...restsOn.filter((name) => isAbsent(run.facts, name)),
    ...restsOnFrom
      .filter(({ source, name }) => run.atHand.firstOf([source], name) === '')
      .filter(({ source }) => !expression.asked.has(source) || run.atHand.isAt(source))
      .map(({ source, name }) => `${name} at ${source}`),
  ];
  if (missing.length > 0) {
    return note(
      run.warnings,
      expression.where,
      path,
      untold(`the person has no ${missing.join(' and no ')}`),
    );
  }
  const answer = compute(expression, path, run, null);
  return answer.ok ? sayable(answer.value) : note(run.warnings, answer.where, path, untold(answer.message));
}

function untold(why: string): string {
  return `cannot be told, since ${why}; the account keeps what it has`;
}

function itemValues(each: Item, path: string, run: Run, item: ItemWord): Json[] {
  if (each.kind === 'one') return saying(each.rule, ruleValue(each.rule, path, run, item));
  const answer = compute(each.over, path, run, item);
  if (!answer.ok) {
    note(run.problems, answer.where, path, answer.message);
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
  const said = isJsonObject(value) ? value : {};
  let computed = 0;
  let saidOfThem = 0;
  for (const {
    name,
    rule: { kind },
  } of rule.parts) {
    const isSaid = Object.hasOwn(said, name);
    if (name === 'value' && !isSaid) return [];
    if (kind === 'constant') continue;
    computed += 1;
    if (isSaid) saidOfThem += 1;
  }
  return computed > 0 && saidOfThem === 0 ? [] : [value];
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

/**
 * One person being mapped: what is known of them, the vars that were computed so far, and what has to be said in the
 * end. Computes expressions for them; which ones, and what becomes of their values, is `evaluate.ts`' matter.
 */
import type { Identity } from '../person/identity.ts';
import type { AtHand } from './at-hand.ts';
import { type EngineContext, Vars } from './engine.ts';
import type { Computed, Expression } from './expression.ts';
import { type Facts, factsOf } from './facts.ts';
import type { MappingProblem, Reference } from './mapping.ts';
import type { Rules } from './rules.ts';

/** One person being mapped. */
export type Run = {
  readonly identity: Identity;
  readonly facts: Facts;
  readonly rules: Rules;
  readonly atHand: AtHand;
  /** For every expression of this person; `v` has the vars that were computed so far. */
  readonly context: EngineContext;
  readonly v: Vars;
  /** Vars are computed when they are first needed, so that an unused one cannot fail anybody. */
  readonly computedVars: Map<string, Computed>;
  readonly problems: MappingProblem[];
  readonly warnings: MappingProblem[];
  readonly references: Reference[];
};

/** The item of a list that is being made, under its name; null outside of lists. */
export type ItemWord = Readonly<Record<string, string>> | null;

/** @param atHand as it is for this person already */
export function beginRun(identity: Identity, rules: Rules, atHand: AtHand): Run {
  const facts = factsOf(identity, rules);
  const { stableId: id, source, entry } = identity;
  const v = new Vars();
  const context = { e: facts.e, v, id, source, dn: entry.dn ?? '' };
  const found = { computedVars: new Map(), problems: [], warnings: [], references: [] };
  return { identity, facts, rules, atHand, context, v, ...found };
}

/** @param path the attribute that this is computed for, for what functions have to say of it */
export function compute(expression: Expression, path: string, run: Run, item: ItemWord): Computed {
  for (const name of expression.vars) {
    const answer = varValue(name, path, run);
    if (!answer.ok) return answer;
  }
  const answer = expression.run(item === null ? run.context : { ...run.context, ...item });
  const said = run.atHand.takeWarnings();
  if (said.length > 0) for (const message of said) note(run.warnings, expression.where, path, message);
  return answer;
}

function varValue(name: string, path: string, run: Run): Computed {
  const known = run.computedVars.get(name);
  if (known !== undefined) return known;
  const expression = run.rules.vars.get(name);
  if (expression === undefined) throw new Error(`var ${name} was used without being compiled`);
  const answer = compute(expression, path, run, null);
  run.computedVars.set(name, answer);
  if (answer.ok) run.v[name] = answer.value;
  return answer;
}

/** Adds to the problems or the warnings of somebody. Gives the value that there is then: none. */
export function note(notes: MappingProblem[], where: string, attribute: string, message: string): undefined {
  notes.push({ where, attribute, message });
}

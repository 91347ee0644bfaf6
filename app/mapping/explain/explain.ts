/**
 * Explains how a compiled mapping comes to what it gives for one person (`explanation.ts`). What stands in the account is
 * taken from what the mapping gave, so that it cannot say anything else; expressions are computed once more.
 */
import type { Identity } from '../../person/identity.ts';
import type { AtHand } from '../at-hand.ts';
import type { Mapping } from '../mapping.ts';
import type { Rules } from '../rules.ts';
import { beginRun } from '../run.ts';
import { expressionsIn } from '../usage.ts';
import { explainParts } from './explain-attributes.ts';
import { type Explaining, explainExpression } from './explain-expression.ts';
import type { ExplainedVar, Explanation } from './explanation.ts';

export function explainPerson(
  identity: Identity,
  now: Date,
  mapping: Mapping,
  rules: Rules,
  atHand: AtHand,
): Explanation {
  const mapped = mapping.map(identity, now);
  atHand.begin(identity, now);
  const run = beginRun(identity, rules, atHand);
  const explaining: Explaining = { run, mapped, hidden: new Set(mapping.conceals) };
  const hasAttributes = mapped.kind === 'in-scope' || mapped.kind === 'failed';
  return {
    file: mapping.file,
    source: mapping.source,
    target: mapping.target,
    person: identity.key,
    at: now.toISOString(),
    presence: identity.presence.state,
    outcome: mapped.kind,
    reason: 'reason' in mapped ? mapped.reason : null,
    changesAt: mapped.changesAt?.toISOString() ?? null,
    groups: atHand.groupNames(),
    scope: rules.scope === null ? null : explainExpression(rules.scope, explaining),
    vars: explainVars(explaining),
    attributes: hasAttributes && run.facts.tooLarge.length === 0 ? explainParts(rules.parts, explaining) : [],
    problems: mapped.kind === 'failed' ? mapped.problems : [],
    warnings: mapped.kind === 'in-scope' ? mapped.warnings : [],
  };
}

/** Those that the scope and the attributes lead to. */
function explainVars(explaining: Explaining): readonly ExplainedVar[] {
  const { rules } = explaining.run;
  const used = new Set<string>();
  const use = (names: readonly string[]): void => {
    for (const name of names) {
      if (used.has(name)) continue;
      used.add(name);
      use(rules.vars.get(name)?.vars ?? []);
    }
  };
  for (const { vars } of expressionsIn(rules.scope, rules.parts)) use(vars);
  return [...rules.vars].flatMap(([name, expression]) =>
    used.has(name) ? [{ name, ...explainExpression(expression, explaining) }] : [],
  );
}

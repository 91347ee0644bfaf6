/** How a mapping comes to what it gives for one person, as text for a terminal. Pure. */
import type { ExplainedAttribute, ExplainedExpression, Explanation } from '../mapping/index.ts';
import { plainLine } from './plain-line.ts';

/** @param waits what waits for other people's accounts, in words, as it was when the person was last served */
export function describeExplanation(told: Explanation, waits: readonly string[]): string {
  const { person, target, file, at, groups, scope, vars, attributes } = told;
  const lines = [
    `${person} at ${target}, by ${file}, at ${at}`,
    ...outcome(told),
    ...(groups.length === 0 ? [] : [`groups: ${groups.join(', ')}`]),
    ...(scope === null ? [] : ['', 'scope', ...expression(scope)]),
    ...vars.flatMap((one) => ['', `vars.${one.name}`, ...expression(one)]),
    ...attributes.flatMap((one) => ['', ...attribute(one)]),
    ...(waits.length === 0 ? [] : ['', ...waits]),
  ];
  return lines.map(plainLine).join('\n');
}

function outcome(told: Explanation): readonly string[] {
  const { presence, reason, changesAt, problems } = told;
  return [
    ...(presence === 'absent' ? ['gone from the source: the account is that of a leaver'] : []),
    OUTCOMES[told.outcome] + (reason === null || told.outcome === 'out-of-scope' ? '' : `: ${reason}`),
    ...problems.map(({ where, attribute: name, message }) => `  ${where} ${name}: ${message}`),
    ...(changesAt === null ? [] : [`comes out otherwise by itself at ${changesAt}`]),
  ];
}

const OUTCOMES: Readonly<Record<Explanation['outcome'], string>> = {
  'in-scope': 'in scope',
  'out-of-scope': 'out of scope',
  protected: 'never touched',
  failed: 'cannot be mapped',
};

function attribute({ path, from, value, notes, policy = {} }: ExplainedAttribute): readonly string[] {
  const kept = Object.entries(policy).map(([name, said]) => `${name}: ${said}`);
  return [
    `${path}: ${value === null ? 'left out' : JSON.stringify(value)}`,
    ...(from.length === 0 ? ['  a constant'] : from.flatMap(expression)),
    ...notes.map((note) => `  ${note}`),
    ...(kept.length === 0 ? [] : [`  kept by ${kept.join(', ')}`]),
  ];
}

function expression(told: ExplainedExpression): readonly string[] {
  const { where, written, reads, vars } = told;
  return [
    `  ${where}  ${written}`,
    ...reads.map(({ attribute: name, values }) => `    ${name}: ${listed(values)}`),
    ...(vars.length === 0 ? [] : [`    uses ${vars.map((name) => `v.${name}`).join(', ')}`]),
    `    gives ${given(told)}`,
  ];
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.map((value) => JSON.stringify(value)).join(', ');
}

function given({ result, each, failure }: ExplainedExpression): string {
  if (each === true) return 'something for each item';
  if (failure !== undefined) return `nothing: ${failure}`;
  return result === null ? 'nothing' : JSON.stringify(result);
}

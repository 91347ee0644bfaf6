/**
 * Explains single expressions: what of the source each reads, and what it gives for the person. Decides what is masked:
 * what sensitive attributes are made of, and credentials.
 */
import { isSecretName } from '../../person/secret-names.ts';
import type { Json } from '../../scim/resource.ts';
import type { EngineValue } from '../engine.ts';
import type { Expression } from '../expression.ts';
import type { Mapped } from '../mapping.ts';
import { recordsBy, valuesIn } from '../records.ts';
import { compute, type Run } from '../run.ts';
import { cleanedList } from '../values.ts';
import type { ExplainedExpression, ExplainedRead } from './explanation.ts';

export const MASK = '[redacted]';

/** The person whom everything is explained for, and what the mapping made of them. */
export type Explaining = {
  readonly run: Run;
  readonly mapped: Mapped;
  /** In small letters: attributes of the source that nobody is shown. */
  readonly hidden: ReadonlySet<string>;
};

/** @param inItem it is computed for each item of a list, and so gives no one value */
export function explainExpression(
  expression: Expression,
  explaining: Explaining,
  inItem = false,
): ExplainedExpression {
  const { run } = explaining;
  const told = {
    where: expression.where,
    written: expression.written,
    reads: [
      ...[...expression.ownReads].map((name) => readOf(name, explaining)),
      ...expression.from.map(({ source, name }) => readAt(source, name, explaining)),
    ],
    vars: expression.vars,
  };
  if (inItem) return { ...told, result: null, each: true };
  if (run.facts.tooLarge.length > 0) return { ...told, result: null };
  const answer = compute(expression, '', run, null);
  if (!answer.ok) return { ...told, result: null, failure: answer.message };
  const names = [...expression.reads, ...expression.from.map(({ name }) => name)];
  const isHidden = names.some((name) => isHiddenRead(name, explaining));
  const result = asJson(answer.value);
  return { ...told, result: isHidden && result !== null ? MASK : result };
}

export function readOf(name: string, explaining: Explaining): ExplainedRead {
  return { attribute: name, values: shown(name, explaining.run.rules.precedence, explaining) };
}

function readAt(source: string, name: string, explaining: Explaining): ExplainedRead {
  return { attribute: `${name} at ${source}`, values: shown(name, [source], explaining) };
}

function shown(name: string, order: readonly string[] | null, explaining: Explaining): readonly string[] {
  const records = recordsBy(explaining.run.identity, order);
  const values = cleanedList(valuesIn(records, name.toLowerCase()));
  return isHiddenRead(name, explaining) ? values.map(() => MASK) : values;
}

function isHiddenRead(name: string, { hidden }: Explaining): boolean {
  return hidden.has(name.toLowerCase()) || isSecretName(name);
}

export function asJson(value: EngineValue): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'object') return value.length === 0 ? null : value;
  return value;
}

/**
 * Explains the attributes of an account: what each comes from, what stands in the account, and why it is left out where
 * it is.
 */
import { readMention } from '../../person/mention.ts';
import { isSecretName } from '../../person/secret-names.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  valueAt,
  withValue,
} from '../../scim/resource.ts';
import { type AttributePolicy, SOURCE_OWNED } from '../policy.ts';
import type { Part, Rule } from '../rules.ts';
import { compute } from '../run.ts';
import { expressionsOf } from '../usage.ts';
import { asJson, type Explaining, explainExpression, MASK, readOf } from './explain-expression.ts';
import type { ExplainedAttribute, ExplainedExpression } from './explanation.ts';

export function explainParts(
  parts: readonly Part[],
  explaining: Explaining,
  above: readonly string[] = [],
): readonly ExplainedAttribute[] {
  return parts.flatMap((part) => {
    const path = [...above, part.name];
    return part.rule.kind === 'complex'
      ? explainParts(part.rule.parts, explaining, path)
      : [explainPart(part, path, explaining)];
  });
}

function explainPart(
  { path: named, rule, policy }: Part,
  path: readonly string[],
  explaining: Explaining,
): ExplainedAttribute {
  const from = stepsOf(rule, explaining);
  const value = accountValue(rule, path, explaining);
  const isSensitive = policy?.sensitive === true;
  const unusual = policy === undefined ? {} : { policy: unusualIn(policy) };
  return {
    path: named,
    from: isSensitive ? from.map((one) => ({ ...one, result: one.result === null ? null : MASK })) : from,
    value: value === null ? null : isSensitive ? MASK : withoutSecrets(value),
    notes: notesOn(named, rule, from, value, explaining),
    ...unusual,
  };
}

/** The value that the mapping gave; where the person cannot be mapped, it gave none. */
function accountValue(rule: Rule, path: readonly string[], { mapped, run }: Explaining): Json {
  if (mapped.kind === 'in-scope') {
    const account = (mapped.references ?? []).reduce<JsonObject>(
      (so, one) => withValue(so, one.path, { accountOf: readMention(one.mention).value }),
      mapped.user,
    );
    return valueAt(account, path) ?? null;
  }
  if (rule.kind === 'constant') return rule.value;
  if (rule.kind !== 'computed' && rule.kind !== 'active') return null;
  const answer = compute(rule.expression, '', run, null);
  return answer.ok ? asJson(answer.value) : null;
}

function stepsOf(rule: Rule, explaining: Explaining): readonly ExplainedExpression[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'reference': {
      const { where, attribute } = rule;
      const read = readOf(attribute, explaining);
      return [
        {
          where,
          written: `accountOf: ${attribute}`,
          reads: [read],
          vars: [],
          result: read.values[0] ?? null,
        },
      ];
    }
    case 'computed':
    case 'active':
      return expressionsOf(rule).map((one) => explainExpression(one, explaining));
    case 'complex':
      return rule.parts.flatMap((part) => stepsOf(part.rule, explaining));
    case 'list':
      return rule.items.flatMap((item) =>
        item.kind === 'one'
          ? stepsOf(item.rule, explaining)
          : [
              explainExpression(item.over, explaining),
              ...expressionsOf(item.rule).map((one) => explainExpression(one, explaining, true)),
            ],
      );
  }
}

function unusualIn(policy: AttributePolicy): Partial<Omit<AttributePolicy, 'path'>> {
  const { path: _path, ...options } = policy;
  const usual: Readonly<Record<string, unknown>> = SOURCE_OWNED;
  return Object.fromEntries(Object.entries(options).filter(([name, said]) => usual[name] !== said));
}

/** What the mapping itself has to say of the attribute comes first; only where it says nothing, the reason is sought. */
function notesOn(
  path: string,
  rule: Rule,
  from: readonly ExplainedExpression[],
  value: Json,
  { mapped }: Explaining,
): readonly string[] {
  const said = mapped.kind === 'in-scope' ? mapped.warnings : mapped.kind === 'failed' ? mapped.problems : [];
  const told = said.filter(({ attribute }) => attribute === path).map(({ message }) => message);
  if (value !== null) return [...told, ...usedDefault(rule, from)];
  return told.length > 0 ? told : [whyBlank(rule, from)];
}

function usedDefault(rule: Rule, [first]: readonly ExplainedExpression[]): readonly string[] {
  const isUsed = rule.kind === 'computed' && rule.byDefault !== null && first?.result === null;
  return isUsed ? ['the default is used, since the value comes out blank'] : [];
}

function whyBlank(rule: Rule, from: readonly ExplainedExpression[]): string {
  const absent = [
    ...new Set(
      from
        .flatMap(({ reads }) => reads.filter(({ values }) => values.length === 0))
        .map(({ attribute }) => attribute),
    ),
  ];
  const none = absent.length === 0 ? '' : `: the person has no ${absent.join(' and no ')}`;
  return rule.kind === 'list'
    ? `left out, since no item has a value${none}`
    : `left out, since it comes out blank${none}`;
}

function withoutSecrets(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecretName(name) ? MASK : withoutSecrets(inner)]),
  );
}

/**
 * A decision as people and plan files are shown it: paths as SCIM writes them, secrets and what the mapping calls
 * sensitive blanked out. Pure.
 */
import type { AttributePolicy } from '../../mapping/policy.ts';
import { isSecretName } from '../../person/secret-names.ts';
import { CONCEALED, concealed } from '../../plan/conceal.ts';
import type { Plan } from '../../plan/decision.ts';
import type { ShownDifference } from '../../plan/plan-file.ts';
import { type Difference, differences } from '../../scim/differences.ts';
import { formatPath, isJsonList, isJsonObject, type Json, type ScimUser } from '../../scim/resource.ts';

type ShownPlan = {
  readonly account: string | null;
  /** For a create: all that the account is given. */
  readonly differences: readonly ShownDifference[];
  /** What stays at the target and is to be listed. */
  readonly kept: readonly ShownDifference[];
};

/** @param policies of the mapping's attributes */
export function shownPlan(decided: Plan, policies: readonly AttributePolicy[]): ShownPlan {
  const open = concealed(decided, policies);
  const kept = 'kept' in open ? (open.kept ?? []) : [];
  return {
    account: 'id' in open ? open.id : null,
    differences: changesOf(open).map(shownDifference),
    kept: kept.filter(({ report }) => report).map(({ difference }) => shownDifference(difference)),
  };
}

function changesOf(decided: Plan): readonly Difference[] {
  if (decided.action === 'create') return differences({} as ScimUser, decided.user, null);
  return 'differences' in decided ? decided.differences : [];
}

function shownDifference({ path, before, after }: Difference): ShownDifference {
  const isSecret = path.some(isSecretName);
  const shown = (value: Json | undefined): Json => {
    if (value === undefined || value === null) return null;
    return isSecret ? CONCEALED : withoutSecrets(value);
  };
  return { path: formatPath(path), before: shown(before), after: shown(after) };
}

function withoutSecrets(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const parts = Object.entries(value);
  return Object.fromEntries(
    parts.map(([name, inner]) => [name, isSecretName(name) ? CONCEALED : withoutSecrets(inner)]),
  );
}

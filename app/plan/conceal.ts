/**
 * A plan for whoever looks: values of attributes that the mapping calls `sensitive` give way to one marker, so that it
 * shows that something is set, changed or cleared, and not what. The link and the request need the values, nobody else
 * does: what is logged, kept as served or shown goes through here. Names of attributes stay. It decides nothing.
 */
import type { AttributePolicy } from '../mapping/policy.ts';
import type { Difference } from '../scim/differences.ts';
import {
  type AttributePath,
  isJsonList,
  isJsonObject,
  type Json,
  keyOf,
  type ScimUser,
  sameName,
  valueAt,
} from '../scim/resource.ts';
import type { Kept, Plan } from './decision.ts';

/** What stands for a value that is not shown. */
export const CONCEALED = '[redacted]';

type Policies = readonly AttributePolicy[];

/** The plan without a value of a sensitive attribute. */
export function concealed(plan: Plan, policies: Policies): Plan {
  const paths = sensitivePaths(policies);
  if (paths.length === 0) return plan;
  return {
    ...plan,
    ...('user' in plan ? { user: userWithout(plan.user, paths) } : {}),
    ...('asked' in plan && plan.asked !== undefined ? { asked: userWithout(plan.asked, paths) } : {}),
    ...('asRead' in plan && plan.asRead !== undefined ? { asRead: userWithout(plan.asRead, paths) } : {}),
    ...('differences' in plan
      ? { differences: plan.differences.map((one) => withoutValues(one, paths)) }
      : {}),
    ...('kept' in plan && plan.kept !== undefined
      ? { kept: plan.kept.map((one) => keptWithout(one, paths)) }
      : {}),
  };
}

/**
 * A text of a target's, which may quote what it was sent, without the values of sensitive attributes.
 * @param values as `sensitiveValues` gives them
 */
export function concealedText(text: string, values: Iterable<string>): string {
  const spellings = [...values].flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  // The longest first: what is a part of another must not leave the rest of it behind.
  const ordered = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return ordered.reduce((so, value) => so.replaceAll(value, CONCEALED), text);
}

/** Every text that stands at a sensitive attribute of the user. */
export function sensitiveValues(user: ScimUser, policies: Policies): readonly string[] {
  const found = new Set<string>();
  for (const path of sensitivePaths(policies)) collect(valueAt(user, path), found);
  return [...found];
}

function sensitivePaths(policies: Policies): readonly AttributePath[] {
  return policies.filter(({ sensitive }) => sensitive).map(({ path }) => path);
}

function collect(value: Json | undefined, found: Set<string>): void {
  if (isJsonList(value)) for (const item of value) collect(item, found);
  else if (isJsonObject(value)) for (const part of Object.values(value)) collect(part, found);
  else if (typeof value === 'string' || typeof value === 'number') found.add(String(value));
}

function keptWithout({ difference, report }: Kept, paths: readonly AttributePath[]): Kept {
  return { difference: withoutValues(difference, paths), report };
}

function userWithout(user: ScimUser, paths: readonly AttributePath[]): ScimUser {
  return paths.reduce<Json>((so, path) => concealedAt(so, path), user) as ScimUser;
}

function withoutValues(difference: Difference, paths: readonly AttributePath[]): Difference {
  let { before, after } = difference;
  for (const path of paths) {
    const shared = Math.min(path.length, difference.path.length);
    if (!path.slice(0, shared).every((name, at) => sameName(name, difference.path[at] ?? ''))) continue;
    const within = path.slice(shared);
    before = concealedIn(before, within);
    after = concealedIn(after, within);
  }
  return { ...difference, before, after };
}

function concealedIn(value: Json | undefined, path: readonly string[]): Json | undefined {
  return value === undefined ? undefined : concealedAt(value, path);
}

/** Where something else stands than the path says, nobody knows what it holds: nothing of it is shown. */
function concealedAt(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined || !isJsonObject(value)) return CONCEALED;
  const key = keyOf(value, name);
  return key === undefined ? value : { ...value, [key]: concealedAt(value[key] ?? null, rest) };
}

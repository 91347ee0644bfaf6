/**
 * What a link remembers of an account: what of it is ours, what the target made of that, and which version that is true
 * of. It asks the target nothing and decides nothing.
 *
 * What the target made of a value is learnt where we have written that value, or have read that it is as it shall be.
 * What somebody has changed there by hand meanwhile, and what is kept so, is never taken for the target's way of saying
 * what we asked for: it stays a hand edit, and is found as one (`app/plan/settled.ts`).
 */
import type { AccountChange, Kept, Plan } from '../../plan/decision.ts';
import { differences } from '../../scim/differences.ts';
import {
  type Account,
  type AttributePath,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  type ScimUser,
  valueAt,
  withValue,
} from '../../scim/resource.ts';
import type { Link } from '../../store/ports/index.ts';
import { endsNow, withEnd } from './ended.ts';
import type { ProvisionDeps, Work } from './work.ts';

type Unchanged = Extract<Plan, { action: 'none' }>;

/** The link of an account that was made, or will be as `account` says. */
export function linkOf(
  account: Account,
  how: Link['madeBy'],
  asked: ScimUser,
  work: Work,
  deps: ProvisionDeps,
): Link {
  const now = deps.now();
  const at = now.toISOString();
  const link: Link = {
    target: work.target,
    key: work.key,
    id: account.id,
    madeBy: how,
    madeAt: at,
    desired: asked,
    echo: ownedPart(account.user, asked),
    certain: true,
    confirmedAt: at,
    ...(account.version === undefined ? {} : { version: account.version }),
  };
  return withEnd(link, now);
}

/** An account that shall be found linked from before the first thing is written to it. */
export function adopted(decided: AccountChange, work: Work, deps: ProvisionDeps): Link {
  const { id, user, asked, foundBy = 'userName' } = decided;
  return { ...linkOf({ id, user }, foundBy, asked, work, deps), certain: false };
}

/** A change was carried out. @param isNew the account was not linked before */
export async function rememberWritten(
  link: Link,
  decided: AccountChange,
  answered: Account,
  isNew: boolean,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const written = decided.differences.map(({ path }) => path);
  const echo = isNew ? answered.user : taken(link.echo, written, answered.user);
  await put(link, decided.asked, echo, answered, work, deps);
}

/**
 * An account is as it shall be. A write whose answer was lost turns out to have worked, and the link is certain again;
 * where somebody else has written what is not ours, the next write is meant for the newer version; where somebody else
 * has switched it off before us, that is when it ended; and what has left the mapping and stays is ours no longer.
 * @param asRead where it was read just now
 */
export async function rememberUnchanged(
  link: Link,
  { asked, kept = [] }: Unchanged,
  asRead: Account | undefined,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  // Nothing is said of how it shall be, so that nothing is known of how we would have it.
  if (asked === undefined) return;
  const sameAsked = differences(link.desired, asked, link.desired).length === 0;
  if (asRead === undefined) {
    if (sameAsked && !endsNow(link, asked)) return;
    const newest: Link = { ...link, desired: asked, echo: ownedPart(link.echo, asked) };
    await deps.links.put(withEnd(newest, deps.now()), work.lease);
    return;
  }
  const known = link.certain && link.version === asRead.version && sameAsked && !endsNow(link, asked);
  if (known) return;
  const echo = taken(asRead.user, keptPaths(kept), link.echo);
  await put(link, asked, echo, asRead, work, deps);
}

async function put(
  link: Link,
  asked: ScimUser,
  echo: ScimUser,
  { version }: Account,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const { version: _older, ...rest } = link;
  const now = deps.now();
  const newest: Link = {
    ...rest,
    desired: asked,
    echo: ownedPart(echo, asked),
    certain: true,
    confirmedAt: now.toISOString(),
    ...(version === undefined ? {} : { version }),
  };
  await deps.links.put(withEnd(newest, now), work.lease);
  if (asked.userName !== link.desired.userName) await deps.identities.addHandle(work.key, asked.userName);
}

function keptPaths(kept: readonly Kept[]): readonly AttributePath[] {
  return kept.map(({ difference }) => difference.path);
}

/** `base` with what `other` says at these paths. */
function taken(base: ScimUser, paths: readonly AttributePath[], other: ScimUser): ScimUser {
  return paths.reduce<JsonObject>((so, path) => withValue(so, path, valueAt(other, path)), base) as ScimUser;
}

/** Of what the target answered, only what we asked for: the rest is not ours to remember. */
function ownedPart(answered: ScimUser, asked: ScimUser): ScimUser {
  return { ...ownedParts(answered, asked), userName: answered.userName };
}

function ownedParts(answered: JsonObject, asked: JsonObject): JsonObject {
  const parts: Record<string, Json> = {};
  for (const [name, wanted] of Object.entries(asked)) {
    const value = memberOf(answered, name);
    if (value === undefined) continue;
    parts[name] = isJsonObject(value) && isJsonObject(wanted) ? ownedParts(value, wanted) : value;
  }
  return parts;
}

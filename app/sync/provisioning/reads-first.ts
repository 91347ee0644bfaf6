/**
 * Which linked account is read although its link is certain: where a policy rests on what the account has
 * (`app/plan/ownership.ts`), and before a deletion, which nothing brings back: somebody may have switched the account on
 * again, or given it a protected name.
 */
import type { Mapping } from '../../mapping/mapping.ts';
import type { Known } from '../../plan/decision.ts';
import { restsOnAccount } from '../../plan/ownership.ts';
import { plan } from '../../plan/plan.ts';
import { type JsonObject, type ScimUser, valueAt, withValue } from '../../scim/resource.ts';
import type { Link } from '../../store/ports/index.ts';
import type { Wanted } from '../desired.ts';
import { policyFor } from './allowed-return.ts';
import { readLinked } from './correlate.ts';
import { rememberedBy } from './remembered.ts';
import type { Work } from './work.ts';

type KnownWanted = Extract<Wanted, { kind: 'known' }>;

/** The account behind a link; `vanished` where the target says that it has no such account. */
export async function lookAtLinked(
  want: KnownWanted,
  link: Link,
  mapping: Mapping,
  work: Work,
  deps: Parameters<typeof readLinked>[2] & { readonly now: () => Date },
): Promise<Known | 'vanished'> {
  const remembered = rememberedBy(link);
  const { action } = plan(want.desired, remembered, policyFor(mapping, work), deps.now());
  const known = await readLinked(link, work, deps, action === 'delete' || hasToBeRead(want, link, mapping));
  // The deletion itself finds out that it is done already, as after a worker that died in between.
  return known === 'vanished' && action === 'delete' ? remembered : known;
}

/** Whose account is named in theirs is looked up later; for this it counts as the one that is there. */
function hasToBeRead({ desired, references = [] }: KnownWanted, link: Link, { policy }: Mapping): boolean {
  if (desired.kind !== 'account' || policy.attributes.length === 0) return false;
  const user = references.reduce<JsonObject>(
    (so, { path }) => withValue(so, path, valueAt(link.desired, path)),
    desired.user,
  );
  return restsOnAccount(user as ScimUser, link.desired, policy.attributes);
}

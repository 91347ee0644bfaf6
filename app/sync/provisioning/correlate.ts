/**
 * Which account at the target is this person's: the link if there is one, else a look-up in the mapping's order.
 * Two candidates, or one that is somebody else's, is a case for a person; we never guess (O-11 d).
 */
import type { Mapping, MatchAttribute } from '../../mapping/mapping.ts';
import type { Known } from '../../plan/decision.ts';
import { type Account, type ScimUser, sameName } from '../../scim/resource.ts';
import type { Target } from '../../scim/target.ts';
import type { FruitlessLookUps, Identities, Link, Links } from '../../store/ports/index.ts';
import { matchValue, sharedMail, withoutSharers } from './mail-match.ts';
import { whyContested } from './other-owner.ts';
import { linkedTo, rememberedBy } from './remembered.ts';
import type { Work } from './work.ts';

type Deps = {
  readonly target: Pick<Target, 'name' | 'find'>;
  readonly links: Links;
  readonly identities: Pick<Identities, 'get' | 'findByHandle'>;
};
/** Looking needs no lease, so that a preview can look too. */
type Matching = Pick<Mapping, 'matchOn' | 'joins'>;
type Looking = Pick<Work, 'key' | 'mark' | 'call'>;

/**
 * The account behind a link; `vanished` where the target says that it has no such account.
 * @param mustRead what the link remembers does not do, however certain it is
 */
export async function readLinked(
  link: Link,
  work: Looking,
  deps: Deps,
  mustRead = false,
): Promise<Known | 'vanished'> {
  if (link.certain && !work.mark.fresh && !mustRead) return rememberedBy(link);
  const [account] = await deps.target.find({ by: 'id', value: link.id }, work.call);
  if (account === undefined) return 'vanished';
  return linkedTo(account, link);
}

/**
 * The same as `lookUp`, for a person who is about to get an account: a look-up that found nobody a moment ago, before
 * the budget was spent, is not made again. What finds nobody now is noted in the work, to be remembered if it breaks off.
 */
export async function lookUpOnce(
  user: ScimUser,
  mapping: Matching,
  work: Looking & Pick<Work, 'fruitless'>,
  deps: Deps & { readonly fruitless: FruitlessLookUps },
): Promise<Known> {
  const isNoted = await deps.fruitless.noted(deps.target.name, work.key);
  for (const by of mapping.matchOn) {
    const value = matchValue(user, by);
    if (value === undefined || isNoted({ by, value })) continue;
    const known = await lookUp(user, { ...mapping, matchOn: [by] }, work, deps);
    if (known.kind !== 'nothing') return known;
    work.fruitless.push({ by, value });
  }
  return { kind: 'nothing' };
}

/** Looks for an account that nobody is linked to, by the mapping's match attributes in their order. */
export async function lookUp(user: ScimUser, mapping: Matching, work: Looking, deps: Deps): Promise<Known> {
  for (const by of mapping.matchOn) {
    const value = matchValue(user, by);
    if (value === undefined) continue;
    const found = await deps.target.find({ by, value }, work.call);
    const hits = by === 'mail' ? await withoutSharers(found, work.key, deps) : found;
    const [only] = hits;
    if (only === undefined) continue;
    if (hits.length > 1)
      return { kind: 'ambiguous', reason: `ambiguous: ${hits.length} accounts have this ${by}` };
    const shared = by === 'mail' ? await sharedMail(value, work.key, mapping, deps) : null;
    if (shared !== null) return { kind: 'ambiguous', reason: shared };
    return await judge(only, by, user, work, deps);
  }
  return { kind: 'nothing' };
}

async function judge(
  account: Account,
  by: MatchAttribute,
  user: ScimUser,
  work: Looking,
  deps: Deps,
): Promise<Known> {
  const owner = await deps.links.ownerOf(deps.target.name, account.id);
  if (owner !== null && owner !== work.key) {
    const contested = { account: account.id, by, owner, key: work.key, target: deps.target.name };
    return { kind: 'ambiguous', reason: await whyContested(contested, deps) };
  }
  const theirs = account.user.externalId;
  if (by !== 'externalId' && typeof theirs === 'string' && theirs !== '' && theirs !== user.externalId) {
    return { kind: 'ambiguous', reason: `ambiguous: the account with this ${by} carries another externalId` };
  }
  // Found by that name all the same: it is the target that has made another one of it, and would again.
  const { userName } = account.user;
  if (by !== 'userName' || sameName(userName, user.userName)) return { kind: 'found', account, by };
  const spelledOurWay = { ...account, user: { ...account.user, userName: user.userName } };
  return { kind: 'found', account: spelledOurWay, by, asRead: account };
}

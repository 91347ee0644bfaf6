/**
 * Which account at the target is this person's: the link if there is one, else a look-up in the mapping's order.
 * Two candidates, or one that is somebody else's, is a case for a person; we never guess (O-11 d).
 */
import type { Mapping } from '../../mapping/mapping.ts';
import type { Known } from '../../plan/decision.ts';
import { settled } from '../../plan/settled.ts';
import { type Account, type ScimUser, sameName } from '../../scim/resource.ts';
import type { Target } from '../../scim/target.ts';
import type { FruitlessLookUps, Link, Links } from '../../store/ports/index.ts';
import type { Work } from './work.ts';

type Deps = { readonly target: Target; readonly links: Links };
/** Looking needs no lease, so that a preview can look too. */
type Looking = Pick<Work, 'key' | 'mark' | 'call'>;

/** The account behind a link; `vanished` where the target says that it has no such account. */
export async function readLinked(link: Link, work: Looking, deps: Deps): Promise<Known | 'vanished'> {
  if (link.certain && !work.mark.fresh) {
    const { id, desired: user, version } = link;
    const account: Account = version === undefined ? { id, user } : { id, user, version };
    return { kind: 'linked', account, previous: link.desired };
  }
  const [account] = await deps.target.find({ by: 'id', value: link.id }, work.call);
  if (account === undefined) return 'vanished';
  const user = settled(account.user, link.desired, link.echo);
  return { kind: 'linked', account: { ...account, user }, previous: link.desired, asRead: account };
}

/**
 * The same as `lookUp`, for a person who is about to get an account: a look-up that found nobody a moment ago, before
 * the budget was spent, is not made again. What finds nobody now is noted in the work, to be remembered if it breaks off.
 */
export async function lookUpOnce(
  user: ScimUser,
  matchOn: Mapping['matchOn'],
  work: Looking & Pick<Work, 'fruitless'>,
  deps: Deps & { readonly fruitless: FruitlessLookUps },
): Promise<Known> {
  const isNoted = await deps.fruitless.noted(deps.target.name, work.key);
  for (const by of matchOn) {
    const value = user[by];
    if (typeof value !== 'string' || isNoted({ by, value })) continue;
    const known = await lookUp(user, [by], work, deps);
    if (known.kind !== 'nothing') return known;
    work.fruitless.push({ by, value });
  }
  return { kind: 'nothing' };
}

/** Looks for an account that nobody is linked to, by the mapping's match attributes in their order. */
export async function lookUp(
  user: ScimUser,
  matchOn: Mapping['matchOn'],
  work: Looking,
  deps: Deps,
): Promise<Known> {
  for (const by of matchOn) {
    const value = user[by];
    if (typeof value !== 'string') continue;
    const hits = await deps.target.find({ by, value }, work.call);
    const [only] = hits;
    if (only === undefined) continue;
    if (hits.length > 1)
      return { kind: 'ambiguous', reason: `ambiguous: ${hits.length} accounts have this ${by}` };
    return await judge(only, by, user, work, deps);
  }
  return { kind: 'nothing' };
}

async function judge(
  account: Account,
  by: 'externalId' | 'userName',
  user: ScimUser,
  work: Looking,
  deps: Deps,
): Promise<Known> {
  const owner = await deps.links.ownerOf(deps.target.name, account.id);
  if (owner !== null && owner !== work.key) {
    return {
      kind: 'ambiguous',
      reason: `ambiguous: the account with this ${by} is linked to another person`,
    };
  }
  const theirs = account.user.externalId;
  if (by === 'userName' && typeof theirs === 'string' && theirs !== '' && theirs !== user.externalId) {
    return {
      kind: 'ambiguous',
      reason: 'ambiguous: the account with this userName carries another externalId',
    };
  }
  // Found by that name all the same: it is the target that has made another one of it, and would again.
  const { userName } = account.user;
  if (by !== 'userName' || sameName(userName, user.userName)) return { kind: 'found', account, by };
  const spelledOurWay = { ...account, user: { ...account.user, userName: user.userName } };
  return { kind: 'found', account: spelledOurWay, by, asRead: account };
}

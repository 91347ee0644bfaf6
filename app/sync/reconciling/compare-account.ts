/** What one listed account is to us: somebody's as we want it, somebody's but different, or not linked. */
import type { Mapping } from '../../mapping/mapping.ts';
import { type PersonKey, personKey, toStableId } from '../../person/anchor.ts';
import type { Identity } from '../../person/identity.ts';
import { isRemoval } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import { type Account, formatPath } from '../../scim/resource.ts';
import type { Drift, Identities, Link, Links, UnknownAccount, UserNames } from '../../store/ports/index.ts';
import { wanted } from '../desired.ts';
import { linkedTo } from '../provisioning/remembered.ts';
import { withReferences } from '../references.ts';
import { seenBy } from '../seen.ts';
import { withUserName } from '../user-names.ts';
import { driftsOf } from './drift.ts';

/** `drifts`: what differs and why, also where it stays so. */
export type Comparison =
  | { readonly kind: 'asWanted'; readonly drifts: readonly Drift[] }
  /** `losesAccess`: the account is active and must not be. */
  | {
      readonly kind: 'different';
      readonly person: PersonKey;
      readonly losesAccess: boolean;
      readonly drifts: readonly Drift[];
    }
  /** What it says is as wanted, but it lacks these attributes: emptied by hand, or not shown by the listing. */
  | {
      readonly kind: 'notShown';
      readonly owner: PersonKey;
      readonly absent: readonly string[];
      readonly drifts: readonly Drift[];
    }
  /** It carries the names of a person who is to have an account here, and has none as far as we know. */
  | { readonly kind: 'unlinked'; readonly person: PersonKey; readonly drifts: readonly Drift[] }
  | { readonly kind: 'foreign'; readonly account: UnknownAccount };

const AS_WANTED: Comparison = { kind: 'asWanted', drifts: [] };

type Deps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
  readonly userNames: Pick<UserNames, 'foresee'>;
  readonly now: () => Date;
};

export async function compareAccount(account: Account, target: string, deps: Deps): Promise<Comparison> {
  const owner = await deps.links.ownerOf(target, account.id);
  const link = owner === null ? null : await deps.links.get(target, owner);
  if (link === null || link.id !== account.id) {
    if (isProtected(account, target, deps)) return AS_WANTED;
    return await compareUnlinked(account, target, deps);
  }
  return await compareLinked(account, link, deps);
}

/** Whom nothing would come of looking at is not looked at each day anew: who shall have no account there, as a rule. */
async function compareUnlinked(account: Account, target: string, deps: Deps): Promise<Comparison> {
  const { id, user } = account;
  const identity = await personBehind(account, target, deps);
  const fate = identity === null ? 'left' : await fateOf(account, identity, target, deps);
  if (fate === 'protected') return AS_WANTED;
  if (identity === null || fate === 'left')
    return { kind: 'foreign', account: { id, userName: user.userName } };
  const person = identity.key;
  return { kind: 'unlinked', person, drifts: [{ why: 'unlinked', person, account: id, differences: [] }] };
}

/** What would become of the account if its owner were looked at. */
async function fateOf(
  account: Account,
  identity: Identity,
  target: string,
  deps: Deps,
): Promise<'written' | 'left' | 'protected'> {
  const mapping = deps.mappings.find((one) => one.source === identity.source && one.target === target);
  if (mapping === undefined) return 'left';
  const { desired } = wanted(await seenBy(mapping, identity, deps), mapping, deps.now());
  const known = { kind: 'found', account, by: 'userName' } as const;
  if (desired === null) return 'written';
  if (desired.kind === 'protected') return 'protected';
  return plan(desired, known, mapping.policy, deps.now()).action === 'none' ? 'left' : 'written';
}

async function compareLinked(account: Account, link: Link, deps: Deps): Promise<Comparison> {
  if (!link.certain) return { kind: 'different', person: link.key, losesAccess: false, drifts: [] };
  const identity = await deps.identities.get(link.key);
  const mapping = deps.mappings.find(
    ({ source, target }) => source === identity?.source && target === link.target,
  );
  if (identity === null || mapping === undefined) return AS_WANTED;
  const alone = wanted(await seenBy(mapping, identity, deps), mapping, deps.now());
  if (alone.desired === null) return AS_WANTED;
  const known = linkedTo(account, link);
  const named = await withUserName({ ...alone, desired: alone.desired }, known, mapping, {
    choose: (names, has) => deps.userNames.foresee(link.target, link.key, names, has),
    isTaken: async () => false,
  });
  if (named === null) return { kind: 'different', person: link.key, losesAccess: false, drifts: [] };
  const { desired } = await withReferences(named, { ...link, link }, deps);
  const decided = plan(desired, known, mapping.policy, deps.now());
  const drifts = driftsOf(decided, link, mapping.policy);
  if (decided.action === 'none') return { kind: 'asWanted', drifts };
  if (!('differences' in decided) || decided.differences.some(({ before }) => before !== undefined))
    return { kind: 'different', person: link.key, losesAccess: isRemoval(decided), drifts };
  const absent = decided.differences.map(({ path }) => formatPath(path));
  return { kind: 'notShown', owner: link.key, absent, drifts };
}

/** Nothing would come of looking at whoever has its names. */
function isProtected({ user }: Account, target: string, { mappings }: Deps): boolean {
  const name = user.userName.toLowerCase();
  return mappings.some((one) => one.target === target && one.policy.lifecycle.protectedUserNames.has(name));
}

/** Somebody present who has no link here, by the account's externalId, else by its userName. */
async function personBehind(account: Account, target: string, deps: Deps): Promise<Identity | null> {
  const { externalId, userName } = account.user;
  const id = typeof externalId === 'string' ? toStableId(externalId) : null;
  const sources = deps.mappings.filter((mapping) => mapping.target === target).map(({ source }) => source);
  const byId = id === null ? [] : sources.map((source) => personKey(source, id));
  for (const key of [...byId, ...(await deps.identities.findByHandle(userName))]) {
    const known = await deps.identities.get(key);
    if (known?.presence.state !== 'present' || !sources.includes(known.source)) continue;
    if ((await deps.links.get(target, key)) === null) return known;
  }
  return null;
}

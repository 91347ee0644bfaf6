/** What one listed account is to us: somebody's as we want it, somebody's but different, or not linked. */
import type { Mapping } from '../../mapping/mapping.ts';
import { type PersonKey, personKey, toStableId } from '../../person/anchor.ts';
import { isRemoval } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import { settled } from '../../plan/settled.ts';
import { type Account, formatPath } from '../../scim/resource.ts';
import type { Identities, Link, Links } from '../../store/ports/index.ts';
import { wanted } from '../desired.ts';
import { withReferences } from '../references.ts';

export type Comparison =
  | { readonly kind: 'asWanted' }
  /** `losesAccess`: the account is active and must not be. */
  | { readonly kind: 'different'; readonly person: PersonKey; readonly losesAccess: boolean }
  /** What it says is as wanted, but it lacks these attributes: emptied by hand, or not shown by the listing. */
  | { readonly kind: 'notShown'; readonly owner: PersonKey; readonly absent: readonly string[] }
  /** It carries the names of a person who has no account here as far as we know. */
  | { readonly kind: 'unlinked'; readonly person: PersonKey }
  | { readonly kind: 'foreign' };

type Deps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
  readonly now: () => Date;
};

export async function compareAccount(account: Account, target: string, deps: Deps): Promise<Comparison> {
  const owner = await deps.links.ownerOf(target, account.id);
  const link = owner === null ? null : await deps.links.get(target, owner);
  if (link === null || link.id !== account.id) {
    const person = await personBehind(account, target, deps);
    return person === null ? { kind: 'foreign' } : { kind: 'unlinked', person };
  }
  return await compareLinked(account, link, deps);
}

async function compareLinked(account: Account, link: Link, deps: Deps): Promise<Comparison> {
  const different = (losesAccess: boolean): Comparison => ({
    kind: 'different',
    person: link.key,
    losesAccess,
  });
  if (!link.certain) return different(false);
  const identity = await deps.identities.get(link.key);
  const mapping = deps.mappings.find(
    ({ source, target }) => source === identity?.source && target === link.target,
  );
  if (identity === null || mapping === undefined) return { kind: 'asWanted' };
  const alone = wanted(identity, mapping, deps.now());
  if (alone.desired === null) return { kind: 'asWanted' };
  const { desired } = await withReferences({ ...alone, desired: alone.desired }, { ...link, link }, deps);
  const user = settled(account.user, link.desired, link.echo);
  const known = { kind: 'linked', account: { ...account, user }, previous: link.desired } as const;
  const decided = plan(desired, known, mapping.policy, deps.now());
  if (decided.action === 'none') return { kind: 'asWanted' };
  if (!('differences' in decided) || decided.differences.some(({ before }) => before !== undefined))
    return different(isRemoval(decided));
  const absent = decided.differences.map(({ path }) => formatPath(path));
  return { kind: 'notShown', owner: link.key, absent };
}

/** Somebody present who has no link here, by the account's externalId, else by its userName. */
async function personBehind(account: Account, target: string, deps: Deps): Promise<PersonKey | null> {
  const { externalId, userName } = account.user;
  const id = typeof externalId === 'string' ? toStableId(externalId) : null;
  const sources = deps.mappings.filter((mapping) => mapping.target === target).map(({ source }) => source);
  const byId = id === null ? [] : sources.map((source) => personKey(source, id));
  for (const key of [...byId, ...(await deps.identities.findByHandle(userName))]) {
    const known = await deps.identities.get(key);
    if (known?.presence.state !== 'present' || !sources.includes(known.source)) continue;
    if ((await deps.links.get(target, key)) === null) return key;
  }
  return null;
}

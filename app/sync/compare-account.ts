/** What one listed account is to us: somebody's as we want it, somebody's but different, or not linked. */
import type { Mapping } from '../mapping/mapping.ts';
import { type PersonKey, personKey, toStableId } from '../person/anchor.ts';
import { plan } from '../plan/plan.ts';
import { settled } from '../plan/settled.ts';
import type { Account } from '../scim/resource.ts';
import type { Identities, Link, Links } from '../store/ports/index.ts';
import { wanted } from './desired.ts';

export type Comparison =
  | { readonly kind: 'asWanted' }
  | { readonly kind: 'different'; readonly person: PersonKey }
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
  const differs = await isDifferent(account, link, deps);
  return differs ? { kind: 'different', person: link.key } : { kind: 'asWanted' };
}

async function isDifferent(account: Account, link: Link, deps: Deps): Promise<boolean> {
  if (!link.certain) return true;
  const identity = await deps.identities.get(link.key);
  const mapping = deps.mappings.find(
    ({ source, target }) => source === identity?.source && target === link.target,
  );
  if (identity === null || mapping === undefined) return false;
  const want = wanted(identity, mapping, deps.now());
  if (want.kind === 'failed') return false;
  const user = settled(account.user, link.desired, link.echo);
  const known = { kind: 'linked', account: { ...account, user }, previous: link.desired } as const;
  return plan(want.desired, known).action !== 'none';
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

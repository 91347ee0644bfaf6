/**
 * An operator decides whose an account is, where the names alone do not tell: a rehire under a new key, or an account
 * that carries another externalId. The link of whoever has left is dropped, and the account is the new person's from
 * then on: what they should have is written to it like any difference. Whoever is still there keeps their account.
 *
 * It writes nothing at the target itself. A process that dies between the two links leaves an account that is linked to
 * nobody, and the person is held again until this is repeated.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Account } from '../scim/resource.ts';
import type { Lease, Leases, Link, ProvisioningLog, Run } from '../store/ports/index.ts';
import { lookingCall } from './planning/foresee.ts';
import { type ReprovisionDeps, reprovision } from './reprovision.ts';

export type RelinkDeps = ReprovisionDeps & {
  readonly leases: Leases;
  readonly provisioningLog: ProvisioningLog;
};

export type RelinkRequest = {
  readonly target: string;
  readonly account: string;
  readonly actor: string;
  readonly reason: string;
};

export type Relinked =
  | { readonly kind: 'relinked'; readonly run: Run }
  /** Nothing was changed, for this reason. */
  | { readonly kind: 'refused'; readonly why: string }
  /** A worker is writing one of the two people. */
  | { readonly kind: 'busy' };

/** Nothing of the target is written under it, so that it is short. */
const LEASE_MS = 10_000;

/** Gives the account to the person, and makes them due with a fresh look. @throws what a Target throws */
export async function relink(
  key: PersonKey,
  request: RelinkRequest,
  deps: RelinkDeps,
  signal: AbortSignal,
): Promise<Relinked> {
  const { target, account: id, actor, reason } = request;
  const owner = await deps.links.ownerOf(target, id);
  const why = await whyNot(key, owner, request, deps);
  if (why !== null) return { kind: 'refused', why };
  const [account] = await deps.targetOf(target).find({ by: 'id', value: id }, lookingCall(signal, 'manual'));
  if (account === undefined) return { kind: 'refused', why: `${target} has no account ${id}` };
  const people = owner === null || owner === key ? [key] : [owner, key];
  const moved = await underLeases(target, people, deps, (leases) =>
    move(key, owner, account, leases, request, deps),
  );
  if (!moved) return { kind: 'busy' };
  // Only here: a return that waits at another target waits for a word of its own.
  await deps.due.mark(target, key, { lane: 'manual', fresh: true, allowReturn: true }, deps.now());
  const run = await reprovision(key, { actor, note: reason }, deps);
  return { kind: 'relinked', run };
}

async function whyNot(
  key: PersonKey,
  owner: PersonKey | null,
  { target, account }: RelinkRequest,
  deps: RelinkDeps,
): Promise<string | null> {
  const person = await deps.identities.get(key);
  if (person === null) return `nobody is known as ${key}`;
  const isMapped = deps.mappings.some((one) => one.source === person.source && one.target === target);
  if (!isMapped) return `no mapping leads from ${person.source} to ${target}`;
  const own = await deps.links.get(target, key);
  if (own !== null && own.id !== account) return `${key} is linked to account ${own.id} at ${target} already`;
  const other = owner === null || owner === key ? null : await deps.identities.get(owner);
  return other?.presence.state === 'present' ? `account ${account} is ${owner}'s, who is still there` : null;
}

/** @returns false where one of them is being written, or somebody else has become the owner meanwhile */
async function move(
  key: PersonKey,
  owner: PersonKey | null,
  account: Account,
  leases: ReadonlyMap<PersonKey, Lease>,
  { target, actor, reason }: RelinkRequest,
  deps: RelinkDeps,
): Promise<boolean> {
  const lease = leases.get(key);
  if (lease === undefined || (await deps.links.ownerOf(target, account.id)) !== owner) return false;
  const before = owner === null || owner === key ? null : await deps.links.get(target, owner);
  const theirs = owner === null ? undefined : leases.get(owner);
  if (before !== null && theirs !== undefined) await deps.links.drop(before, theirs);
  await deps.links.put(linkTo(account, key, target, deps), lease);
  await deps.provisioningLog.append({
    at: deps.now().toISOString(),
    target,
    key,
    action: 'adopt',
    reason: `given by ${actor}${before === null ? '' : ` instead of ${before.key}`}: ${reason}`,
    accountId: account.id,
    changes: [],
  });
  return true;
}

/** The account is read before anything is planned for it; what it has beyond what is mapped stays. */
function linkTo(account: Account, key: PersonKey, target: string, deps: RelinkDeps): Link {
  const at = deps.now().toISOString();
  const { id, user, version } = account;
  const asked = { userName: user.userName, active: user.active !== false };
  return {
    target,
    key,
    id,
    madeBy: 'operator',
    madeAt: at,
    desired: asked,
    echo: asked,
    certain: false,
    confirmedAt: at,
    ...(version === undefined ? {} : { version }),
    ...(asked.active ? {} : { endedAt: at }),
  };
}

async function underLeases(
  target: string,
  people: readonly PersonKey[],
  { leases }: RelinkDeps,
  work: (held: ReadonlyMap<PersonKey, Lease>) => Promise<boolean>,
): Promise<boolean> {
  const held = new Map<PersonKey, Lease>();
  try {
    for (const key of people) {
      const lease = await leases.acquire(`write:${target}:${key}`, LEASE_MS);
      if (lease === null) return false;
      held.set(key, lease);
    }
    return await work(held);
  } finally {
    for (const lease of held.values()) await leases.release(lease);
  }
}

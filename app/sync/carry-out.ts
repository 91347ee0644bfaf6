/**
 * Carries a plan out at the target and remembers what came of it. Each write is fenced (`work.call`), each create is
 * announced by an intent before it is sent, and the link is stored before the intent is settled: whatever dies in
 * between, the next attempt looks before it repeats (O-18).
 */
import { RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { type AccountChange, type Plan, plan } from '../plan/plan.ts';
import type { Account, Json, ScimUser } from '../scim/resource.ts';
import type { Link } from '../store/ports/index.ts';
import { lookUp } from './correlate.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** `carried` is what was really done: a create may have become an adoption on the way. */
export type CarriedOut =
  | { readonly kind: 'done'; readonly carried: Plan; readonly accountId: string | null }
  /** The target has no such account any more; nothing was written. */
  | { readonly kind: 'missing' };

export async function carryOut(
  decided: Plan,
  link: Link | null,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  switch (decided.action) {
    case 'none':
      return { kind: 'done', carried: decided, accountId: link?.id ?? null };
    case 'hold':
      return { kind: 'done', carried: decided, accountId: null };
    case 'create':
      return await create(decided.user, decided, mapping, work, deps);
    case 'adopt':
    case 'update':
    case 'reactivate':
    case 'deactivate':
      return await change(decided, link, work, deps);
  }
}

/** A write whose answer was lost turns out to have worked: the link is certain again. */
export async function confirmRead(
  link: Link,
  desired: ScimUser,
  asRead: ScimUser,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  if (!link.certain) await remember(link, desired, asRead, work, deps);
}

async function create(
  user: ScimUser,
  decided: Plan,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { intents, target, now } = deps;
  await waitUntilSettled(work, deps);
  await intents.open(work.target, work.key, now());
  const created = await target.create(user, work.call).catch(async (error: unknown) => {
    if (provesNothingWasWritten(error)) await intents.settle(work.target, work.key);
    throw error;
  });
  if (created.kind === 'conflict') {
    await intents.settle(work.target, work.key);
    return await adoptAfterConflict(user, created, mapping, work, deps);
  }
  await linkTo(created.account, 'created', user, work, deps);
  await intents.settle(work.target, work.key);
  return { kind: 'done', carried: decided, accountId: created.account.id };
}

/** An earlier create whose answer was lost may take effect until its time is over; only then may it be repeated. */
async function waitUntilSettled(work: Work, deps: ProvisionDeps): Promise<void> {
  const intent = await deps.intents.get(work.target, work.key);
  if (intent === null) return;
  const settledAt = new Date(Date.parse(intent.openedAt) + deps.policy.settleMs);
  if (deps.now() >= settledAt) return;
  throw new TargetUnavailable('an earlier create may still take effect', { notBefore: settledAt });
}

/** Only an answer, or a request that was never sent, proves it. Whatever else went wrong, the next attempt looks. */
function provesNothingWasWritten(error: unknown): boolean {
  if (error instanceof TargetUnavailable) return !error.outcomeUnknown;
  return error instanceof RateLimited || error instanceof TargetUnusable || error instanceof Refused;
}

/** O-11: somebody holds this name. If it is an account that nobody is linked to, it is this person's. */
async function adoptAfterConflict(
  user: ScimUser,
  conflict: { readonly status: number; readonly words: string },
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const known = await lookUp(user, mapping.matchOn, work, deps);
  if (known.kind === 'ambiguous') throw new Refused(conflict.status, known.reason);
  if (known.kind !== 'found') {
    const hidden = conflict.status === 409 ? 'conflict-not-visible: ' : '';
    throw new Refused(conflict.status, `${hidden}${conflict.words}`);
  }
  return await carryOut(plan({ kind: 'account', user }, known), null, mapping, work, deps);
}

async function change(
  decided: AccountChange,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { target, intents } = deps;
  if (decided.differences.length === 0) {
    await linkTo({ id: decided.id, user: decided.user }, madeBy(decided), decided.user, work, deps);
    await intents.settle(work.target, work.key);
    return { kind: 'done', carried: decided, accountId: decided.id };
  }
  // Said beforehand: a worker that dies between the write and the link leaves a link that asks to be read.
  if (link !== null) await deps.links.put({ ...link, certain: false }, work.lease);
  const updated = await target
    .update(decided.id, decided.differences, decided.user, work.call)
    .catch(async (error: unknown) => {
      if (link !== null && provesNothingWasWritten(error)) await deps.links.put(link, work.lease);
      throw error;
    });
  if (updated.kind === 'missing') return updated;
  if (link === null || link.id !== decided.id) {
    await linkTo(updated.account, madeBy(decided), decided.user, work, deps);
    await intents.settle(work.target, work.key);
  } else {
    await remember(link, decided.user, updated.account.user, work, deps);
  }
  return { kind: 'done', carried: decided, accountId: decided.id };
}

function madeBy(decided: AccountChange): Link['madeBy'] {
  return decided.reason === 'found by externalId' ? 'externalId' : 'userName';
}

async function linkTo(
  account: Account,
  how: Link['madeBy'],
  desired: ScimUser,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const at = deps.now().toISOString();
  const link: Link = {
    target: work.target,
    key: work.key,
    id: account.id,
    madeBy: how,
    madeAt: at,
    desired,
    echo: ownedPart(account.user, desired),
    certain: true,
    confirmedAt: at,
    ...(account.version === undefined ? {} : { version: account.version }),
  };
  await deps.links.put(link, work.lease);
  await deps.identities.addHandle(work.key, desired.userName);
}

async function remember(
  link: Link,
  desired: ScimUser,
  answered: ScimUser,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const echo = ownedPart(answered, desired);
  const confirmedAt = deps.now().toISOString();
  await deps.links.put({ ...link, desired, echo, certain: true, confirmedAt }, work.lease);
  if (desired.userName !== link.desired.userName) await deps.identities.addHandle(work.key, desired.userName);
}

/** Of what the target answered, only what we asked for: the rest is not ours to remember. */
function ownedPart(answered: ScimUser, desired: ScimUser): ScimUser {
  const owned: Record<string, Json> = {};
  for (const name of Object.keys(desired)) {
    const value = answered[name];
    if (value !== undefined) owned[name] = value;
  }
  return { ...owned, userName: answered.userName };
}

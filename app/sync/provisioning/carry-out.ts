/**
 * Carries a plan out at the target and remembers what came of it. Each write is fenced (`work.call`), each create is
 * announced by an intent before it is sent, and the link is stored before the intent is settled: whatever dies in
 * between, the next attempt looks before it repeats (O-18).
 */
import { RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Mapping } from '../../mapping/mapping.ts';
import type { AccountChange, Plan } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import { type Account, type Json, memberOf, type ScimUser } from '../../scim/resource.ts';
import type { Target, Updated } from '../../scim/target.ts';
import type { Link } from '../../store/ports/index.ts';
import { warnOfAnswer } from './answer-warnings.ts';
import { lookUp } from './correlate.ts';
import { type AccessEnded, updateOrEndAccess } from './end-access.ts';
import { waitUntilSettled } from './unsettled.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** `carried` is what was really done: a create may have become an adoption on the way. */
export type CarriedOut =
  | { readonly kind: 'done'; readonly carried: Plan; readonly accountId: string | null }
  /** The target has no such account any more; nothing was written. */
  | { readonly kind: 'missing' }
  /** It is another account than was planned for; nothing was written. */
  | { readonly kind: 'changed' }
  /** Access has ended, and all the rest failed. */
  | {
      readonly kind: 'partly';
      readonly carried: Plan;
      readonly accountId: string;
      readonly failure: Error;
    };

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
    case 'delete':
      return await remove(decided, link, work, deps);
  }
}

/**
 * An account that was read is as it shall be. A write whose answer was lost turns out to have worked, and the link is
 * certain again; and where somebody else has written what is not ours, the next write is meant for the newer version.
 */
export async function confirmRead(
  link: Link,
  desired: ScimUser,
  asRead: Account,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const known = link.certain && link.version === asRead.version;
  if (!known) await remember(link, desired, asRead, work, deps);
}

async function create(
  user: ScimUser,
  decided: Plan,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { intents, target, now } = deps;
  waitUntilSettled(await intents.get(work.target, work.key), deps);
  await intents.open(work.target, work.key, user, now());
  const created = await target.create(user, work.call).catch(async (error: unknown) => {
    if (provesNothingWasWritten(error)) await intents.settle(work.target, work.key);
    throw error;
  });
  if (created.kind === 'conflict') {
    await intents.settle(work.target, work.key);
    return await adoptAfterConflict(user, created, mapping, work, deps);
  }
  await deps.links.put(linkOf(created.account, 'created', user, work, deps), work.lease);
  await newlyLinked(user, work, deps);
  return { kind: 'done', carried: decided, accountId: created.account.id };
}

/** The link is stored: what was remembered on the way to it has served. */
async function newlyLinked(user: ScimUser, work: Work, deps: ProvisionDeps): Promise<void> {
  await Promise.all([
    deps.identities.addHandle(work.key, user.userName),
    deps.fruitless.forget(work.target, work.key),
    deps.intents.settle(work.target, work.key),
  ]);
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
  return await carryOut(
    plan({ kind: 'account', user }, known, mapping.policy, deps.now()),
    null,
    mapping,
    work,
    deps,
  );
}

async function change(
  decided: AccountChange,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { target, links } = deps;
  // Said beforehand: a worker that dies between the write and the link leaves a link that asks to be read. And where
  // two people match one account, the second to say so stops here, before anything of theirs is written to it.
  const asked: Link = link === null ? adopted(decided, work, deps) : { ...link, certain: false };
  if (decided.differences.length > 0) await links.put(asked, work.lease);
  const updated = await update(decided, target, work).catch(async (error: unknown) => {
    if (provesNothingWasWritten(error)) await takeBack(asked, link, work, deps);
    throw error;
  });
  if (updated.kind === 'access-ended') return await rememberEnd(asked, updated, work, deps);
  // The link stays uncertain: what it says of the account is not so any more.
  if (updated.kind !== 'written') {
    if (link === null) await links.drop(asked, work.lease);
    return updated;
  }
  await remember(asked, decided.user, updated.account, work, deps);
  warnOfAnswer(decided.user, updated, work, deps.signals);
  if (link === null) await newlyLinked(decided.user, work, deps);
  return { kind: 'done', carried: decided, accountId: decided.id };
}

/** An adopted account that is right already costs no request. */
async function update(decided: AccountChange, target: Target, work: Work): Promise<Updated | AccessEnded> {
  const { id, differences, version } = decided;
  if (differences.length > 0) return await updateOrEndAccess(decided, target, work);
  const user = decided.asRead ?? decided.user;
  return { kind: 'written', account: version === undefined ? { id, user } : { id, user, version } };
}

/** The link stays uncertain, so that whatever is left is planned for what the account is by then. */
async function rememberEnd(
  asked: Link,
  { carried, account, failure }: AccessEnded,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { active } = account.user;
  const desired = { ...asked.desired, active: false };
  const echo = active === undefined ? asked.echo : { ...asked.echo, active };
  await deps.links.put({ ...asked, desired, echo }, work.lease);
  warnOfAnswer(desired, { kind: 'written', account }, work, deps.signals);
  return { kind: 'partly', carried, accountId: carried.id, failure };
}

/** A worker that dies in between finds the account missing the next time, and drops the link then. */
async function remove(
  decided: Extract<Plan, { action: 'delete' }>,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const removed = await deps.target.remove(decided.id, work.call, decided.version);
  if (removed.kind === 'changed') return removed;
  if (link !== null) await deps.links.drop(link, work.lease);
  return { kind: 'done', carried: decided, accountId: decided.id };
}

async function takeBack(asked: Link, link: Link | null, work: Work, deps: ProvisionDeps): Promise<void> {
  if (link === null) await deps.links.drop(asked, work.lease);
  else await deps.links.put(link, work.lease);
}

function adopted(decided: AccountChange, work: Work, deps: ProvisionDeps): Link {
  const how = decided.reason === 'found by externalId' ? 'externalId' : 'userName';
  const link = linkOf({ id: decided.id, user: decided.user }, how, decided.user, work, deps);
  return { ...link, certain: false };
}

function linkOf(
  account: Account,
  how: Link['madeBy'],
  desired: ScimUser,
  work: Work,
  deps: ProvisionDeps,
): Link {
  const at = deps.now().toISOString();
  return {
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
}

/** What was asked for and what the target made of it, with the version that this is true of. */
async function remember(
  link: Link,
  desired: ScimUser,
  answered: Account,
  work: Work,
  deps: ProvisionDeps,
): Promise<void> {
  const { version: _older, ...rest } = link;
  await deps.links.put(
    {
      ...rest,
      desired,
      echo: ownedPart(answered.user, desired),
      certain: true,
      confirmedAt: deps.now().toISOString(),
      ...(answered.version === undefined ? {} : { version: answered.version }),
    },
    work.lease,
  );
  if (desired.userName !== link.desired.userName) await deps.identities.addHandle(work.key, desired.userName);
}

/** Of what the target answered, only what we asked for: the rest is not ours to remember. */
function ownedPart(answered: ScimUser, desired: ScimUser): ScimUser {
  const owned: Record<string, Json> = {};
  for (const name of Object.keys(desired)) {
    const value = memberOf(answered, name);
    if (value !== undefined) owned[name] = value;
  }
  return { ...owned, userName: answered.userName };
}

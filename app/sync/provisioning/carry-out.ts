/**
 * Carries a plan out at the target and remembers what came of it. Each write is fenced (`work.call`), each create is
 * announced by an intent before it is sent, and the link is stored before the intent is settled: whatever dies in
 * between, the next attempt looks before it repeats (O-18).
 */
import { RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Mapping } from '../../mapping/mapping.ts';
import { type AccountChange, isRemoval, type Plan } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import type { ScimUser } from '../../scim/resource.ts';
import type { Target, Updated } from '../../scim/target.ts';
import type { Link } from '../../store/ports/index.ts';
import { policyFor } from './allowed-return.ts';
import { warnOfAnswer, warnOfDeletion } from './answer-warnings.ts';
import { lookUp } from './correlate.ts';
import { type AccessEnded, updateOrEndAccess } from './end-access.ts';
import { begunAnew, withEnd } from './ended.ts';
import { isNameRefused, type NameTaken, nameTaken } from './naming.ts';
import { adopted, linkOf, rememberWritten } from './remember.ts';
import { waitUntilSettled } from './unsettled.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** `carried` is what was really done: a create may have become an adoption on the way. */
export type CarriedOut =
  | { readonly kind: 'done'; readonly carried: Plan; readonly accountId: string | null }
  /** The target has no such account any more; nothing was written. */
  | { readonly kind: 'missing' }
  /** It is another account than was planned for; nothing was written. */
  | { readonly kind: 'changed' }
  | NameTaken
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
      return await create(decided, mapping, work, deps);
    case 'adopt':
    case 'update':
    case 'reactivate':
    case 'deactivate':
      return await change(decided, link, mapping, work, deps);
    case 'delete':
      return await remove(decided, link, work, deps);
  }
}

async function create(
  decided: Extract<Plan, { action: 'create' }>,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { intents, target, now } = deps;
  const { user, asked } = decided;
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
  await deps.links.put(linkOf(created.account, 'created', asked, work, deps), work.lease);
  await newlyLinked(user, work, deps);
  // Some targets make every account active: it is looked at at once, and switched off like one that was changed by hand.
  if (user.active === false && created.account.user.active === true)
    await deps.due.mark(work.target, work.key, { lane: 'leaver', fresh: true }, now());
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
export function provesNothingWasWritten(error: unknown): boolean {
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
  if (work.reviewed !== undefined) {
    throw new Refused(conflict.status, `${conflict.words}; nobody had these names when the plan was made`);
  }
  const known = await lookUp(user, mapping, work, deps);
  if (known.kind === 'ambiguous') throw new Refused(conflict.status, known.reason);
  if (known.kind !== 'found') {
    const { status, words } = conflict;
    if (await isNameRefused(user.userName, status, mapping, work, deps))
      return { kind: 'name-taken', status, words };
    const hidden = conflict.status === 409 ? 'conflict-not-visible: ' : '';
    throw new Refused(conflict.status, `${hidden}${conflict.words}`);
  }
  const decided = plan({ kind: 'account', user }, known, policyFor(mapping, work), deps.now());
  if (decided.action === 'hold') throw new Refused(conflict.status, decided.reason);
  if (isRemoval(decided)) {
    // What was let pass was a create: it is looked for and planned for anew, so that the guard is asked.
    work.fruitless.length = 0;
    await deps.fruitless.forget(work.target, work.key);
    return { kind: 'changed' };
  }
  return await carryOut(decided, null, mapping, work, deps);
}

async function change(
  decided: AccountChange,
  link: Link | null,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const { target, links } = deps;
  // Said beforehand: a worker that dies between the write and the link leaves a link that asks to be read. And where
  // two people match one account, the second to say so stops here, before anything of theirs is written to it.
  const asked: Link =
    link === null ? adopted(decided, work, deps) : { ...begunAnew(link, decided), certain: false };
  if (decided.differences.length > 0) await links.put(asked, work.lease);
  const updated = await update(decided, target, work).catch(async (error: unknown) => {
    if (provesNothingWasWritten(error)) await takeBack(asked, link, work, deps);
    return nameTaken(error, decided, mapping);
  });
  if (updated.kind === 'name-taken') return updated;
  if (updated.kind === 'access-ended') return await rememberEnd(asked, updated, work, deps);
  // The link stays uncertain: what it says of the account is not so any more.
  if (updated.kind !== 'written') {
    if (link === null) await links.drop(asked, work.lease);
    return updated;
  }
  await rememberWritten(asked, decided, updated.account, link === null, work, deps);
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
  await deps.links.put(withEnd({ ...asked, desired, echo }, deps.now()), work.lease);
  warnOfAnswer(desired, { kind: 'written', account }, work, deps.signals);
  return { kind: 'partly', carried, accountId: carried.id, failure };
}

/**
 * A worker that dies in between finds the account missing the next time, and drops the link then. Where a target says yes
 * and keeps the account active, the link stays and asks to be read: nobody else would know whose access that is.
 */
async function remove(
  decided: Extract<Plan, { action: 'delete' }>,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<CarriedOut> {
  const removed = await deps.target.remove(decided.id, work.call, decided.version);
  if (removed.kind === 'changed') return removed;
  const isThere = removed.kind === 'removed' && (await isStillActive(decided.id, work, deps));
  if (link !== null && isThere) await deps.links.put({ ...link, certain: false }, work.lease);
  else if (link !== null) await deps.links.drop(link, work.lease);
  return { kind: 'done', carried: decided, accountId: decided.id };
}

async function isStillActive(id: string, work: Work, { target, signals }: ProvisionDeps): Promise<boolean> {
  const [left] = await target.find({ by: 'id', value: id }, work.call);
  if (left === undefined || left.user.active === false) return false;
  warnOfDeletion(work, signals);
  return true;
}

async function takeBack(asked: Link, link: Link | null, work: Work, deps: ProvisionDeps): Promise<void> {
  if (link === null) await deps.links.drop(asked, work.lease);
  else await deps.links.put(link, work.lease);
}

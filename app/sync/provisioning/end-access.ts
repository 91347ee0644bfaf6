/**
 * One value that a target does not take must not keep anybody's access. Where a change that ends access and says other
 * things as well fails, access is ended by itself, and the failure stands for the rest. Who loses access is not decided
 * here: the plan has said so, and the guard has let it pass.
 */
import { LeaseLost, Refused, rateLimitBehind, TargetUnavailable } from '../../errors.ts';
import { type AccountChange, endsAccess } from '../../plan/decision.ts';
import type { Account } from '../../scim/resource.ts';
import type { Target, Updated } from '../../scim/target.ts';
import type { Work } from './work.ts';

export type AccessEnded = {
  readonly kind: 'access-ended';
  /** What was carried out. */
  readonly carried: AccountChange;
  readonly account: Account;
  /** Of all the rest. */
  readonly failure: Failure;
};

type Failure = Refused | TargetUnavailable;

/** Writes a change, or of one that fails at least the end of access. @throws what a Target throws */
export async function updateOrEndAccess(
  decided: AccountChange,
  target: Target,
  work: Work,
): Promise<Updated | AccessEnded> {
  try {
    return await write(decided, target, work);
  } catch (failure) {
    const end = decided.differences.filter(endsAccess);
    const isAlone = end.length === decided.differences.length;
    if (end.length === 0 || isAlone || !mayLieInTheRest(failure)) throw failure;
    return await endAccess({ ...decided, differences: end }, failure, target, work);
  }
}

/** A target that was not reached, or says that it is busy, says so of every change. */
function mayLieInTheRest(failure: unknown): failure is Failure {
  if (rateLimitBehind(failure) !== null) return false;
  return failure instanceof Refused || (failure instanceof TargetUnavailable && failure.outcomeUnknown);
}

async function endAccess(
  carried: AccountChange,
  failure: Failure,
  target: Target,
  work: Work,
): Promise<Updated | AccessEnded> {
  // After a refusal nothing is written yet; after a lost answer something may be, whatever comes of this.
  const nothingWritten = failure instanceof Refused;
  try {
    const updated = await write(carried, target, work);
    if (updated.kind === 'written') {
      return { kind: 'access-ended', carried, account: updated.account, failure };
    }
    if (nothingWritten) return updated;
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    if (nothingWritten && !(error instanceof Refused)) throw error;
  }
  throw failure;
}

async function write(change: AccountChange, target: Target, work: Work): Promise<Updated> {
  const { id, differences, user, version } = change;
  return await target.update(id, differences, user, work.call, version);
}

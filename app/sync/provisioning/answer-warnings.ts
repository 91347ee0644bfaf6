/** A target that says yes to an update and shows something else: what an operator should know of it. */
import { formatPath, type ScimUser } from '../../scim/resource.ts';
import type { Updated } from '../../scim/target.ts';
import type { Signals } from '../signals.ts';
import type { Work } from './work.ts';

type Written = Extract<Updated, { kind: 'written' }>;

/** The target said that it has deleted an account, and it is there and active. */
export function warnOfDeletion({ target, key: person }: Work, signals: Signals): void {
  const reason = 'the target answered a deletion, and the account is there and still active';
  signals.alert({ kind: 'still-active', target, person, reason });
}

/** @param wanted what the account was to be */
export function warnOfAnswer(wanted: ScimUser, answered: Written, work: Work, signals: Signals): void {
  const whom = { target: work.target, person: work.key };
  // Access that was to end and did not: each comparison of everybody finds it and asks again.
  if (wanted.active === false && answered.account.user.active === true) {
    const reason = 'the target answered a deactivation with an account that is still active';
    signals.alert({ kind: 'still-active', ...whom, reason });
  }
  // Said once: what has left the mapping is not looked at any more, so it is not written again either (O-16).
  const notCleared = answered.notCleared ?? [];
  if (notCleared.length > 0) {
    const reason = `asked to be cleared and still there: ${notCleared.map((path) => formatPath(path)).join(', ')}`;
    signals.alert({ kind: 'not-cleared', ...whom, reason });
  }
}

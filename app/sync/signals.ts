/**
 * What the use cases tell the outside about themselves: one call a business event. The implementation turns them into
 * log lines and metrics (`app/signals/`); nothing here carries an attribute's value.
 */
import type { GroupKey, PersonKey } from '../person/anchor.ts';
import type { PlanAction } from '../plan/decision.ts';
import type { GroupPlan } from '../plan/group-plan.ts';
import type { RunKind, RunState } from '../store/ports/index.ts';

/** Something a person should look at soon. Raised once when it begins, not at every repetition. */
export type Alert =
  | { readonly kind: 'run-held'; readonly run: string; readonly source: string; readonly reason: string }
  | { readonly kind: 'run-failed'; readonly run: string; readonly source: string; readonly reason: string }
  | { readonly kind: 'removals-held'; readonly run: string; readonly target: string; readonly reason: string }
  /** Nobody has decided in time about removals that were held; nobody was switched off by them. */
  | { readonly kind: 'hold-expired'; readonly run: string; readonly reason: string }
  /** A reconciliation found too many of the linked accounts gone from the target. */
  | {
      readonly kind: 'accounts-missing';
      readonly run: string;
      readonly target: string;
      readonly reason: string;
    }
  /** A reconciliation could not see everybody: the pages of the target's listing do not add up. */
  | {
      readonly kind: 'listing-incomplete';
      readonly run: string;
      readonly target: string;
      readonly reason: string;
    }
  /** The target was told to clear attributes and still has them; it is not told again. `reason` names them. */
  | {
      readonly kind: 'not-cleared';
      readonly target: string;
      readonly person: PersonKey;
      readonly reason: string;
    }
  /** The target answered a deactivation with an account that is active: somebody still has access. */
  | {
      readonly kind: 'still-active';
      readonly target: string;
      readonly person: PersonKey;
      readonly reason: string;
    }
  | {
      readonly kind: 'group-refused';
      readonly target: string;
      readonly group: GroupKey;
      readonly reason: string;
    }
  | { readonly kind: 'target-paused'; readonly target: string; readonly reason: string }
  | {
      readonly kind: 'dead-letter';
      readonly target: string;
      readonly person: PersonKey;
      readonly reason: string;
    };

export interface Signals {
  alert(alert: Alert): void;
  /** A plan was carried out, or found nothing to do. `markedAt` is when the person became due. */
  applied(event: { target: string; person: PersonKey; action: PlanAction; markedAt: Date; at: Date }): void;
  /** The same for a group. */
  groupApplied(event: {
    target: string;
    group: GroupKey;
    action: GroupPlan['action'];
    markedAt: Date;
    at: Date;
  }): void;
  held(event: { target: string; person: PersonKey; reason: string }): void;
  targetResumed(target: string): void;
  mappingWarning(event: {
    target: string;
    person: PersonKey;
    where: string;
    attribute: string;
    message: string;
  }): void;
  /** A source's changes are followed in another way than before; `before` is null where they never were. */
  trackingChanged(event: {
    source: string;
    before: string | null;
    now: string;
    notices: readonly string[];
  }): void;
  runEnded(event: {
    run: string;
    kind: RunKind;
    state: RunState;
    counts: Readonly<Record<string, number>>;
    /** For a read of a source. */
    source?: string;
    tracking?: string;
  }): void;
}

/** The groups that we keep at targets: which is which, what was last asked of it, and which of them are due. */
import type { GroupKey, PersonKey } from '../../person/anchor.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import type { DueMarks, Lease } from './work.ts';

export type GroupLink = {
  readonly target: string;
  readonly key: GroupKey;
  /** Of the group at the target. */
  readonly id: string;
  readonly madeBy: 'created' | 'externalId' | 'displayName';
  readonly madeAt: string;
  /** What was last asked for, and what the target made of it. */
  readonly displayName: string;
  readonly shownAs: string;
  /** Of the name and the members that the target last confirmed; '' where that is not certain. */
  readonly digest: string;
  /** How many members were asked for then. */
  readonly members: number;
  readonly confirmedAt: string;
};

/** A create that was sent, and whose outcome is not known yet. */
export type GroupIntent = {
  readonly openedAt: string;
  readonly displayName: string;
  readonly externalId?: string;
};

export interface GroupLinks {
  get(target: string, key: GroupKey): Promise<GroupLink | null>;
  /** Which group of a source this one is; null where it is none of ours. */
  ownerOf(target: string, id: string): Promise<GroupKey | null>;
  /** @throws LeaseLost; Error where it is another group's link */
  put(link: GroupLink, lease: Lease): Promise<void>;
  /** @throws LeaseLost */
  drop(link: GroupLink, lease: Lease): Promise<void>;
  count(target: string): Promise<number>;
  /** Every link of the target, in no order, in batches; one may come twice. */
  scan(target: string): AsyncIterable<readonly GroupLink[]>;
  intent(target: string, key: GroupKey): Promise<GroupIntent | null>;
  openIntent(target: string, key: GroupKey, intent: GroupIntent): Promise<void>;
  settleIntent(target: string, key: GroupKey): Promise<void>;
}

export type ServedGroup = {
  readonly seq: number;
  readonly at: string;
  readonly state: 'done' | 'unchanged' | 'held' | 'refused';
  readonly plan: GroupPlan;
  /** Words for an operator: the hold's reason, the server's refusal. */
  readonly words?: string;
  readonly groupId?: string;
  /** People in it who have no account there: how many, and the first of them. Absent where all have one. */
  readonly waiting?: { readonly count: number; readonly people: readonly PersonKey[] };
};

/** Which groups are due at which target; kept and served like people. */
export type DueGroups = DueMarks<GroupKey, ServedGroup>;

/**
 * Work that an operator has seen beforehand, in a plan: it is carried out exactly so, or not at all. What it would come
 * to now is compared before anything is written.
 */
import type { PersonKey, WorkKey } from '../../person/anchor.ts';
import type { Desired, Plan } from '../../plan/decision.ts';
import { type AttributePath, type ScimUser, withValue } from '../../scim/resource.ts';
import type { DueMark, DueMarks, LogLine } from '../../store/ports/index.ts';

/** Who has a plan carried out, and why. */
export type Applying = { readonly actor: string; readonly note?: string };

export type Reviewed = Applying & {
  /** Whether this decision is the one that was seen. */
  readonly isExpected: (decided: Plan) => boolean;
  /** References that were left out of it, since nothing was known of the other's account yet. */
  readonly withheld: readonly AttributePath[];
  /** The name that it was seen under, which counts first where names are proposed. */
  readonly userName: string | null;
};

/** One person to be served. `lastAttempt`: what would be retried is given up. */
export type Job = {
  readonly key: PersonKey;
  readonly lastAttempt: boolean;
  readonly reviewed?: Reviewed;
};

/** What was wanted when the plan was made: accounts that have come into being since are for later. */
export function asReviewed(desired: Desired, reviewed: Reviewed | undefined): Desired {
  if (reviewed === undefined || desired.kind !== 'account') return desired;
  const user = reviewed.withheld.reduce<ScimUser>(
    (so, path) => withValue(so, path, undefined) as ScimUser,
    desired.user,
  );
  return { kind: 'account', user };
}

/** Whether something else would be written than was seen. What is done already is done. */
export function hasMoved(decided: Plan, reviewed: Reviewed | undefined): boolean {
  return reviewed !== undefined && decided.action !== 'none' && !reviewed.isExpected(decided);
}

/** What of it stands in the provisioning log. */
export function appliedBy(reviewed: Applying | undefined): Pick<LogLine, 'actor' | 'note'> {
  if (reviewed === undefined) return {};
  const { actor, note } = reviewed;
  return { actor, ...(note === undefined ? {} : { note }) };
}

export type MarkDeps<Key extends WorkKey> = {
  readonly target: { readonly name: string };
  readonly due: {
    get(target: string, key: Key): ReturnType<DueMarks['get']>;
    lastServed(target: string, key: Key): Promise<{ readonly seq: number } | null>;
  };
  readonly now: () => Date;
};

/** The mark that is served: what is due, or where a plan is applied what is due along with it, looked at freshly. */
export async function markToServe<Key extends WorkKey>(
  { key, reviewed }: { readonly key: Key; readonly reviewed?: Applying | undefined },
  { target, due, now }: MarkDeps<Key>,
): Promise<DueMark | null> {
  const mark = await due.get(target.name, key);
  if (reviewed === undefined) return mark;
  // Where nothing is due, nothing is taken away.
  const served = mark === null ? await due.lastServed(target.name, key) : null;
  const markedAt = now().toISOString();
  return { seq: served?.seq ?? 0, markedAt, ...mark, fresh: true, lane: 'manual' };
}

/**
 * What a read was worth: how its run ends, why, and whether the source counts as read up to here. Pure.
 *
 * What was left out must be read again, so whatever left something out keeps the watermark where it is. The one
 * exception is what a poll holds: no later poll tells of it, and the run that holds it is to be released. Else every poll
 * of a source that could not tell what changed would read everybody again, and take the run away from the operator who is
 * looking at it.
 */
import type { Run } from '../../store/ports/index.ts';
import type { Absences } from './absences.ts';
import type { Learnt } from './learn.ts';
import type { SettledGroups } from './settle-groups.ts';

export type Verdict = {
  readonly ended: Pick<Run, 'state' | 'reason' | 'releasable'>;
  /** `forget`: the next read has to tell of everybody. */
  readonly watermark: 'move' | 'stay' | 'forget';
};

/**
 * @param asked what the source was asked for; a poll may have been answered with everybody
 * @param announced the removals that are held because of what was read
 */
export function verdictOn(
  asked: 'poll' | 'sweep',
  { end }: Learnt,
  absences: Absences,
  groups: SettledGroups,
  announced: { readonly held: number; readonly reason: string | null },
): Verdict {
  const leftOut = inWords(
    end.complete ? null : `incomplete read: ${end.problems.join('; ')}`,
    absences.untold === 0 ? null : untoldInWords(absences.untold),
    groups.unknown === 0 ? null : unknownInWords(groups.unknown),
  );
  const waiting = inWords(absences.reason, groups.reason);
  const reason = inWords(leftOut, waiting, announced.reason);
  const stays = leftOut !== null || (waiting !== null && asked === 'sweep');
  const watermark = groups.unknown > 0 ? 'forget' : stays ? 'stay' : 'move';
  if (reason === null) return { ended: { state: 'ok' }, watermark };
  const releasable = announced.held > 0 || waiting !== null;
  return { ended: { state: 'held', reason, releasable }, watermark };
}

function untoldInWords(count: number): string {
  return `${count} people may be gone, but the source cannot be asked for them: they stay as they are, and the next read asks again`;
}

function unknownInWords(count: number): string {
  return `${count} groups are called unchanged, but nothing is known of them: the next read tells of everybody`;
}

/** @returns null where there is nothing to say */
export function inWords(...reasons: readonly (string | null)[]): string | null {
  const given = reasons.filter((reason) => reason !== null);
  return given.length === 0 ? null : given.join('; ');
}

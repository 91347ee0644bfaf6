/**
 * Puts right what a crash may have left, and sees to it that nobody waits for ever: people whose news was stored but
 * not announced, new accounts of which those who refer to them were not told (`referrers.ts`), people who are due without a job, and people who have waited long behind better lanes
 * (`patience.ts`). What is due is kept in the same step as the knowledge itself, so nothing can fall between.
 */

import type { WorkKey } from '../person/anchor.ts';
import type { DueMarks } from '../store/ports/index.ts';
import { type AnnounceDeps, announceLeftOvers } from './announce.ts';
import { AHEAD_AT_ONCE, NOBODY_WAITING, noteWaiting, type Waiting } from './patience.ts';

/** `due`: of people or of groups. */
type RingDeps = Pick<AnnounceDeps, 'bell' | 'now'> & {
  readonly due: Pick<DueMarks<WorkKey>, 'scan' | 'raise'>;
};

/** @param eventSources sources that are never polled, so that nobody else announces their left-overs */
export async function announceAllLeftOvers(
  eventSources: readonly string[],
  deps: AnnounceDeps,
): Promise<number> {
  let count = 0;
  for (const source of eventSources) count += await announceLeftOvers(source, deps);
  return count;
}

/**
 * Rings for everybody, or every group, that is due; somebody who has a job already is not rung for twice.
 * @returns how many are due, and how many of them were moved to a better lane
 */
export async function ringForDue(
  targets: readonly string[],
  deps: RingDeps,
): Promise<{ readonly due: number; readonly movedAhead: number }> {
  let due = 0;
  let movedAhead = 0;
  for (const target of targets) {
    let waiting = NOBODY_WAITING;
    for await (const batch of deps.due.scan(target)) {
      await Promise.all(batch.map(({ key, mark }) => deps.bell.remind(target, key, mark.lane)));
      waiting = noteWaiting(waiting, batch, deps.now());
      due += batch.length;
    }
    movedAhead += await moveAhead(target, waiting, deps);
  }
  return { due, movedAhead };
}

/** A crash between the mark and the ring is harmless: the next reminder is for the new lane. */
async function moveAhead(
  target: string,
  { longest, ahead }: Waiting,
  { due, bell, now }: RingDeps,
): Promise<number> {
  let places = AHEAD_AT_ONCE - ahead;
  let moved = 0;
  for (const { key, from, to, isAhead } of longest) {
    if (!isAhead && places <= 0) continue;
    if (!(await bell.waitsForTurn(target, key, from))) continue;
    if (!(await due.raise(target, key, from, to, now()))) continue;
    await bell.ring(target, key, to);
    moved += 1;
    if (!isAhead) places -= 1;
  }
  return moved;
}

/**
 * Nobody waits for ever behind better lanes: whoever has waited long in a lane is moved to the next better one, though
 * never to `leaver`, which nothing shall be in the way of. Only a few at a time go ahead so, the longest waiting first,
 * and others follow as they are served: a first load of hours has everybody waiting long, and must not fill the lanes
 * of those who come meanwhile. Pure.
 */
import type { Lane } from '../lane.ts';
import type { WorkKey } from '../person/anchor.ts';
import type { DueMark } from '../store/ports/index.ts';

/** How long somebody waits in a lane before they may be moved. */
export const PATIENCE_MS = 10 * 60_000;

/** So many people of a target are ahead of their lane at most. */
export const AHEAD_AT_ONCE = 10;

/** Not everybody who waits long can be moved: some only wait for the next attempt after a failure of their own. */
const LOOKED_AT = 10 * AHEAD_AT_ONCE;

const NEXT_BETTER: Readonly<Record<Lane, Lane>> = {
  bulk: 'update',
  update: 'manual',
  manual: 'joiner',
  joiner: 'joiner',
  leaver: 'leaver',
};

/** The lane for somebody who has waited in theirs for `waitedMs`. */
export function laneAfter(lane: Lane, waitedMs: number): Lane {
  return waitedMs >= PATIENCE_MS ? NEXT_BETTER[lane] : lane;
}

export type LongWaiting = {
  readonly key: WorkKey;
  readonly from: Lane;
  readonly to: Lane;
  /** When they came to their lane, ISO 8601. */
  readonly since: string;
  /** They are ahead of their first lane already. */
  readonly isAhead: boolean;
};

/** How the people of a target wait, as far as they have been looked at. */
export type Waiting = { readonly longest: readonly LongWaiting[]; readonly ahead: number };

export const NOBODY_WAITING: Waiting = { longest: [], ahead: 0 };

/** Adds a batch of due people; only the longest waiting are kept. */
export function noteWaiting(
  before: Waiting,
  batch: readonly { readonly key: WorkKey; readonly mark: DueMark }[],
  now: Date,
): Waiting {
  const long = batch.flatMap(({ key, mark: { lane, markedAt, raisedAt } }): LongWaiting[] => {
    const since = raisedAt ?? markedAt;
    const to = laneAfter(lane, now.getTime() - Date.parse(since));
    return to === lane ? [] : [{ key, from: lane, to, since, isAhead: raisedAt !== undefined }];
  });
  const inOrder = [...before.longest, ...long].sort((one, other) => (one.since < other.since ? -1 : 1));
  return {
    longest: inOrder.slice(0, LOOKED_AT),
    ahead: before.ahead + batch.filter(({ mark }) => mark.raisedAt !== undefined).length,
  };
}

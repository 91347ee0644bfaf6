/**
 * Makes those due whose moment has come: an account expires, somebody's first day begins, the days until a deletion are
 * over. Nothing has changed at the source; only the time is another. Each is served as if news had come of them, in
 * the lane of what it will do, and passes the guard like anybody.
 *
 * The moment is taken away after the mark is set, so a crash in between makes somebody due twice, which costs nothing;
 * and before the bell is rung: a worker whose clock is behind ours sets the same moment again, and that one has to stay.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Identity } from '../person/identity.ts';
import type { Link, Moment, Timers } from '../store/ports/index.ts';
import type { AnnounceDeps } from './announce.ts';
import { foreseenEffect, laneFor } from './lanes.ts';
import { seenBy } from './seen.ts';

type Deps = Pick<AnnounceDeps, 'mappings' | 'identities' | 'links' | 'due' | 'bell' | 'now'> & {
  readonly timers: Timers;
};

/** How many people are looked at in one go. */
const BATCH = 200;

/** @returns how many people were made due */
export async function announceMoments(targets: readonly string[], deps: Deps): Promise<number> {
  let count = 0;
  for (const target of targets) count += await announceAt(target, deps);
  return count;
}

async function announceAt(target: string, deps: Deps): Promise<number> {
  const now = deps.now();
  const done = new Set<PersonKey>();
  for (;;) {
    const come = await deps.timers.come(target, now, BATCH);
    // Whatever is set meanwhile is for the next time.
    const first = come.filter(({ key }) => !done.has(key));
    if (first.length === 0) return done.size;
    await makeDue(target, first, deps);
    for (const { key } of first) done.add(key);
  }
}

async function makeDue(target: string, come: readonly Moment[], deps: Deps): Promise<void> {
  const keys = come.map(({ key }) => key);
  const [identities, links] = await Promise.all([
    deps.identities.getMany(keys),
    deps.links.getMany(target, keys),
  ]);
  await Promise.all(
    come.map((moment, index) =>
      makeOneDue(target, moment, identities[index] ?? null, links[index] ?? null, come.length, deps),
    ),
  );
}

async function makeOneDue(
  target: string,
  moment: Moment,
  identity: Identity | null,
  link: Link | null,
  together: number,
  deps: Deps,
): Promise<void> {
  const mapping = deps.mappings.find((one) => one.source === identity?.source && one.target === target);
  if (identity === null || mapping === undefined) {
    await deps.timers.settle(target, [moment]);
    return;
  }
  const { key } = moment;
  const seen = await seenBy(mapping, identity, deps);
  const lane = laneFor(foreseenEffect(seen, link, mapping, deps.now()), together);
  await deps.due.mark(target, key, { lane }, deps.now());
  await deps.timers.settle(target, [moment]);
  await deps.bell.ring(target, key, lane);
}

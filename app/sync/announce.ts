/**
 * Makes the people due about whom something new is known: one mark for each target that a mapping leads to, and one
 * ring of the bell. Before that it foresees what the news will do, and so in which lane each is served (`lanes.ts`).
 * Where one run would take access away from too many people, those removals are held with the run; everything else
 * goes on.
 */
import type { Lane } from '../lane.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../person/anchor.ts';
import { type GuardPolicy, removalLimit } from '../plan/guard.ts';
import type {
  Bell,
  DueMarks,
  HeldRemoval,
  Holds,
  Identities,
  Links,
  Referrers,
  Unannounced,
} from '../store/ports/index.ts';
import { foreseenEffect, laneFor } from './lanes.ts';
import { announceMoves } from './referrers.ts';

export type AnnounceDeps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
  readonly referrers: Referrers;
  readonly due: DueMarks;
  readonly holds: Holds;
  readonly bell: Bell;
  readonly guard: GuardPolicy;
  readonly now: () => Date;
};

/** How many people are looked at in one go. */
const BATCH = 200;

/** Which mark has to be served at which target. */
export type Marks = Readonly<Record<string, number>>;

/** Whom the news will take access from where, and in which lane everybody is served. */
type Foreseen = {
  readonly removals: readonly HeldRemoval[];
  readonly laneOf: (target: string, key: PersonKey) => Lane;
};

/** Marks one person due, in one lane, at every target that their source is mapped to. */
export async function markDue(
  key: PersonKey,
  { lane, fresh = false }: { readonly lane: Lane; readonly fresh?: boolean },
  deps: AnnounceDeps,
): Promise<Marks> {
  return await markAtEach(key, () => lane, fresh, deps);
}

/** Marks one person due about whom an event has told. */
export async function markNews(key: PersonKey, deps: AnnounceDeps): Promise<Marks> {
  const { laneOf } = await foresee([key], sourceOfKey(key), deps);
  return await markAtEach(key, (target) => laneOf(target, key), false, deps);
}

/**
 * Announces all news of a source, to those as well who refer to somebody who has moved.
 * @param run the run that brought them, which holds removals if they are too many
 * @returns how many people were made due, and why removals are held (null where none are)
 */
export async function announceRun(
  source: string,
  run: string,
  deps: AnnounceDeps,
): Promise<{ readonly due: number; readonly held: number; readonly reason: string | null }> {
  const news = await deps.identities.unannounced(source);
  const foreseen = await foresee(keysOf(news), source, deps);
  const tooMany = await overLimit(foreseen.removals, deps);
  await deps.holds.put(run, tooMany.held);
  await announce(source, news, foreseen, deps);
  const targets = mappingsOf(source, deps).map(({ target }) => target);
  await announceMoves(source, targets, deps);
  return { due: news.length, held: tooMany.held.length, reason: tooMany.reason };
}

/** Announces what a process that died has left over of an event source. @returns how many people were made due */
export async function announceLeftOvers(source: string, deps: AnnounceDeps): Promise<number> {
  const news = await deps.identities.unannounced(source);
  await announce(source, news, await foresee(keysOf(news), source, deps), deps);
  return news.length;
}

async function announce(
  source: string,
  news: readonly Unannounced[],
  { laneOf }: Foreseen,
  deps: AnnounceDeps,
): Promise<void> {
  for (const batch of batches(news)) {
    const mark = (key: PersonKey) => markAtEach(key, (target) => laneOf(target, key), false, deps);
    await Promise.all(keysOf(batch).map(mark));
    await deps.identities.announced(source, batch);
  }
}

async function markAtEach(
  key: PersonKey,
  laneAt: (target: string) => Lane,
  fresh: boolean,
  deps: AnnounceDeps,
): Promise<Marks> {
  const marks: Record<string, number> = {};
  for (const { target } of mappingsOf(sourceOfKey(key), deps)) {
    const lane = laneAt(target);
    const mark = await deps.due.mark(target, key, { lane, fresh }, deps.now());
    marks[target] = mark.seq;
    await deps.bell.ring(target, key, lane);
  }
  return marks;
}

async function foresee(keys: readonly PersonKey[], source: string, deps: AnnounceDeps): Promise<Foreseen> {
  const usual = laneFor('changes', keys.length);
  const others = new Map<string, Map<PersonKey, Lane>>();
  const removals: HeldRemoval[] = [];
  for (const mapping of mappingsOf(source, deps)) {
    const { target } = mapping;
    const here = new Map<PersonKey, Lane>();
    others.set(target, here);
    for (const batch of batches(keys)) {
      const identities = await deps.identities.getMany(batch);
      const links = await deps.links.getMany(target, batch);
      for (const [index, key] of batch.entries()) {
        const identity = identities[index];
        if (!identity) continue;
        const effect = foreseenEffect(identity, links[index] ?? null, mapping, deps.now());
        const lane = laneFor(effect, keys.length);
        if (lane !== usual) here.set(key, lane);
        if (effect === 'takes-access') removals.push({ key, target });
      }
    }
  }
  return { removals, laneOf: (target, key) => others.get(target)?.get(key) ?? usual };
}

async function overLimit(
  removals: readonly HeldRemoval[],
  deps: AnnounceDeps,
): Promise<{ held: readonly HeldRemoval[]; reason: string | null }> {
  const held: HeldRemoval[] = [];
  const reasons: string[] = [];
  for (const target of new Set(removals.map((removal) => removal.target))) {
    const here = await withoutApproved(
      removals.filter((removal) => removal.target === target),
      deps,
    );
    const limit = removalLimit(await deps.links.countActive(target), deps.guard);
    if (here.length <= limit) continue;
    held.push(...here);
    reasons.push(`${here.length} removals at ${target}, more than the ${limit} that may go by themselves`);
  }
  return { held, reason: reasons.length === 0 ? null : reasons.join('; ') };
}

async function withoutApproved(removals: readonly HeldRemoval[], deps: AnnounceDeps): Promise<HeldRemoval[]> {
  const approved = await Promise.all(removals.map(({ target, key }) => deps.holds.isApproved(target, key)));
  return removals.filter((_, index) => approved[index] !== true);
}

function mappingsOf(source: string, deps: AnnounceDeps): readonly Mapping[] {
  return deps.mappings.filter((mapping) => mapping.source === source);
}

function keysOf(news: readonly Unannounced[]): readonly PersonKey[] {
  return news.map(({ key }) => key);
}

function batches<T>(all: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < all.length; start += BATCH) result.push(all.slice(start, start + BATCH));
  return result;
}

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
  NewsList,
  Referrers,
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

/** What is walked through batch by batch, twice: to judge all of it, and to announce it. */
type News = Pick<NewsList, 'size' | 'batches'>;
type Keys = { readonly size: number; batches(): Walk<PersonKey> };
type Walk<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

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
  const { laneOf } = await foresee({ size: 1, batches: () => [[key]] }, sourceOfKey(key), deps);
  return await markAtEach(key, (target) => laneOf(target, key), false, deps);
}

/**
 * Announces all news of a source, to those as well who refer to somebody who has moved.
 * @param run the run that brought them, which holds removals if they are too many
 * @param waiting whose news is not to be acted on yet: a later run announces it
 * @returns how many people were made due, and why removals are held (null where none are)
 */
export async function announceRun(
  source: string,
  run: string,
  deps: AnnounceDeps,
  waiting: ReadonlySet<PersonKey> = new Set(),
): Promise<{ readonly due: number; readonly held: number; readonly reason: string | null }> {
  const list = await deps.identities.unannounced(source);
  try {
    const news = await newsBut(waiting, list);
    const foreseen = await foresee(keysOf(news), source, deps);
    const tooMany = await overLimit(foreseen.removals, deps);
    await deps.holds.put(run, tooMany.held);
    await announce(source, news, foreseen, deps);
    const targets = mappingsOf(source, deps).map(({ target }) => target);
    await announceMoves(source, targets, deps);
    return { due: news.size, held: tooMany.held.length, reason: tooMany.reason };
  } finally {
    await list.drop();
  }
}

/** Announces what a process that died has left over of an event source. @returns how many people were made due */
export async function announceLeftOvers(source: string, deps: AnnounceDeps): Promise<number> {
  const news = await deps.identities.unannounced(source);
  try {
    await announce(source, news, await foresee(keysOf(news), source, deps), deps);
    return news.size;
  } finally {
    await news.drop();
  }
}

/** Some of a list's news. All of it has to be counted first, since the lane depends on how many there are. */
async function newsBut(waiting: ReadonlySet<PersonKey>, list: News): Promise<News> {
  if (waiting.size === 0) return list;
  async function* batches() {
    for await (const batch of list.batches()) yield batch.filter(({ key }) => !waiting.has(key));
  }
  let size = 0;
  for await (const batch of batches()) size += batch.length;
  return { size, batches };
}

async function announce(source: string, news: News, { laneOf }: Foreseen, deps: AnnounceDeps): Promise<void> {
  for await (const batch of inBatches(news.batches())) {
    const mark = (key: PersonKey) => markAtEach(key, (target) => laneOf(target, key), false, deps);
    await Promise.all(batch.map(({ key }) => mark(key)));
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

async function foresee(people: Keys, source: string, deps: AnnounceDeps): Promise<Foreseen> {
  const mappings = mappingsOf(source, deps);
  const usual = laneFor('changes', people.size);
  const others = new Map<string, Map<PersonKey, Lane>>(mappings.map(({ target }) => [target, new Map()]));
  const removals = new Map<string, HeldRemoval>();
  for await (const batch of inBatches(people.batches())) {
    const identities = await deps.identities.getMany(batch);
    for (const mapping of mappings) {
      const { target } = mapping;
      const links = await deps.links.getMany(target, batch);
      for (const [index, key] of batch.entries()) {
        const identity = identities[index];
        if (!identity) continue;
        const effect = foreseenEffect(identity, links[index] ?? null, mapping, deps.now());
        const lane = laneFor(effect, people.size);
        if (lane !== usual) others.get(target)?.set(key, lane);
        if (effect === 'takes-access') removals.set(`${target} ${key}`, { key, target });
      }
    }
  }
  const laneOf = (target: string, key: PersonKey) => others.get(target)?.get(key) ?? usual;
  return { removals: [...removals.values()], laneOf };
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

function keysOf({ size, batches }: News): Keys {
  return {
    size,
    async *batches() {
      for await (const batch of batches()) yield batch.map(({ key }) => key);
    },
  };
}

async function* inBatches<T>(all: Walk<T>): AsyncGenerator<readonly T[], void> {
  for await (const some of all) {
    for (let start = 0; start < some.length; start += BATCH) yield some.slice(start, start + BATCH);
  }
}

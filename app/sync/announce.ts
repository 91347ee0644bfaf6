/**
 * Makes the people due about whom something new is known: one mark for each target that a mapping leads to, and one
 * ring of the bell. Before that it foresees what the news will do, and so in which lane each is served (`lanes.ts`).
 * Where one run, with what went before it, would take access away from too many people, those removals are held with
 * the run (`over-limit.ts`); everything else goes on. Whoever is joined with them from another source is made due, too
 * (`joined-news.ts`).
 */
import type { Lane } from '../lane.ts';
import type { GroupMapping } from '../mapping/group/group-mapping.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../person/anchor.ts';
import type { Identity } from '../person/identity.ts';
import type { GuardPolicy } from '../plan/guard.ts';
import type {
  Bell,
  DueGroups,
  DueMarks,
  GroupLinks,
  Groups,
  Holds,
  Identities,
  Joiners,
  Links,
  NewsList,
  Referrers,
  Tallies,
  Wish,
} from '../store/ports/index.ts';
import { mappingsJoining, restingOnThem } from './joined-news.ts';
import { foreseenEffect, laneFor } from './lanes.ts';
import { overLimit, type Removal } from './over-limit.ts';
import { announceMoves } from './referrers.ts';
import { allSeenBy } from './seen.ts';

export type AnnounceDeps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
  readonly referrers: Referrers;
  readonly joiners: Joiners;
  readonly due: DueMarks;
  readonly groupMappings: readonly GroupMapping[];
  readonly groupLinks: GroupLinks;
  readonly dueGroups: DueGroups;
  readonly holds: Holds;
  readonly groups: Groups;
  readonly tallies: Tallies;
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
  readonly removals: readonly Removal[];
  readonly laneOf: (target: string, key: PersonKey) => Lane;
};

/** Marks one person due, in one lane, at every target that their source is mapped to, and whoever is joined with them. */
export async function markDue(key: PersonKey, { lane, ...wish }: Wish, deps: AnnounceDeps): Promise<Marks> {
  const marks = await markAtEach(key, () => lane, wish, deps);
  await markJoined(sourceOfKey(key), [key], { laneOf: () => lane }, deps);
  return marks;
}

/** Marks one person due about whom an event has told. */
export async function markNews(key: PersonKey, deps: AnnounceDeps): Promise<Marks> {
  const source = sourceOfKey(key);
  const foreseen = await foresee({ size: 1, batches: () => [[key]] }, source, deps);
  const marks = await markAtEach(key, (target) => foreseen.laneOf(target, key), {}, deps);
  await markJoined(source, [key], foreseen, deps);
  return marks;
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

async function announce(source: string, news: News, foreseen: Foreseen, deps: AnnounceDeps): Promise<void> {
  const { laneOf } = foreseen;
  for await (const batch of inBatches(news.batches())) {
    const mark = (key: PersonKey) => markAtEach(key, (target) => laneOf(target, key), {}, deps);
    const keys = batch.map(({ key }) => key);
    await Promise.all(keys.map(mark));
    await markJoined(source, keys, foreseen, deps);
    await deps.identities.announced(source, batch);
  }
}

/** Whose accounts are made of what these people's source says, too. */
async function markJoined(
  source: string,
  people: readonly PersonKey[],
  { laneOf }: Pick<Foreseen, 'laneOf'>,
  deps: AnnounceDeps,
): Promise<void> {
  const joining = mappingsJoining(source, deps);
  if (joining.length === 0) return;
  const identities = await deps.identities.getMany(people);
  for (const one of joining) {
    const { target } = one.mapping;
    for (const key of await restingOnThem(one, identities, deps)) {
      const lane = laneOf(target, key);
      await deps.due.mark(target, key, { lane }, deps.now());
      await deps.bell.ring(target, key, lane);
    }
  }
}

async function markAtEach(
  key: PersonKey,
  laneAt: (target: string) => Lane,
  wish: Omit<Wish, 'lane'>,
  deps: AnnounceDeps,
): Promise<Marks> {
  const marks: Record<string, number> = {};
  for (const { target } of mappingsOf(sourceOfKey(key), deps)) {
    const lane = laneAt(target);
    const mark = await deps.due.mark(target, key, { ...wish, lane }, deps.now());
    marks[target] = mark.seq;
    await deps.bell.ring(target, key, lane);
  }
  return marks;
}

async function foresee(people: Keys, source: string, deps: AnnounceDeps): Promise<Foreseen> {
  const usual = laneFor('changes', people.size);
  const others = new Map<string, Lane>();
  const removals = new Map<string, Removal>();
  for await (const batch of inBatches(people.batches())) {
    for (const { mapping, identities } of await concernedBy(batch, source, deps)) {
      const { target } = mapping;
      const seen = await allSeenBy(mapping, identities, deps);
      const links = await deps.links.getMany(
        target,
        identities.map(({ key }) => key),
      );
      for (const [index, identity] of seen.entries()) {
        const { key, source, entry } = identity;
        const effect = foreseenEffect(identity, links[index] ?? null, mapping, deps.now());
        const lane = laneFor(effect, people.size);
        if (lane !== usual) others.set(`${target} ${key}`, lane);
        if (effect === 'takes-access') {
          removals.set(`${target} ${key}`, { target, person: { key, source, entry } });
        }
      }
    }
  }
  const laneOf = (target: string, key: PersonKey) => others.get(`${target} ${key}`) ?? usual;
  return { removals: [...removals.values()], laneOf };
}

type Concerned = { readonly mapping: Mapping; readonly identities: readonly Identity[] };

/** Whom news of these people concerns at each target: themselves, and whoever is joined with them. */
async function concernedBy(
  keys: readonly PersonKey[],
  source: string,
  deps: AnnounceDeps,
): Promise<readonly Concerned[]> {
  const known = (await deps.identities.getMany(keys)).filter((identity) => identity !== null);
  const own = mappingsOf(source, deps).map((mapping) => ({ mapping, identities: known }));
  const joined = mappingsJoining(source, deps).map(async (one): Promise<Concerned> => {
    const resting = await deps.identities.getMany(await restingOnThem(one, known, deps));
    return { mapping: one.mapping, identities: resting.filter((identity) => identity !== null) };
  });
  return [...own, ...(await Promise.all(joined))];
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

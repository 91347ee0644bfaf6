/**
 * Makes the people due about whom something new is known: one mark for each target that a mapping leads to, and one
 * ring of the bell. Before that it foresees what the news will do. Where one run would take access away from too many
 * people, those removals are held with the run; everything else goes on.
 */
import type { Mapping } from '../mapping/mapping.ts';
import type { PersonKey } from '../person/anchor.ts';
import { type GuardPolicy, removalLimit } from '../plan/guard.ts';
import type {
  Bell,
  DueMarks,
  HeldRemoval,
  Holds,
  Identities,
  Lane,
  Links,
  Unannounced,
} from '../store/ports/index.ts';
import { wanted } from './desired.ts';

export type AnnounceDeps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
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

/** Marks one person due at every target that their source is mapped to. */
export async function markDue(
  key: PersonKey,
  source: string,
  wish: { readonly lane: Lane; readonly fresh?: boolean },
  deps: AnnounceDeps,
): Promise<Marks> {
  const marks: Record<string, number> = {};
  for (const { target } of deps.mappings.filter((mapping) => mapping.source === source)) {
    const mark = await deps.due.mark(target, key, wish, deps.now());
    marks[target] = mark.seq;
    await deps.bell.ring(target, key, wish.lane);
  }
  return marks;
}

/**
 * Announces all news of a source.
 * @param run the run that brought them, which holds removals if they are too many
 * @returns how many people were made due, and why removals are held (null where none are)
 */
export async function announceRun(
  source: string,
  run: string,
  deps: AnnounceDeps,
): Promise<{ readonly due: number; readonly held: number; readonly reason: string | null }> {
  const news = await deps.identities.unannounced(source);
  const removals = await foreseenRemovals(news, source, deps);
  const tooMany = await overLimit(removals, deps);
  await deps.holds.put(run, tooMany.held);
  // Who loses access does not wait behind a first load.
  const losing = new Set(removals.map(({ key }) => key));
  const laneOf = (key: PersonKey): Lane => (losing.has(key) ? 'interactive' : 'bulk');
  for (const batch of batches(news)) {
    await Promise.all(batch.map(({ key }) => markDue(key, source, { lane: laneOf(key) }, deps)));
    await deps.identities.announced(source, batch);
  }
  return { due: news.length, held: tooMany.held.length, reason: tooMany.reason };
}

/** Whom the news will take access away from, by what we know now. */
async function foreseenRemovals(
  news: readonly Unannounced[],
  source: string,
  deps: AnnounceDeps,
): Promise<HeldRemoval[]> {
  const removals: HeldRemoval[] = [];
  for (const mapping of deps.mappings.filter((candidate) => candidate.source === source)) {
    for (const batch of batches(news)) {
      const keys = batch.map(({ key }) => key);
      const identities = await deps.identities.getMany(keys);
      const links = await deps.links.getMany(mapping.target, keys);
      for (const [index, key] of keys.entries()) {
        const identity = identities[index];
        const link = links[index];
        if (!identity || !link || link.desired.active === false) continue;
        if (losesAccess(wanted(identity, mapping, deps.now())))
          removals.push({ key, target: mapping.target });
      }
    }
  }
  return removals;
}

function losesAccess(want: ReturnType<typeof wanted>): boolean {
  if (want.kind === 'failed') return false;
  return want.desired.kind === 'leaver' || want.desired.user.active === false;
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

function batches<T>(all: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < all.length; start += BATCH) result.push(all.slice(start, start + BATCH));
  return result;
}

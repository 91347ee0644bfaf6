/**
 * What a read means for the groups that it did not name, or named as gone, and for people whom groups may name by what
 * is new to us.
 *
 * A search for groups that suddenly finds none, or few, would take away what groups give from everybody. So too many
 * missing groups wait for an operator; once that run is released, the next complete sweep forgets them. A read of
 * changes leaves too many to the next sweep.
 */
import { personKey, type StableId } from '../../person/anchor.ts';
import type { Entry } from '../../person/entry.ts';
import { type GuardPolicy, judgeAbsences } from '../../plan/guard.ts';
import type { Named, Source } from '../../sources/source.ts';
import type { Runs } from '../../store/ports/index.ts';
import type { LearnDeps, Learnt } from './learn.ts';

type Deps = LearnDeps & { readonly guard: GuardPolicy; readonly runs: Runs };

export type SettledGroups = {
  readonly counts: Readonly<Record<string, number>>;
  /** Why groups wait for an operator, null where none do. */
  readonly reason: string | null;
  /** How many groups are called unchanged although nothing is known of them: only a read of everyone tells of them. */
  readonly unknown: number;
  readonly notices: readonly string[];
};

export const NO_GROUPS: SettledGroups = { counts: {}, reason: null, unknown: 0, notices: [] };

/** So many sweeps are looked through for the one that was released. */
const LOOK_BACK = 50;

/** People or groups whose groups are asked for in one go. */
const BATCH = 1_000;

/**
 * Called after a complete read.
 * @param renamed people and groups whom other groups may name by what is new to us
 */
export async function settleGroups(
  source: Source,
  { groups, end }: Learnt,
  renamed: Learnt['renamed'],
  deps: Deps,
  signal: AbortSignal,
): Promise<SettledGroups> {
  const known = await deps.groups.ids(source.name);
  const unknown = [...groups.seen].filter((id) => !known.has(id)).length;
  await deps.leases.renew(deps.lease, deps.leaseMs);
  if (end.names === 'everyone') {
    return { ...(await forgetUnnamed(source.name, known, groups.seen, deps)), unknown };
  }
  const notices = await forgetAbsent(source.name, known, groups.absent, deps);
  await askForGroups(source, renamed, deps, signal);
  return { ...NO_GROUPS, unknown, notices };
}

async function forgetUnnamed(
  source: string,
  known: ReadonlySet<StableId>,
  seen: ReadonlySet<StableId>,
  deps: Deps,
): Promise<SettledGroups> {
  const missing = [...known].filter((id) => !seen.has(id));
  const counted = { seen: seen.size, known: known.size, missing: missing.length };
  const reason = judgeAbsences(counted, 'groups', deps.guard);
  if (reason !== null && missing.length > (await released(source, deps.runs))) {
    return { ...NO_GROUPS, counts: { missingGroups: missing.length }, reason };
  }
  await deps.groups.remove(source, new Set(missing));
  return NO_GROUPS;
}

/** How many missing groups an operator has let go since the last sweep that went well. */
async function released(source: string, runs: Runs): Promise<number> {
  for (const { state, counts } of await runs.list({ source, kind: 'sweep', limit: LOOK_BACK })) {
    if (state === 'ok') return 0;
    if (state === 'released') return counts.missingGroups ?? 0;
  }
  return 0;
}

async function forgetAbsent(
  source: string,
  known: ReadonlySet<StableId>,
  absent: ReadonlySet<StableId>,
  deps: Deps,
): Promise<readonly string[]> {
  const gone = [...absent].filter((id) => known.has(id));
  const counted = { seen: known.size - gone.length, known: known.size, missing: gone.length };
  const reason = judgeAbsences(counted, 'groups', deps.guard);
  if (reason !== null) return [`${reason}; the next sweep decides`];
  await deps.groups.remove(source, new Set(gone));
  return [];
}

async function askForGroups(
  source: Source,
  renamed: Learnt['renamed'],
  deps: Deps,
  signal: AbortSignal,
): Promise<void> {
  for (const some of batches(renamed.people)) {
    await takeGroupsNaming(await entriesOf(source.name, some, deps), source, deps, signal);
  }
  await takeGroupsNaming(renamed.groups, source, deps, signal);
}

/** A group that is found so may be new itself; then those that name it are asked for as well. */
async function takeGroupsNaming(
  members: readonly Named[],
  source: Source,
  deps: Deps,
  signal: AbortSignal,
): Promise<void> {
  for (let asked = members; asked.length > 0; ) {
    const found: Named[] = [];
    for await (const group of source.groupsNaming(asked, signal)) {
      await deps.leases.renew(deps.lease, deps.leaseMs);
      if (await deps.groups.put(source.name, group)) found.push({ dn: group.dn });
    }
    asked = found;
  }
}

async function entriesOf(source: string, ids: readonly StableId[], { identities }: Deps): Promise<Entry[]> {
  const known = await identities.getMany(ids.map((id) => personKey(source, id)));
  return known.flatMap((identity) => (identity === null ? [] : [identity.entry]));
}

function batches<T>(all: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < all.length; start += BATCH) result.push(all.slice(start, start + BATCH));
  return result;
}

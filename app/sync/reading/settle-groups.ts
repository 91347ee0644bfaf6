/**
 * What a read means for the groups that it did not name, or named as gone. Whom groups may name by what is new to us:
 * `renames.ts`.
 *
 * A search for groups that suddenly finds none, or few, would take away what groups give from everybody. So too many
 * missing groups wait for an operator; once that run is released, the next complete sweep forgets them. A read of
 * changes leaves too many to the next sweep.
 */
import type { StableId } from '../../person/anchor.ts';
import { type GuardPolicy, judgeAbsences } from '../../plan/guard.ts';
import type { Source } from '../../sources/source.ts';
import type { Runs } from '../../store/ports/index.ts';
import type { LearnDeps, Learnt } from './learn.ts';
import { askForRenamed } from './renames.ts';

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

/** Called after a complete read. */
export async function settleGroups(
  source: Source,
  { groups, end }: Learnt,
  deps: Deps,
  signal: AbortSignal,
): Promise<SettledGroups> {
  // A poll mostly tells of no group at all, and there may be many.
  const tellsOfNone = end.names === 'changes' && groups.seen.size + groups.absent.size === 0;
  const known = tellsOfNone ? new Set<StableId>() : await deps.groups.ids(source.name);
  const unknown = [...groups.seen].filter((id) => !known.has(id)).length;
  await deps.leases.renew(deps.lease, deps.leaseMs);
  const settled =
    end.names === 'everyone'
      ? await forgetUnnamed(source.name, known, groups.seen, deps)
      : { ...NO_GROUPS, notices: await forgetAbsent(source.name, known, groups.absent, deps) };
  await askForRenamed(source, deps, signal);
  return { ...settled, unknown };
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

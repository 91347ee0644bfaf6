/**
 * People and groups under a name that is new to us. A server writes it into the groups that hold them without a stamp
 * (OpenLDAP's refint overlay, the links of Active Directory), so no read of changes tells of those groups: they are asked
 * for. Who is still to be asked for is kept by the stores, so that neither a read that breaks off nor a crash forgets it.
 *
 * Until then such a person seems to be in no group. Whoever was there before under another name is not announced so long:
 * a rename takes nothing away. Somebody new has nothing to lose, and gets what groups give as soon as they are found.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { Named, Source } from '../../sources/source.ts';
import type { Groups, Identities, Lease, Leases } from '../../store/ports/index.ts';
import type { Learnt } from './learn.ts';

type Stores = { readonly identities: Identities; readonly groups: Groups };

export type RenamesDeps = Stores & {
  readonly leases: Leases;
  readonly leaseMs: number;
  /** The reader's. */
  readonly lease: Lease;
};

/** People whose groups are asked for in one go. */
const BATCH = 1_000;

/**
 * Lets those go whom a read of everybody has told of together with each group and whatever names stand in it now. Called
 * before anybody else is asked for: who is found then may have been renamed behind the groups.
 */
export async function settleTold(
  source: string,
  { end, groups: told, everyGroupTold }: Learnt,
  { identities, groups }: Stores,
): Promise<void> {
  if (!end.complete || end.names !== 'everyone' || !everyGroupTold) return;
  // A group that is kept although it was not told holds the names that it had.
  for (const id of await groups.ids(source)) if (!told.seen.has(id)) return;
  await identities.settleRenamed(source, 'all');
  await groups.settleRenamed(source, 'all');
}

/** @throws SourceUnavailable where the source cannot tell; whoever was not asked for stays on the list */
export async function askForRenamed(source: Source, deps: RenamesDeps, signal: AbortSignal): Promise<void> {
  const { identities, groups } = deps;
  const people = await identities.renamed(source.name);
  for (let start = 0; start < people.length; start += BATCH) {
    const some = people.slice(start, start + BATCH);
    const known = await identities.getMany(some.map(({ key }) => key));
    const entries = known.flatMap((identity) => (identity === null ? [] : [identity.entry]));
    await takeGroupsNaming(entries, source, deps, signal);
    await identities.settleRenamed(source.name, some);
  }
  // A group that is found so may be new itself; then those that name it are asked for as well.
  for (;;) {
    const renamed = await groups.renamed(source.name);
    if (renamed.length === 0) return;
    await takeGroupsNaming(renamed, source, deps, signal);
    await groups.settleRenamed(source.name, renamed);
  }
}

async function takeGroupsNaming(
  members: readonly Named[],
  source: Source,
  { groups, leases, lease, leaseMs }: RenamesDeps,
  signal: AbortSignal,
): Promise<void> {
  if (members.length === 0) return;
  for await (const group of source.groupsNaming(members, signal)) {
    await leases.renew(lease, leaseMs);
    await groups.put(source.name, group);
  }
}

/** The same after a read that is not whole, where it may well be that the source does not answer. */
export async function tryToAskForRenamed(
  source: Source,
  deps: RenamesDeps,
  signal: AbortSignal,
): Promise<void> {
  if (!(await hasGroups(source.name, deps))) return;
  try {
    await askForRenamed(source, deps, signal);
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
  }
}

/** Whoever has to wait: they might seem to be in no group any more. */
export type Waiting = {
  readonly people: ReadonlySet<PersonKey>;
  /** Everybody whom a group's change concerns. */
  readonly members: boolean;
};

/** Where no group is known, nobody can lose one. */
export async function whoWaits(source: string, deps: Stores): Promise<Waiting> {
  if (!(await hasGroups(source, deps))) return { people: new Set(), members: false };
  const people = await deps.identities.renamed(source);
  const groups = await deps.groups.renamed(source);
  const losing = people.filter(({ wasPresent }) => wasPresent).map(({ key }) => key);
  const left = await deps.groups.left(source);
  const members = groups.some(({ wasKnown }) => wasKnown) || left.names.length > 0;
  return { people: new Set(losing), members };
}

async function hasGroups(source: string, { groups }: Stores): Promise<boolean> {
  return (await groups.ids(source)).size > 0;
}

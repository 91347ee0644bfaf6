/**
 * One window for all removals at a target, whatever brought them: a poll, a sweep, an event, an operator, the clock. What
 * a run announces counts together with what went before it, and keeps its place in the window until it is carried out;
 * so a drip over many polls is held as surely as a flood in one. Beside the limit of the target each group of the source
 * may have one, since a whole department is a small part of everybody.
 *
 * A group's members are counted as the group itself names them, and its leavers by the groups that name them: one set
 * in the store each, so that no list of members is ever loaded. Who was taken out of their groups before they left counts
 * for the target alone, and so does everybody in a group that has no more members than the least that may go.
 */
import type { Entry } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import { namesOf } from '../person/member-names.ts';
import { type GuardPolicy, removalLimit } from '../plan/guard.ts';
import type { Groups, KnownGroup, Links, Tallies, TallyWish } from '../store/ports/index.ts';

export type WindowDeps = {
  readonly links: Links;
  readonly groups: Groups;
  readonly tallies: Tallies;
  readonly guard: GuardPolicy;
  readonly now: () => Date;
};

/** `entry`: where it is absent the person counts for no group. */
export type Leaving = Pick<Identity, 'key' | 'source'> & {
  readonly entry?: Pick<Entry, 'dnKey' | 'memberNames'>;
};

/** People who may not go by themselves. `before`: how many went in the window before them. `group`: whose limit it is. */
export type TooMany = {
  readonly people: readonly Leaving[];
  readonly before: number;
  readonly limit: number;
  readonly group: KnownGroup | null;
};

/** Name of the count of removals at a target. */
export function removalsTally(target: string): string {
  return `removals:${target}`;
}

/** How many may lose access at a target within the window by themselves. */
export async function limitAt(target: string, { links, guard }: WindowDeps): Promise<number> {
  return removalLimit(await links.countActive(target), guard);
}

/**
 * Gives people who lose access at a target their places in the window, or none of those whom one limit is too small for:
 * a group's alone, or everybody. Whoever has a place keeps it.
 * @returns who is not admitted, by limit; empty where everybody is
 */
export async function admitRemovals(
  target: string,
  leaving: readonly Leaving[],
  deps: WindowDeps,
): Promise<readonly TooMany[]> {
  const { tallies, guard, now } = deps;
  const limit = await limitAt(target, deps);
  const groups = await groupsOf(leaving, deps);
  const refused: TooMany[] = [];
  let rest = leaving;
  while (rest.length > 0) {
    // What no window could take is not sent there: it may be everybody.
    if (rest.length > Math.max(1, limit))
      return [...refused, { people: rest, before: 0, limit, group: null }];
    const wishes = [wishFor(null, rest, limit), ...groupWishes(rest, groups, guard)];
    const answer = await tallies.admitAll(removalsTally(target), wishes, guard.windowMs, now());
    if (answer.admitted) return refused;
    const group = groups.find(({ part }) => part === answer.part) ?? null;
    const people = rest.filter(({ key }) => group === null || group.people.has(key));
    refused.push({ people, before: answer.count, limit: answer.limit, group: group?.known ?? null });
    rest = rest.filter((person) => !people.includes(person));
  }
  return refused;
}

type LeavingGroup = {
  readonly part: string;
  readonly known: KnownGroup;
  readonly people: ReadonlySet<string>;
};

async function groupsOf(
  leaving: readonly Leaving[],
  { groups, guard }: WindowDeps,
): Promise<readonly LeavingGroup[]> {
  if (guard.group === undefined) return [];
  const found = new Map<string, { part: string; known: KnownGroup; people: Set<string> }>();
  for (const source of new Set(leaving.map((person) => person.source))) {
    const own = leaving.filter((person) => person.source === source);
    const named = await groups.namedIn(
      source,
      own.map(({ entry = {} }) => namesOf(entry)),
    );
    for (const [index, { key }] of own.entries()) {
      for (const known of named[index] ?? []) {
        const part = `${source}:${known.stableId}`;
        const group = found.get(part) ?? { part, known, people: new Set() };
        found.set(part, group);
        group.people.add(key);
      }
    }
  }
  return [...found.values()];
}

function groupWishes(
  rest: readonly Leaving[],
  groups: readonly LeavingGroup[],
  { group: policy }: GuardPolicy,
): readonly TallyWish[] {
  if (policy === undefined) return [];
  return groups.flatMap(({ part, known, people }) => {
    const own = rest.filter(({ key }) => people.has(key));
    return own.length === 0 ? [] : [wishFor(part, own, removalLimit(known.members, policy))];
  });
}

function wishFor(part: string | null, people: readonly Leaving[], limit: number): TallyWish {
  return { part, keys: people.map(({ key }) => key), limit };
}

/**
 * What a source and a mapping want of one group at one target: its name, and as members everybody below it, each once,
 * who has an account there. Who has none waits: as soon as they have one, the group is due (`announce-groups.ts`).
 * Whoever is switched off stays a member as long as the source names them.
 */
import { createHash } from 'node:crypto';
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import { problemInWords } from '../../mapping/mapping.ts';
import { type GroupKey, type PersonKey, partsOfGroupKey } from '../../person/anchor.ts';
import type { GroupDesired } from '../../plan/group-plan.ts';
import type { DueMarks, Groups, KnownGroup, Links } from '../../store/ports/index.ts';
import { type GroupWork, NOBODY_WAITS } from './group-work.ts';

/** So many of those who wait are named, unless more are asked for. */
const MOST_NAMED = 20;

export type WantedGroup =
  | {
      readonly kind: 'known';
      readonly desired: GroupDesired;
      readonly waiting: GroupWork['waiting'];
      /** Of what is desired: the same name and members give the same one. */
      readonly digest: string;
    }
  | { readonly kind: 'failed'; readonly words: string };

type Deps = {
  readonly groups: Groups;
  readonly links: Pick<Links, 'getMany'>;
  readonly due: Pick<DueMarks, 'get'>;
};

/** @param mostNamed so many of those who wait are named */
export async function wantedGroup(
  key: GroupKey,
  mapping: GroupMapping,
  deps: Deps,
  mostNamed = MOST_NAMED,
): Promise<WantedGroup> {
  const { source, id } = partsOfGroupKey(key);
  const group = await deps.groups.get(source, id);
  if (group === null) return gone('gone from the source');
  const mapped = mapping.map({ source, ...group });
  switch (mapped.kind) {
    case 'failed':
      return { kind: 'failed', words: mapped.problems.map(problemInWords).join('; ') };
    case 'out-of-scope':
      return gone(mapped.reason);
    case 'in-scope': {
      const { members, waiting, awaitsPeople } = await membersOf(group, mapping, mostNamed, deps);
      const { displayName, externalId } = mapped;
      const { partial } = group;
      const names = externalId === undefined ? { displayName } : { displayName, externalId };
      const digest = digestOf([displayName, partial, awaitsPeople, members.toSorted()]);
      const desired = { kind: 'group', ...names, members, partial, awaitsPeople } as const;
      return { kind: 'known', desired, waiting, digest };
    }
  }
}

function gone(reason: string): WantedGroup {
  return { kind: 'known', desired: { kind: 'gone', reason }, waiting: NOBODY_WAITS, digest: '' };
}

async function membersOf(
  { stableId }: KnownGroup,
  { source, target, policy }: GroupMapping,
  mostNamed: number,
  deps: Deps,
) {
  const members = new Set<string>();
  const without: PersonKey[] = [];
  let count = 0;
  // It matters only where whoever seems to be foreign has to go.
  let awaitsPeople = false;
  for await (const batch of deps.groups.members(source, stableId)) {
    const keys = batch.map(({ key }) => key);
    const links = await deps.links.getMany(target, keys);
    for (const link of links) if (link !== null) members.add(link.id);
    const waiting = keys.filter((_, index) => links[index] === null);
    count += waiting.length;
    without.push(...waiting.slice(0, mostNamed - without.length));
    if (policy.foreignMembers === 'remove') awaitsPeople ||= await isAnyDue(waiting, target, deps);
  }
  return { members: [...members], waiting: { count, people: without }, awaitsPeople };
}

/** Whoever is served just now is due no longer, and linked. */
async function isAnyDue(
  people: readonly PersonKey[],
  target: string,
  { due, links }: Deps,
): Promise<boolean> {
  const marks = await Promise.all(people.map((key) => due.get(target, key)));
  if (marks.some((mark) => mark !== null)) return true;
  return (await links.getMany(target, people)).some((link) => link !== null);
}

function digestOf(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, 22);
}

/**
 * What would be done about the groups that are kept at one target: each of them foreseen (`foresee-group.ts`), put into
 * an item of the plan, and counted. For many the target's groups are listed; for a few each is asked for. It reads, and
 * writes nothing.
 */
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import { type GroupKey, groupKey, type PersonKey, partsOfGroupKey } from '../../person/anchor.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import { type GuardPolicy, removalLimit } from '../../plan/guard.ts';
import type { GroupItem, GroupTotals, Member, Seal } from '../../plan/plan-file.ts';
import type { GroupMatch, GroupTarget } from '../../scim/groups/group-target.ts';
import type { ListCall } from '../../scim/target.ts';
import type { DueMarks, GroupLinks, Groups, Links } from '../../store/ports/index.ts';
import { durationOf, type RequestLimit } from './duration.ts';
import { type ForeseenGroup, foreseeGroup } from './foresee-group.ts';
import { groupItemOf, membersIn } from './group-item.ts';
import {
  findInGroups,
  type GroupFinder,
  type GroupFindingHabits,
  type ListedGroups,
  listGroups,
} from './listed-groups.ts';

/** The groups of one target, and what carrying something out there costs. */
export type PlannedGroups = {
  readonly target: string;
  readonly groups: GroupTarget;
  readonly habits: GroupFindingHabits;
  /** The methods of the requests that a look-up and a write take. */
  readonly lookUpRequests: (match: GroupMatch, hits: number) => readonly string[];
  readonly writeRequests: (decided: GroupPlan) => readonly string[];
  readonly limits: () => Promise<readonly RequestLimit[]>;
};

export type PlanGroupsDeps = {
  readonly groups: Groups;
  readonly groupLinks: GroupLinks;
  readonly links: Links;
  readonly due: Pick<DueMarks, 'get'>;
  readonly guard: GuardPolicy;
  readonly seal: Seal;
};

export type AskedGroups = {
  /** The only one; null for all. */
  readonly only: GroupKey | null;
  /** Who gets an account there by the same plan. */
  readonly joining: ReadonlySet<PersonKey>;
};

export type GroupsPlan = { readonly totals: GroupTotals; readonly items: readonly GroupItem[] };

/** So many are asked for one by one. */
const FEW = 20;

type Scene = {
  readonly planned: PlannedGroups;
  readonly asked: AskedGroups;
  readonly finder: GroupFinder;
  readonly call: ListCall;
  readonly deps: PlanGroupsDeps;
};

type Tally = { readonly items: GroupItem[]; readonly requests: Map<string, number>; asWanted: number };

/** @param mappings those that lead to this target, from the sources that the plan is for. @throws what a GroupTarget throws */
export async function planGroups(
  planned: PlannedGroups,
  mappings: readonly GroupMapping[],
  asked: AskedGroups,
  call: ListCall,
  deps: PlanGroupsDeps,
): Promise<GroupsPlan> {
  const keys = await groupsToPlan(planned.target, mappings, asked, deps);
  const listed = keys.length > FEW ? await listGroups(planned.groups, planned.habits, call) : null;
  const finder = listed === null ? planned.groups : findInGroups(listed, planned.groups);
  const tally: Tally = { items: [], requests: new Map(), asWanted: 0 };
  for (const key of keys) {
    const mapping = mappings.find(({ source }) => source === partsOfGroupKey(key).source);
    if (mapping !== undefined) await planOne(key, mapping, { planned, asked, finder, call, deps }, tally);
  }
  return { totals: await totalsOf(planned, tally, listed, deps), items: tally.items };
}

/** Every group that the source has, and whichever is linked and gone from there; each once. */
async function groupsToPlan(
  target: string,
  mappings: readonly GroupMapping[],
  { only }: AskedGroups,
  { groups, groupLinks }: PlanGroupsDeps,
): Promise<readonly GroupKey[]> {
  const sources = mappings.map(({ source }) => source);
  if (only !== null) return sources.includes(partsOfGroupKey(only).source) ? [only] : [];
  const keys = new Set<GroupKey>();
  for (const source of sources) for (const id of await groups.ids(source)) keys.add(groupKey(source, id));
  for await (const links of groupLinks.scan(target)) {
    for (const { key } of links) if (sources.includes(partsOfGroupKey(key).source)) keys.add(key);
  }
  return [...keys].sort();
}

async function planOne(key: GroupKey, mapping: GroupMapping, scene: Scene, tally: Tally): Promise<void> {
  const { planned, asked, call, deps } = scene;
  const looks: string[] = [];
  const finder: GroupFinder = {
    async find(match, asking) {
      const found = await scene.finder.find(match, asking);
      looks.push(...planned.lookUpRequests(match, found.length));
      return found;
    },
  };
  const link = await deps.groupLinks.get(planned.target, key);
  const looking = { ...deps, target: { name: planned.target, groups: finder } };
  const foreseen = await foreseeGroup(key, link, mapping, asked.joining, call, looking);
  const { plan, unmapped } = foreseen;
  const isAsWanted = plan.action === 'none' && unmapped === null;
  if (isAsWanted) tally.asWanted += 1;
  if (isAsWanted && asked.only === null) return;
  const isWritten = plan.action !== 'none' && plan.action !== 'hold';
  const methods = isWritten ? [...looks, ...planned.writeRequests(plan)] : [];
  for (const method of methods) tally.requests.set(method, (tally.requests.get(method) ?? 0) + 1);
  const shown = {
    key,
    target: planned.target,
    knownAs: link?.displayName ?? (await nameAtSource(key, deps)),
    memberOf: await namesOfMembers(planned.target, foreseen, deps),
    joining: asked.joining,
    requests: methods.length,
  };
  tally.items.push(groupItemOf(foreseen, shown, deps.guard, deps.seal));
}

async function nameAtSource(key: GroupKey, { groups }: PlanGroupsDeps): Promise<string> {
  const { source, id } = partsOfGroupKey(key);
  return (await groups.get(source, id))?.name ?? id;
}

async function namesOfMembers(
  target: string,
  { plan }: ForeseenGroup,
  { links }: PlanGroupsDeps,
): Promise<(account: string) => Member> {
  const { add, remove } = membersIn(plan);
  const ids = [...add, ...remove];
  const owners = await links.ownersOf(target, ids);
  const people = owners.filter((owner): owner is PersonKey => owner !== null);
  const known = await links.getMany(target, people);
  const names = new Map(people.map((person, index) => [person, known[index]?.desired.userName ?? null]));
  const members = new Map(
    ids.map((account, index): [string, Member] => {
      const person = owners[index] ?? null;
      return [account, { account, person, userName: person === null ? null : (names.get(person) ?? null) }];
    }),
  );
  return (account) => members.get(account) ?? { account, person: null, userName: null };
}

async function totalsOf(
  { target, limits }: PlannedGroups,
  { items, requests, asWanted }: Tally,
  listed: ListedGroups | null,
  { groupLinks, guard }: PlanGroupsDeps,
): Promise<GroupTotals> {
  const actions: Partial<Record<GroupItem['action'], number>> = {};
  for (const { action } of items) actions[action] = (actions[action] ?? 0) + 1;
  const isWhole = listed === null || listed.complete;
  return {
    target,
    actions,
    asWanted,
    added: items.reduce((sum, { add }) => sum + add.length, 0),
    removed: items.reduce((sum, { remove }) => sum + remove.length, 0),
    deletionLimit: removalLimit(await groupLinks.count(target), guard),
    notices: isWhole ? [] : [`the listing of groups is not complete: ${listed.problem}`],
    requests: [...requests.values()].reduce((sum, count) => sum + count, 0),
    ...durationOf(requests, await limits()),
  };
}

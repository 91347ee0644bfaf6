/**
 * A plan: the whole decision for everybody, or for those who are asked for, before anything is written. It works on
 * what is known; a source that was never read is read first, and any other where that is asked for (`learn.ts`).
 */
import type { Mapping } from '../../mapping/mapping.ts';
import { groupKey, type PersonKey, sourceOfKey } from '../../person/anchor.ts';
import type { Seal } from '../../plan/plan-file.ts';
import { type PlanFile, type SourceAge, sealPlan } from '../../plan/plan-file.ts';
import type { ScimUser } from '../../scim/resource.ts';
import type { ListCall } from '../../scim/target.ts';
import type { Source } from '../../sources/source.ts';
import type { GroupLinks, UserNames } from '../../store/ports/index.ts';
import { restsOnSource } from '../joined-news.ts';
import { type LearnForPlanDeps, learnForPlan } from './learn.ts';
import { type GroupOfSource, groupCalled, membersOf, peopleNamed, WrongWish } from './people.ts';
import { type GroupsPlan, type PlannedGroups, planGroups } from './plan-groups.ts';
import { type Asked, type PlannedTarget, planTarget, type TargetPlan } from './plan-target.ts';
import { undecidedAbsences, withStandings } from './standings.ts';

export type PlanDeps = LearnForPlanDeps & {
  readonly sources: readonly string[];
  /** null for a source that is only listened to. */
  readonly sourceOf: (source: string) => Source | null;
  readonly targets: readonly PlannedTarget[];
  /** Of the targets that have groups. */
  readonly groupTargets: readonly PlannedGroups[];
  readonly groupLinks: GroupLinks;
  readonly userNames: UserNames;
  /** Fingerprint of configuration and mappings. */
  readonly installation: string;
  readonly seal: Seal;
};

export type Wish = {
  /** By name; null for all. */
  readonly source: string | null;
  readonly target: string | null;
  /** By any name they are known by; with `group`, those of them who are in it. */
  readonly people: readonly string[];
  readonly group: string | null;
  /** Also groups that are kept at targets; with `group`, that one alone. */
  readonly groups: boolean;
  readonly matches: ((user: ScimUser) => boolean) | null;
  /** Reads the sources before. */
  readonly fresh: boolean;
};

export type MadePlan = { readonly file: PlanFile; readonly targets: readonly TargetPlan[] };

/** @throws WrongWish, SourceUnavailable, and what a Target throws */
export async function makePlan(wish: Wish, deps: PlanDeps, call: ListCall): Promise<MadePlan> {
  const mappings = deps.mappings.filter(
    ({ source, target }) => (wish.source ?? source) === source && (wish.target ?? target) === target,
  );
  if (mappings.length === 0) throw new WrongWish(noMapping(wish, deps));
  const sources = deps.sources.filter((name) => mappings.some(({ source }) => source === name));
  const ages: SourceAge[] = [];
  for (const name of deps.sources.filter((one) => mappings.some((mapping) => restsOnSource(mapping, one))))
    ages.push(await knowledgeOf(name, wish.fresh, deps, call.signal));
  const group = wish.group === null ? null : await groupCalled(wish.group, sources, deps);
  const asked = await askedFor(wish, group, sources, deps);
  const targets: TargetPlan[] = [];
  for (const planned of deps.targets) {
    const here = mappings.filter(({ target }) => target === planned.target.name);
    const concerned = here.filter((mapping) => isConcerned(mapping, asked));
    if (concerned.length === 0) continue;
    const leading = deps.mappings.filter(({ target }) => target === planned.target.name);
    const whole = asked.people === 'everybody' && leading.length === here.length;
    const made = await planTarget(planned, concerned, { ...asked, whole }, call, deps);
    const { name } = planned.target;
    const undecided = asked.people === 'everybody' ? await undecidedAbsences(name, deps.holds) : [];
    targets.push({
      ...made,
      totals: { ...made.totals, notices: [...made.totals.notices, ...undecided] },
      items: await withStandings(made.items, name, deps.holds),
    });
  }
  const groups = wish.groups ? await planAllGroups(wish, group, targets, deps, call) : [];
  const file = sealPlan(
    {
      landbridgePlan: 1,
      madeAt: deps.now().toISOString(),
      installation: deps.installation,
      sources: ages,
      targets: targets.map(({ totals }) => totals),
      items: targets.flatMap(({ items }) => items),
      groupTargets: groups.map(({ totals }) => totals),
      groups: groups.flatMap(({ items }) => items),
    },
    deps.seal,
  );
  return { file, targets };
}

/** People come first, so that it is known who gets an account. */
async function planAllGroups(
  wish: Wish,
  group: GroupOfSource | null,
  people: readonly TargetPlan[],
  deps: PlanDeps,
  call: ListCall,
): Promise<readonly GroupsPlan[]> {
  const only = group === null ? null : groupKey(group.source, group.group.stableId);
  const plans: GroupsPlan[] = [];
  for (const planned of deps.groupTargets) {
    const mappings = deps.groupMappings.filter(
      ({ source, target }) =>
        target === planned.target && (wish.source ?? source) === source && (wish.target ?? target) === target,
    );
    if (only !== null && !mappings.some(({ source }) => source === group?.source)) continue;
    if (mappings.length === 0) continue;
    const items = people.find(({ totals }) => totals.target === planned.target)?.items ?? [];
    const getting = items.filter(({ action }) => action === 'create' || action === 'adopt');
    const joining = new Set(getting.map(({ person }) => person));
    plans.push(await planGroups(planned, mappings, { only, joining }, call, deps));
  }
  return plans;
}

function noMapping({ source, target }: Wish, deps: PlanDeps): string {
  const targets = deps.targets.map((planned) => planned.target.name);
  if (source !== null && !deps.sources.includes(source))
    return `There is no source ${source}. Known: ${deps.sources.join(', ')}.`;
  if (target !== null && !targets.includes(target))
    return `There is no target ${target}. Known: ${targets.join(', ')}.`;
  return `No mapping leads from ${source ?? 'any source'} to ${target ?? 'any target'}.`;
}

function isConcerned({ source }: Mapping, { people }: Pick<Asked, 'people'>): boolean {
  return people === 'everybody' || people.some((key) => sourceOfKey(key) === source);
}

async function knowledgeOf(
  name: string,
  fresh: boolean,
  deps: PlanDeps,
  signal: AbortSignal,
): Promise<SourceAge> {
  const source = deps.sourceOf(name);
  if (source === null) return { source: name, knownAt: null, read: 'told', lacks: null };
  const movedAt = await deps.watermarks.movedAt(name);
  if (movedAt !== null && !fresh) return { source: name, knownAt: movedAt, read: 'before', lacks: null };
  const lacks = await learnForPlan(source, deps, signal);
  return { source: name, knownAt: deps.now().toISOString(), read: 'now', lacks };
}

async function askedFor(
  { people, matches }: Wish,
  group: GroupOfSource | null,
  sources: readonly string[],
  deps: PlanDeps,
): Promise<Omit<Asked, 'whole'>> {
  const named = people.length === 0 ? null : await peopleNamed(people, sources, deps);
  const members = group === null ? null : await membersOf(group.source, group.group.stableId, deps.groups);
  const chosen = named !== null && members !== null ? both(named, members) : (named ?? members);
  return {
    people: chosen ?? 'everybody',
    matches: matches ?? (() => true),
    showNothing: named !== null,
  };
}

function both(named: readonly PersonKey[], members: readonly PersonKey[]): readonly PersonKey[] {
  const inGroup = new Set(members);
  return named.filter((key) => inGroup.has(key));
}

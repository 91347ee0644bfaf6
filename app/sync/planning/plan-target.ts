/**
 * What would be done for many people at one target: each of them foreseen (`foresee.ts`), put into an item of the
 * plan, and counted. For many the target's accounts are listed, about one request for each page; for a few each is
 * asked for. It reads, and writes nothing.
 *
 * What a listing shows of nobody (some show a few attributes only) does not count as missing: such people are asked for
 * one by one, and where they are too many, the totals say what was not compared.
 */
import type { Mapping } from '../../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../../person/anchor.ts';
import type { Identity } from '../../person/identity.ts';
import type { Plan } from '../../plan/decision.ts';
import { type GuardPolicy, removalLimit } from '../../plan/guard.ts';
import type { PlanItem, Seal, TargetTotals } from '../../plan/plan-file.ts';
import { type Account, formatPath, type ScimUser } from '../../scim/resource.ts';
import type { ListCall, Match, Target } from '../../scim/target.ts';
import type { Identities, Link, Links, UserNames } from '../../store/ports/index.ts';
import { withCollisions } from './collisions.ts';
import type { RequestLimit } from './duration.ts';
import { type Foreseen, foresee } from './foresee.ts';
import {
  type Finder,
  type FindingHabits,
  findInListing,
  type ListedAccounts,
  listAccounts,
} from './listed-accounts.ts';
import { itemOf } from './plan-item.ts';
import { totalsOf } from './plan-totals.ts';
import { namesOfOnePlan } from './planned-names.ts';

/** One target, and what carrying something out there costs. */
export type PlannedTarget = {
  readonly target: Target;
  readonly habits: FindingHabits;
  /** The methods of the requests that a look-up and a write take. */
  readonly lookUpRequests: (match: Match, hits: number) => readonly string[];
  readonly writeRequests: (decided: Plan) => readonly string[];
  readonly limits: () => Promise<readonly RequestLimit[]>;
};

export type PlanTargetDeps = {
  readonly identities: Identities;
  readonly links: Links;
  readonly userNames: Pick<UserNames, 'foresee'>;
  readonly guard: GuardPolicy;
  readonly seal: Seal;
  readonly now: () => Date;
};

/** Whom the plan is for. */
export type Asked = {
  readonly people: 'everybody' | readonly PersonKey[];
  /** Of an account as it shall be, or of a leaver's as it was last asked for. */
  readonly matches: (user: ScimUser) => boolean;
  /** Whoever may have an account at the target is among them, so that all others there are nobody's. */
  readonly whole: boolean;
  /** Also who needs nothing gets an item, so that whoever asked for them is told why. */
  readonly showNothing: boolean;
};

export type TargetPlan = {
  readonly totals: TargetTotals;
  readonly items: readonly PlanItem[];
  /** Accounts that are nobody's; null where it cannot be told, since not everybody was planned for. */
  readonly unknown: Iterable<Account> | null;
};

/** So many are asked for one by one. */
const FEW = 50;
/** People looked at in one go. */
const BATCH = 200;

/** What has been met so far. */
type Tally = {
  readonly items: PlanItem[];
  readonly requests: Map<string, number>;
  readonly claimed: Set<string>;
  asWanted: number;
  looked: number;
  notCompared: number;
};

type Scene = {
  readonly planned: PlannedTarget;
  readonly mappings: readonly Mapping[];
  readonly asked: Asked;
  readonly listed: ListedAccounts | null;
  readonly call: ListCall;
  readonly deps: PlanTargetDeps;
};

/** @param mappings those that lead to this target, from the sources that the plan is for. @throws what a Target throws */
export async function planTarget(
  planned: PlannedTarget,
  mappings: readonly Mapping[],
  asked: Asked,
  call: ListCall,
  deps: PlanTargetDeps,
): Promise<TargetPlan> {
  const { target } = planned;
  const many = asked.people === 'everybody' || asked.people.length > FEW;
  const listed = many ? await listAccounts(target, call) : null;
  const userNames = namesOfOnePlan(deps.userNames);
  const scene: Scene = { planned, mappings, asked, listed, call, deps: { ...deps, userNames } };
  const tally: Tally = {
    items: [],
    requests: new Map(),
    claimed: new Set(),
    asWanted: 0,
    looked: 0,
    notCompared: 0,
  };
  for await (const keys of peopleOf(scene, tally)) await planBatch(keys, scene, tally);
  const unknown = listed === null || !asked.whole ? null : unclaimed(listed, tally);
  const items = withCollisions(tally.items);
  const totals = totalsOf({
    ...tally,
    items,
    target: target.name,
    listed,
    unknownAccounts: unknown === null ? null : [...unknown].length,
    removalLimit: removalLimit(await deps.links.countActive(target.name), deps.guard),
    limits: await planned.limits(),
  });
  return { totals, items, unknown };
}

/** Everybody who is there, and whoever is not and has an account; each once. */
async function* peopleOf(
  { asked, mappings, planned, deps }: Scene,
  { claimed }: Tally,
): AsyncGenerator<readonly PersonKey[]> {
  const sources = new Set(mappings.map(({ source }) => source));
  const met = new Set<PersonKey>();
  const fresh = (keys: readonly PersonKey[]) =>
    keys.filter((key) => sources.has(sourceOfKey(key)) && !met.has(key) && met.add(key));
  if (asked.people !== 'everybody') {
    yield* batchesOf(fresh(asked.people));
    return;
  }
  for (const source of sources) {
    for await (const ids of deps.identities.scanPresent(source)) {
      yield* batchesOf(fresh(ids.map((id) => `${source}:${id}` as PersonKey)));
    }
  }
  for await (const links of deps.links.scan(planned.target.name)) {
    // Also of people whom no mapping leads here any more.
    for (const { id } of links) claimed.add(id);
    yield* batchesOf(fresh(links.map(({ key }) => key)));
  }
}

function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += BATCH) yield all.slice(start, start + BATCH);
}

async function planBatch(keys: readonly PersonKey[], scene: Scene, tally: Tally): Promise<void> {
  const { deps, planned, mappings } = scene;
  const [identities, links] = await Promise.all([
    deps.identities.getMany(keys),
    deps.links.getMany(planned.target.name, keys),
  ]);
  await Promise.all(
    keys.map(async (_key, index) => {
      const identity = identities[index] ?? null;
      const mapping = mappings.find(({ source }) => source === identity?.source);
      if (identity === null || mapping === undefined) return;
      await planPerson(identity, links[index] ?? null, mapping, scene, tally);
    }),
  );
}

async function planPerson(
  identity: Identity,
  link: Link | null,
  mapping: Mapping,
  scene: Scene,
  tally: Tally,
): Promise<void> {
  const { planned, listed, deps, asked } = scene;
  if (link !== null) tally.claimed.add(link.id);
  let found = await foreseeBy(finderOf(scene), identity, link, mapping, scene);
  if (listed !== null && isHidden(found.foreseen.plan, listed)) {
    if (tally.looked >= removalLimit(listed.size, deps.guard)) {
      tally.notCompared += 1;
      return;
    }
    tally.looked += 1;
    found = await foreseeBy(planned.target, identity, link, mapping, scene);
  }
  const { foreseen, looks } = found;
  if ('id' in foreseen.plan) tally.claimed.add(foreseen.plan.id);
  const user = foreseen.user ?? link?.desired ?? null;
  const { plan, unmapped } = foreseen;
  // Of whoever cannot be mapped nobody knows whether their account would be one of those that are asked for.
  if (user === null ? !asked.showNothing && !unmapped : !asked.matches(user)) return;
  if (plan.action === 'none' && !unmapped) {
    tally.asWanted += 1;
    if (!asked.showNothing) return;
  }
  const isWritten = !unmapped && plan.action !== 'none' && plan.action !== 'hold';
  const methods = isWritten ? [...looks, ...planned.writeRequests(plan)] : [];
  for (const method of methods) tally.requests.set(method, (tally.requests.get(method) ?? 0) + 1);
  tally.items.push(itemOf(identity.key, foreseen, user, mapping, methods.length, deps.seal));
}

/** @returns with the requests that the same look-ups take */
async function foreseeBy(
  finder: Finder,
  identity: Identity,
  link: Link | null,
  mapping: Mapping,
  { planned, call, deps }: Scene,
): Promise<{ readonly foreseen: Foreseen; readonly looks: readonly string[] }> {
  const looks: string[] = [];
  const counting: Finder = {
    name: finder.name,
    async find(match, asking) {
      const found = await finder.find(match, asking);
      looks.push(...planned.lookUpRequests(match, found.length));
      return found;
    },
  };
  const foreseen = await foresee(identity, link, mapping, call, { ...deps, target: counting });
  return { foreseen, looks };
}

function finderOf({ planned, listed }: Scene): Finder {
  return listed === null ? planned.target : findInListing(listed, planned.target, planned.habits);
}

/** It would write something only because the listing does not show it of anybody. */
function isHidden(decided: Plan, { shown }: ListedAccounts): boolean {
  if (!('differences' in decided)) return false;
  return decided.differences.some(({ path: [head, ...rest], before }) => {
    const [part] = rest;
    const path = formatPath(part === undefined ? [head] : [head, part]).toLowerCase();
    return before === undefined && !shown.has(path);
  });
}

/** May be walked through again. */
function unclaimed(listed: ListedAccounts, { claimed }: Tally): Iterable<Account> {
  return {
    *[Symbol.iterator]() {
      for (const account of listed.all()) if (!claimed.has(account.id)) yield account;
    },
  };
}

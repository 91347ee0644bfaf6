/**
 * The first look at a target that was filled before us: whose accounts match by name, which could be several people's,
 * who has none there, and which are nobody's. It proposes and writes nothing; what would be done is the same as a plan
 * would do. Accounts that are nobody's are never touched, whatever is accepted.
 */
import type { PersonKey } from '../../person/anchor.ts';
import type { PlanFile, PlanItem, Seal } from '../../plan/plan-file.ts';
import { type Account, isJsonList, isJsonObject, type Json } from '../../scim/resource.ts';
import type { ListCall } from '../../scim/target.ts';
import { makePlan, type PlanDeps } from './make-plan.ts';

/** An account that nobody matches. `perhaps`: people without an account who carry one of its names. */
export type UnknownAccount = {
  readonly account: string;
  readonly userName: string;
  readonly perhaps: readonly PersonKey[];
};

export type AdoptionReport = {
  readonly target: string;
  readonly sources: PlanFile['sources'];
  /** What would be done for everybody who is not as wanted. */
  readonly matched: readonly PlanItem[];
  readonly ambiguous: readonly PlanItem[];
  readonly onlyInSource: readonly PlanItem[];
  /** People who are linked already and differ, or cannot be mapped. */
  readonly others: readonly PlanItem[];
  readonly onlyInTarget: readonly UnknownAccount[];
  readonly totals: PlanFile['targets'][number];
  /** Of what would be done: the same as long as that is the same. */
  readonly hash: string;
};

const HASH_LENGTH = 16;

/** @throws WrongWish, SourceUnavailable, and what a Target throws */
export async function reportForAdoption(
  target: string,
  fresh: boolean,
  deps: PlanDeps,
  call: ListCall,
): Promise<AdoptionReport> {
  const wish = { source: null, target, people: [], group: null, groups: false, matches: null, fresh };
  const { file, targets } = await makePlan(wish, deps, call);
  const [planned] = targets;
  if (planned === undefined) throw new Error(`${target} was not planned for`);
  const of = (...actions: readonly PlanItem['action'][]) =>
    planned.items
      .filter(({ action }) => actions.includes(action))
      .sort((a, b) => (a.person < b.person ? -1 : 1));
  const [ambiguous, onlyInSource] = [of('hold'), of('create')];
  const without = new Set([...ambiguous, ...onlyInSource].map(({ person }) => person));
  return {
    target,
    sources: file.sources,
    matched: of('adopt'),
    ambiguous,
    onlyInSource,
    others: of('update', 'reactivate', 'deactivate', 'delete', 'failed'),
    onlyInTarget: await unknownAccounts(planned.unknown ?? [], without, deps),
    totals: planned.totals,
    hash: hashOf(planned.items, deps.seal),
  };
}

function hashOf(items: readonly PlanItem[], seal: Seal): string {
  return seal(JSON.stringify(items.map(({ digest }) => digest).sort())).slice(0, HASH_LENGTH);
}

async function unknownAccounts(
  accounts: Iterable<Account>,
  without: ReadonlySet<PersonKey>,
  { identities }: PlanDeps,
): Promise<readonly UnknownAccount[]> {
  const unknown: UnknownAccount[] = [];
  for (const { id, user } of accounts) {
    const perhaps = new Set<PersonKey>();
    for (const name of [user.userName, ...addressesIn(user['emails'])]) {
      for (const key of await identities.findByHandle(name)) if (without.has(key)) perhaps.add(key);
    }
    unknown.push({ account: id, userName: user.userName, perhaps: [...perhaps].sort() });
  }
  return unknown;
}

function addressesIn(emails: Json | undefined): readonly string[] {
  if (!isJsonList(emails)) return [];
  return emails.flatMap((email) => {
    const value = isJsonObject(email) ? email['value'] : email;
    return typeof value === 'string' ? [value] : [];
  });
}

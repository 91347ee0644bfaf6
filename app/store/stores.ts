/** All stores of an installation, over one connection. */
import { createAdoptions } from './adoptions.ts';
import { type BreakerTiming, createBreakers } from './breakers.ts';
import { createBudgets } from './budgets.ts';
import type { Store } from './connection.ts';
import { createCounters } from './counters.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createDriftLedger } from './drift-ledger.ts';
import { createDueGroups } from './due-groups.ts';
import { createDueMarks } from './due-marks.ts';
import { createFruitlessLookUps } from './fruitless-look-ups.ts';
import { createGroupLinks } from './group-links.ts';
import { createGroups } from './groups.ts';
import { createHolds } from './holds.ts';
import { createIdentities } from './identities.ts';
import { createIntents } from './intents.ts';
import { createLeases } from './leases.ts';
import { createLinks } from './links.ts';
import { createPaces } from './paces.ts';
import { createPlanSeals } from './plan-seals.ts';
import type * as ports from './ports/index.ts';
import { createProvisioningLog } from './provisioning-log.ts';
import { createReceipts } from './receipts.ts';
import { createJoiners, createReferrers } from './referrers.ts';
import { createRuns } from './runs.ts';
import { createTallies } from './tallies.ts';
import { createTimers } from './timers.ts';
import { createUserNames } from './user-names.ts';
import { createWatches } from './watches.ts';
import { createWatermarks } from './watermarks.ts';

export type Stores = {
  readonly identities: ports.Identities;
  readonly groups: ports.Groups;
  readonly watermarks: ports.Watermarks;
  readonly watches: ports.Watches;
  readonly links: ports.Links;
  readonly referrers: ports.Referrers;
  readonly joiners: ports.Joiners;
  readonly userNames: ports.UserNames;
  readonly intents: ports.Intents;
  readonly fruitless: ports.FruitlessLookUps;
  readonly due: ports.DueMarks;
  readonly groupLinks: ports.GroupLinks;
  readonly dueGroups: ports.DueGroups;
  readonly timers: ports.Timers;
  readonly drift: ports.DriftLedger;
  readonly leases: ports.Leases;
  readonly deadLetters: ports.DeadLetters;
  readonly runs: ports.Runs;
  readonly holds: ports.Holds;
  readonly tallies: ports.Tallies;
  readonly budgets: ports.Budgets;
  readonly paces: ports.Paces;
  readonly breakers: ports.Breakers;
  readonly adoptions: ports.Adoptions;
  readonly planSeals: ports.PlanSeals;
  readonly receipts: ports.Receipts;
  readonly provisioningLog: ports.ProvisioningLog;
  readonly counters: ports.Counters;
};

export function createStores(
  store: Store,
  names: { readonly targets: readonly string[]; readonly sources: readonly string[] },
  breakerTiming: BreakerTiming,
  now: () => Date,
): Stores {
  const groups = createGroups(store);
  return {
    identities: createIdentities(store, groups),
    groups,
    watermarks: createWatermarks(store, now),
    watches: createWatches(store, now),
    links: createLinks(store),
    referrers: createReferrers(store),
    joiners: createJoiners(store),
    userNames: createUserNames(store),
    intents: createIntents(store),
    fruitless: createFruitlessLookUps(store),
    due: createDueMarks(store),
    groupLinks: createGroupLinks(store),
    dueGroups: createDueGroups(store),
    timers: createTimers(store),
    drift: createDriftLedger(store),
    leases: createLeases(store),
    deadLetters: createDeadLetters(store, names.targets),
    runs: createRuns(store),
    holds: createHolds(store, now),
    tallies: createTallies(store),
    budgets: createBudgets(store, now),
    paces: createPaces(store, now),
    breakers: createBreakers(store, breakerTiming),
    adoptions: createAdoptions(store),
    planSeals: createPlanSeals(store),
    receipts: createReceipts(store, names.sources),
    provisioningLog: createProvisioningLog(store),
    counters: createCounters(store),
  };
}

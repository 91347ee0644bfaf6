/** What the steps of provisioning share: the parts they are given, and the one person they work on. */
import type { Mapping } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { GuardPolicy } from '../../plan/guard.ts';
import type { Call, Target } from '../../scim/target.ts';
import type {
  Bell,
  Breakers,
  DeadLetters,
  DueMark,
  DueMarks,
  FruitlessLookUps,
  Holds,
  Identities,
  Intents,
  Lease,
  Leases,
  Links,
  LookUp,
  ProvisioningLog,
  Referrers,
  Runs,
  Tallies,
  Waiting,
} from '../../store/ports/index.ts';
import type { Signals } from '../signals.ts';

export type ProvisionPolicy = {
  readonly guard: GuardPolicy;
  /** How long one worker may own a person without a sign of life; longer than the longest request. */
  readonly leaseMs: number;
  /** How long a create whose answer was lost may still take effect at the target. */
  readonly settleMs: number;
  /** So many failures in a row pause the whole target. */
  readonly breakerThreshold: number;
};

export type ProvisionDeps = {
  readonly target: Target;
  /** The mapping of a source for this target; null where nothing maps that source here any more. */
  readonly mappingFor: (source: string) => Mapping | null;
  readonly identities: Identities;
  readonly links: Links;
  readonly referrers: Referrers;
  readonly intents: Intents;
  readonly fruitless: FruitlessLookUps;
  readonly due: DueMarks;
  readonly leases: Leases;
  readonly deadLetters: DeadLetters;
  readonly holds: Holds;
  readonly tallies: Tallies;
  readonly runs: Runs;
  readonly breakers: Breakers;
  readonly bell: Bell;
  readonly provisioningLog: ProvisioningLog;
  readonly signals: Signals;
  readonly policy: ProvisionPolicy;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** One person at one target, under a lease. */
export type Work = {
  readonly key: PersonKey;
  readonly target: string;
  readonly mark: DueMark;
  readonly lease: Lease;
  readonly call: Call;
  /** Look-ups that have found nobody so far. */
  readonly fruitless: LookUp[];
  /** Attributes that other people's accounts are lacking for. */
  readonly waiting: readonly Waiting[];
};

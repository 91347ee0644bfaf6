/** What the steps of provisioning share: the parts they are given, and the one person they work on. */
import type { Mapping } from '../../mapping/mapping.ts';
import type { AttributePolicy } from '../../mapping/policy.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { GuardPolicy } from '../../plan/guard.ts';
import type { Call, Target } from '../../scim/target.ts';
import type {
  Adoptions,
  Bell,
  Breakers,
  DeadLetters,
  DueMark,
  DueMarks,
  FruitlessLookUps,
  Groups,
  Holds,
  Identities,
  Intents,
  Joiners,
  Lease,
  Leases,
  Links,
  LookUp,
  ProvisioningLog,
  Referrers,
  Runs,
  Tallies,
  UserNames,
  Waiting,
} from '../../store/ports/index.ts';
import type { MarkGroupsDeps } from '../groups/mark-groups.ts';
import type { Signals } from '../signals.ts';
import type { AdoptionDeps } from './adoption.ts';
import type { Reviewed } from './reviewed.ts';

export type ProvisionPolicy = {
  readonly guard: GuardPolicy;
  /** How long one worker may own a person without a sign of life; longer than the longest request. */
  readonly leaseMs: number;
  /** How long a create whose answer was lost may still take effect at the target. */
  readonly settleMs: number;
  /** So many failures in a row pause the whole target. */
  readonly breakerThreshold: number;
} & AdoptionDeps['policy'];

export type ProvisionDeps = MarkGroupsDeps & {
  readonly target: Target;
  /** The mapping of a source for this target; null where nothing maps that source here any more. */
  readonly mappingFor: (source: string) => Mapping | null;
  readonly identities: Identities;
  readonly groups: Groups;
  readonly links: Links;
  readonly referrers: Referrers;
  readonly joiners: Joiners;
  readonly userNames: UserNames;
  readonly intents: Intents;
  readonly fruitless: FruitlessLookUps;
  readonly due: DueMarks;
  readonly leases: Leases;
  readonly deadLetters: DeadLetters;
  readonly holds: Holds;
  readonly tallies: Tallies;
  readonly adoptions: Adoptions;
  readonly runs: Runs;
  readonly breakers: Breakers;
  readonly bell: Bell;
  readonly provisioningLog: ProvisioningLog;
  readonly signals: Signals;
  readonly policy: ProvisionPolicy;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** Noted as soon as it is known what is wanted and what is there (`sensitive.ts`). */
export type Sensitive = {
  policies: readonly AttributePolicy[];
  /** Texts that stand at sensitive attributes, in what is wanted or in what is there. */
  readonly values: Set<string>;
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
  /** Moments at which this will come out otherwise by itself; the earliest counts. */
  readonly moments: Date[];
  /** What nobody may be shown of it. */
  readonly sensitive: Sensitive;
  /** Set where a plan is applied. */
  readonly reviewed?: Reviewed | undefined;
};

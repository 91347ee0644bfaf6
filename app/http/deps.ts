/**
 * Everything the HTTP API is given: contracts, names and a few values, as one plain object. The composition root
 * builds it; tests build their own. Nothing under `app/http/` makes a connection by itself.
 */
import type { Caller } from '../config/index.ts';
import type { Explanation } from '../mapping/index.ts';
import type { Identity } from '../person/identity.ts';
import type { Logger } from '../signals/log.ts';
import type { Metrics } from '../signals/metrics.ts';
import type {
  Adoptions,
  Breakers,
  Budgets,
  DeadLetters,
  DriftLedger,
  Groups,
  Leases,
  Paces,
  ProvisioningLog,
  Receipts,
  Tallies,
  Timers,
} from '../store/ports/index.ts';
import type { ReprovisionDeps } from '../sync/reprovision.ts';
import type { Signals } from '../sync/signals.ts';

/** How long a request may wait before the caller is told to come again, in milliseconds. */
export type Patience = {
  /** For what needs our own store only. */
  readonly storeMs: number;
  /** For what asks a source or a target, too. */
  readonly remoteMs: number;
};

export const DEFAULT_PATIENCE: Patience = { storeMs: 10_000, remoteMs: 60_000 };

export type WebDeps = ReprovisionDeps & {
  readonly receipts: Receipts;
  readonly groups: Groups;
  readonly leases: Leases;
  readonly timers: Timers;
  readonly deadLetters: DeadLetters;
  readonly drift: DriftLedger;
  readonly provisioningLog: ProvisioningLog;
  readonly breakers: Breakers;
  readonly adoptions: Adoptions;
  readonly budgets: Budgets;
  readonly paces: Paces;
  readonly tallies: Tallies;
  readonly signals: Signals;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Every source of landbridge.yaml. Only those of kind `events` are told about people through the API. */
  readonly sources: readonly { readonly name: string; readonly kind: 'events' | 'ldap' | 'file' }[];
  /** Every target of landbridge.yaml; `credential` is the name under which its budget is shared. */
  readonly targets: readonly {
    readonly name: string;
    readonly credential: string;
    readonly adoption: 'by-itself' | 'reviewed';
  }[];
  /** How the mappings come to what they give for somebody: one for each target. */
  readonly explain: (identity: Identity, now: Date) => Promise<readonly Explanation[]>;
  /** Asks for a comparison of everybody at a target. @returns the id of the run that will be */
  readonly requestReconcile: (target: string, run: string) => Promise<string>;
  /** How many jobs a target's queue has, by state. */
  readonly queueOf: (target: string) => Promise<Readonly<Record<string, number>>>;
  /** Who presents this token; null where nobody does. */
  readonly verifyToken: (presented: string) => Caller | null;
  /** What has to be in order before work can be taken; a check that rejects is not ready. */
  readonly readiness: readonly { readonly name: string; check(): Promise<unknown> }[];
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  readonly patience: Patience;
  /** Landbridge's own version. */
  readonly version: string;
};

/** What happened: receipts of events, the provisioning log, counts. */
import type { PersonKey, WorkKey } from '../../person/anchor.ts';
import type { Plan } from '../../plan/decision.ts';

export type Receipt = {
  readonly id: string;
  readonly receivedAt: string;
  readonly actor: string;
  readonly person: PersonKey;
  /** `stale`: newer knowledge was there already, nothing is due. */
  readonly result: 'accepted' | 'stale' | 'unchanged';
  /** Which mark has to be served at which target. */
  readonly marks: Readonly<Record<string, number>>;
};

export interface Receipts {
  get(source: string, id: string): Promise<Receipt | null>;
  /** @returns false where the event id was there before; the first receipt stays */
  put(source: string, receipt: Receipt): Promise<boolean>;
  /** Finds a receipt by event id alone. */
  find(id: string): Promise<Receipt | null>;
}

/**
 * One line of the provisioning log: who was changed where, attribute by attribute, and why. `approve`, `reject`: an
 * operator has decided about a removal that was held; `reason` is theirs.
 */
export type LogLine = {
  readonly at: string;
  readonly target: string;
  readonly key: WorkKey;
  readonly action: Plan['action'] | 'approve' | 'reject';
  readonly reason: string;
  /** Who decided, and about which run. */
  readonly actor?: string;
  readonly run?: string;
  /** What whoever applied a plan said of it. */
  readonly note?: string;
  readonly accountId?: string;
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
};

export interface ProvisioningLog {
  append(line: LogLine): Promise<void>;
  /** Newest first; of a group as well. */
  ofPerson(key: WorkKey, limit: number): Promise<readonly LogLine[]>;
}

/** One number that only grows: `landbridge_applied_total` for `{ target: 'agileplace', action: 'update' }`. */
export type Count = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Counts over all processes, so that whoever is asked for metrics knows what every worker did. */
export interface Counters {
  /** @param by how much more; by default one */
  add(name: string, labels: Readonly<Record<string, string>>, by?: number): Promise<void>;
  all(): Promise<readonly Count[]>;
}

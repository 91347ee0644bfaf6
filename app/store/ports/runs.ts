/** Runs over a source, and what of them waits for an operator. */
import type { PersonKey } from '../../person/anchor.ts';
import type { AbsenceReason } from '../../person/identity.ts';

/** `guard`: removals that came one by one (events, mapping changes) and together became too many. */
export type RunKind = 'poll' | 'sweep' | 'reprovision' | 'reconcile' | 'guard';
export type RunState = 'running' | 'ok' | 'held' | 'released' | 'superseded' | 'failed';

export type Run = {
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Source name for poll and sweep. */
  readonly source?: string;
  /** For poll and sweep: how changes were followed, and what an operator should know of that. */
  readonly tracking?: string;
  readonly notices?: readonly string[];
  /** Target name for guard and reconcile. */
  readonly target?: string;
  /** What happened, in words for an operator; why it is held or failed. */
  readonly reason?: string;
  readonly counts: Readonly<Record<string, number>>;
  /** True where an operator can release the hold; an incomplete read cannot be released, only repeated. */
  readonly releasable?: boolean;
  /** For reprovision: whom, and which mark has to be served at which target. */
  readonly person?: PersonKey;
  readonly marks?: Readonly<Record<string, number>>;
  /** Who asked for it (token name) and why. */
  readonly actor?: string;
  readonly note?: string;
};

export interface Runs {
  put(run: Run): Promise<void>;
  get(id: string): Promise<Run | null>;
  /** Newest first. */
  list(filter: { state?: RunState; kind?: RunKind; source?: string; limit: number }): Promise<readonly Run[]>;
}

/** One removal that waits for an operator, because the run it came from would remove too many. */
export type HeldRemoval = {
  readonly key: PersonKey;
  readonly target: string;
  /** Set where the person's absence itself is what waits: what we know of them changes only on release. */
  readonly absence?: AbsenceReason;
};

export interface Holds {
  put(run: string, removals: readonly HeldRemoval[]): Promise<void>;
  /** The newest run that holds this person's removal at this target; several may. */
  heldBy(target: string, key: PersonKey): Promise<string | null>;
  list(run: string): Promise<readonly HeldRemoval[]>;
  /**
   * Takes one person out of whatever holds them, and their approval back, since they need no removal any more.
   * @returns the runs that hold nobody any more now
   */
  clear(target: string, key: PersonKey): Promise<readonly string[]>;
  /** Approves what the run holds: it passes the guard once. The hold stays until `drop`, so this can be repeated. */
  approve(run: string): Promise<readonly HeldRemoval[]>;
  /** Takes these out of this one run. Whom another run holds, or who came to this one meanwhile, keeps waiting. */
  drop(run: string, removals: readonly HeldRemoval[]): Promise<void>;
  /** How many the run holds. */
  size(run: string): Promise<number>;
  isApproved(target: string, key: PersonKey): Promise<boolean>;
  count(): Promise<number>;
}

/** Counts what happened to different people within a moving window; the guard's memory over all processes. */
export interface Tallies {
  /**
   * Adds this person to the tally, unless that would exceed `limit`. A person counts once. The largest limit of the
   * window counts: what was admitted makes the share of those who are left smaller, not the share that may go.
   * @returns admitted, and how many are in the window now
   */
  admit(
    tally: string,
    key: PersonKey,
    limit: number,
    windowMs: number,
    now: Date,
  ): Promise<{ admitted: boolean; count: number }>;
  clear(tally: string): Promise<void>;
}

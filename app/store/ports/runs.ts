/** Runs over a source, and what of them waits for an operator. */
import type { PersonKey, WorkKey } from '../../person/anchor.ts';
import type { AbsenceReason } from '../../person/identity.ts';

/** `guard`: removals that came one by one (events, mapping changes) and together became too many. */
export type RunKind = 'poll' | 'sweep' | 'reprovision' | 'reconcile' | 'guard';
/** `rejected`, `expired`: an operator, or nobody in time, decided about what it held, and nobody lost access by it. */
export type RunState =
  | 'running'
  | 'ok'
  | 'held'
  | 'released'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'failed';

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
  /** An operator has decided about some of its people, and it waits for a word about groups as well. */
  readonly partlyDecided?: true;
  /** Who asked for it (token name) and why. */
  readonly actor?: string;
  readonly note?: string;
};

export interface Runs {
  put(run: Run): Promise<void>;
  /** Puts `after` in the place of `before`. @returns false where somebody else wrote meanwhile: read and decide again */
  replace(before: Run, after: Run): Promise<boolean>;
  /** Puts a run as ended, unless it holds anybody; in one step. @returns false where somebody waits in it */
  end(ended: Run): Promise<boolean>;
  /**
   * The held guard run of a target, of which there is one at most. Where there is none, this one becomes it, also
   * where it had ended before.
   */
  openGuard(run: GuardRun): Promise<Run>;
  /** Keeps a record as if it were new. */
  keep(id: string): Promise<void>;
  get(id: string): Promise<Run | null>;
  /** Newest first. */
  list(filter: { state?: RunState; kind?: RunKind; source?: string; limit: number }): Promise<readonly Run[]>;
}

export type GuardRun = Run & { readonly kind: 'guard'; readonly state: 'held'; readonly target: string };

/** One removal that waits for an operator, because the run it came from would remove too many. */
export type HeldRemoval = {
  /** A person; or a group of which members, or itself, would go. */
  readonly key: WorkKey;
  readonly target: string;
  /** Set where the person's absence itself is what waits: what we know of them changes only on release. */
  readonly absence?: AbsenceReason;
  /** Since when this run holds it, ISO 8601. */
  readonly since: string;
};

/** A removal that comes to a run. */
export type NewlyHeld = Omit<HeldRemoval, 'since'>;

/** An operator's no: the account stays as it is. */
export type Rejection = {
  readonly run: string;
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
};

/** How a removal stands that is to be made now. `expired`: it was held before, and nobody decided. */
export type Standing =
  | { readonly kind: 'free' | 'approved' | 'expired' }
  | { readonly kind: 'held'; readonly run: string }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** A removal that waits, with the newest run that holds it, or one that was rejected. */
export type ListedHold = {
  readonly removal: HeldRemoval;
  readonly run: string;
  readonly rejection: Rejection | null;
};

export type HoldFilter = {
  readonly run?: string;
  readonly target?: string;
  readonly state?: 'waiting' | 'rejected';
};

/** `next`: what to ask for to go on; null where there is nothing more. */
export type HoldPage = { readonly holds: readonly ListedHold[]; readonly next: string | null };

export interface Holds {
  /** Whoever the run holds already keeps the time since when. */
  put(run: string, removals: readonly NewlyHeld[]): Promise<void>;
  /** The newest run that holds this person's removal at this target; several may. */
  heldBy(target: string, key: WorkKey): Promise<string | null>;
  /** What the run holds, and nobody has decided about. */
  list(run: string): Promise<readonly HeldRemoval[]>;
  /** What waits and what was rejected, by target and person. @param after `next` of the page before */
  page(filter: HoldFilter, after: string | null, limit: number): Promise<HoldPage>;
  /** Everything that was rejected and not forgotten since. */
  rejected(): Promise<readonly (ListedHold & { readonly rejection: Rejection })[]>;
  standings(target: string, keys: readonly WorkKey[]): Promise<readonly Standing[]>;
  /**
   * Takes one person out of whatever holds them, and forgets what was decided about them, since they need no removal
   * any more.
   * @returns the runs that hold nobody any more now
   */
  clear(target: string, key: WorkKey): Promise<readonly string[]>;
  /**
   * Approves what the run holds: it passes the guard once. The hold stays until `drop`, so this can be repeated.
   * @param people of them these alone, also where the run's removal of them was rejected before
   */
  approve(run: string, people?: ReadonlySet<WorkKey>): Promise<readonly HeldRemoval[]>;
  /**
   * Rejects these of what the run holds, whatever else holds them; whom it holds no longer is passed over.
   * @returns those who were rejected, and the runs that hold nobody any more now
   */
  reject(
    removals: readonly HeldRemoval[],
    rejection: Rejection,
  ): Promise<{ readonly rejected: readonly HeldRemoval[]; readonly emptied: readonly string[] }>;
  /** Takes these out of this one run. Whom another run holds, or who came to this one meanwhile, keeps waiting. */
  drop(run: string, removals: readonly NewlyHeld[]): Promise<void>;
  /**
   * The same where nobody has decided in time. Whom no other run holds is held again when the removal comes again,
   * unless the absence itself was what waited: that is judged anew by what is missing then.
   */
  expire(run: string, removals: readonly HeldRemoval[]): Promise<void>;
  /** How many the run holds. */
  size(run: string): Promise<number>;
  isApproved(target: string, key: WorkKey): Promise<boolean>;
  count(): Promise<number>;
}

/** Some of what is asked of a tally at once. `part`: a smaller tally within it that has a limit of its own. */
export type TallyWish = {
  readonly part: string | null;
  readonly keys: readonly WorkKey[];
  readonly limit: number;
};

/** `count`: how many are in the window, of the tally or of the part that refused. `limit`: the one that counted. */
export type Admission =
  | { readonly admitted: true; readonly count: number }
  | {
      readonly admitted: false;
      readonly count: number;
      readonly limit: number;
      readonly part: string | null;
    };

/**
 * Counts what happened to different people within a moving window; the guard's memory over all processes. A person
 * counts once, from the last time they were admitted. The largest limit of the window counts: what was admitted makes
 * the share of those who are left smaller, not the share that may go.
 */
export interface Tallies {
  /** Adds this person to the tally, unless that would exceed `limit`. @returns how many are in the window now */
  admit(
    tally: string,
    key: WorkKey,
    limit: number,
    windowMs: number,
    now: Date,
  ): Promise<{ admitted: boolean; count: number }>;
  /** Adds all of these or, where one limit would be exceeded, nobody; in one step. */
  admitAll(tally: string, wishes: readonly TallyWish[], windowMs: number, now: Date): Promise<Admission>;
  /** Begins from nought, parts too. */
  clear(tally: string): Promise<void>;
}

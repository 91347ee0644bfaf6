/** Who is due where, who may write them, and what was given up. */
import type { Lane } from '../../lane.ts';
import type { PersonKey, WorkKey } from '../../person/anchor.ts';
import type { Plan } from '../../plan/decision.ts';

/** One person's waiting work at one target. `seq` grows with each mark; a result names the `seq` it served. */
export type DueMark = {
  readonly seq: number;
  /** Read the account from the target before planning, instead of trusting the link. */
  readonly fresh: boolean;
  readonly lane: Lane;
  readonly markedAt: string;
  /** When the mark was moved to a better lane because it had waited long; absent where it never was. */
  readonly raisedAt?: string;
  /** An operator has said that an account which was switched off may be switched on again (`lifecycle.return`). */
  readonly allowReturn?: true;
};

/** What whoever marks a person due asks for. */
export type Wish = { readonly lane: Lane; readonly fresh?: boolean; readonly allowReturn?: boolean };

export type Served = {
  readonly seq: number;
  readonly at: string;
  readonly state: 'done' | 'unchanged' | 'held' | 'refused';
  readonly plan: Plan;
  /** Words for an operator: the hold's reason, the server's refusal. */
  readonly words?: string;
  readonly accountId?: string;
  /** What waits for other people's accounts; absent where nothing does. */
  readonly waiting?: readonly Waiting[];
  /**
   * When to look again by itself, ISO 8601, since something depends on the time; null where nothing does, absent where
   * that is not known, so that what was said before stays.
   */
  readonly again?: string | null;
};

/** An attribute that shall hold the id of another person's account, of which nothing is known. */
export type Waiting = {
  /** As SCIM writes it. */
  readonly attribute: string;
  /** The attribute of the source that names the person. */
  readonly from: string;
  /** Who is meant; null where the source has told of nobody by that name. */
  readonly person: PersonKey | null;
};

/**
 * Who is due at which target. This is the truth; a queue job only rings the bell, so a lost job loses nothing. `Key` and
 * `Result`: of people, or of what else is kept at targets in the same way (groups).
 */
export interface DueMarks<
  Key extends string = PersonKey,
  Result extends {
    readonly seq: number;
    readonly waiting?: unknown;
    readonly again?: string | null;
  } = Served,
> {
  /** Marks a person due. Wishes add up until they are served: fresh stays fresh, what was allowed stays so, and the best lane counts. */
  mark(target: string, key: Key, wish: Wish, now: Date): Promise<DueMark>;
  get(target: string, key: Key): Promise<DueMark | null>;
  /** Moves a mark that has waited long to a better lane; nothing new is due. @returns false where it is not in `from` any more */
  raise(target: string, key: Key, from: Lane, to: Lane, now: Date): Promise<boolean>;
  /**
   * Records the result, with the moment at which to look again; the mark goes away only if nothing was marked since
   * `served.seq`. @returns true if more is due
   */
  serve(target: string, key: Key, served: Result, lease: Lease): Promise<boolean>;
  lastServed(target: string, key: Key): Promise<Result | null>;
  /** Everybody who is due, for ringing the bell again after a crash. */
  scan(target: string): AsyncIterable<readonly { key: Key; mark: DueMark }[]>;
  count(target: string): Promise<number>;
  /** How many people had something that waits for another person's account when they were last served. */
  countWaiting(target: string): Promise<number>;
}

/**
 * Who has to be looked at again by themselves, and when. `DueMarks.serve` sets each person's moment anew, so there is
 * one for each person and target at most.
 */
export interface Timers {
  /** Whose moment has come, the earliest first. */
  come(target: string, now: Date, limit: number): Promise<readonly Moment[]>;
  /** Takes these away, unless another moment was set meanwhile: they are due now. */
  settle(target: string, done: readonly Moment[]): Promise<void>;
  /** ISO 8601; null where nothing changes by itself, as far as we know. */
  of(target: string, key: PersonKey): Promise<string | null>;
}

/** `at`: milliseconds since 1970. */
export type Moment = { readonly key: PersonKey; readonly at: number };

/** Tells the workers that somebody is due; implemented over BullMQ in `app/queue/`. */
export interface Bell {
  /**
   * Something new is known or asked. Rings once per person and lane, however often it is called before a worker has
   * come; except in the bulk lane an attempt that was put off is made now.
   */
  ring(target: string, key: WorkKey, lane: Lane): Promise<void>;
  /** Nothing is new, but the person is due: an attempt that was put off stays so. */
  remind(target: string, key: WorkKey, lane: Lane): Promise<void>;
  /** Whether the person only waits for their turn in this lane: no worker has them, and no attempt was put off. */
  waitsForTurn(target: string, key: WorkKey, lane: Lane): Promise<boolean>;
  /** The target is well again: whoever waited for that goes on at once, who waits after a failure of their own does not. */
  unpark(target: string): Promise<void>;
}

/** A right that passes to another when it is not renewed. `fence` grows with every holder. */
export type Lease = { readonly name: string; readonly fence: number; readonly holder: string };

export interface Leases {
  /** @returns null while somebody else holds it */
  acquire(name: string, milliseconds: number): Promise<Lease | null>;
  /** Checks that the lease is still ours and lengthens it. @throws LeaseLost */
  renew(lease: Lease, milliseconds: number): Promise<void>;
  release(lease: Lease): Promise<void>;
  /** Milliseconds until it would pass on by itself; 0 where nobody holds it. */
  remaining(name: string): Promise<number>;
}

/** Of a person, or of a group that is kept there. */
export type DeadLetter = {
  readonly target: string;
  readonly key: WorkKey;
  readonly at: string;
  readonly status: number | null;
  /** The server's own words, or the mapping problem; at most 500 characters. */
  readonly words: string;
  readonly action: Plan['action'] | null;
};

export interface DeadLetters {
  put(letter: DeadLetter): Promise<void>;
  remove(target: string, key: WorkKey): Promise<void>;
  get(target: string, key: WorkKey): Promise<DeadLetter | null>;
  list(limit: number): Promise<readonly DeadLetter[]>;
  count(target: string): Promise<number>;
}

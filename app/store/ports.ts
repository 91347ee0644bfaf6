/**
 * What Landbridge remembers, as contracts. The use cases in `sync/` see only this file; each contract is
 * implemented in Redis by the file of the same name beside it.
 *
 * All times are ISO 8601 text in UTC in stored values and `Date` in arguments. Nothing here ever holds a credential,
 * except TokenVault, which keeps it encrypted or in a file of the operator's choosing.
 */
import type { PersonKey, StableId } from '../person/anchor.ts';
import type { GroupEntry, GroupRef } from '../person/entry.ts';
import type { AbsenceReason, Identity } from '../person/identity.ts';
import type { Plan } from '../plan/plan.ts';
import type { ScimUser } from '../scim/resource.ts';
import type { Watermark } from '../sources/source.ts';

// ── People ────────────────────────────────────────────────────────────────────────────────────────────────────

/** An identity as it is stored; the groups are joined in when it is read. */
export type StoredIdentity = Omit<Identity, 'groups'>;

export interface Identities {
  get(key: PersonKey): Promise<Identity | null>;
  getMany(keys: readonly PersonKey[]): Promise<readonly (Identity | null)[]>;
  /**
   * Stores what we newly know, if nobody stored something since `expected` was read.
   * @param expected the version that `next` was made from; 0 for a person not known before
   * @returns false where another writer was faster: read again and decide again
   */
  put(next: StoredIdentity, expected: number): Promise<boolean>;
  /** Every stable id of a source with its presence, in no order, in batches. */
  scan(source: string): AsyncIterable<readonly StoredIdentity[]>;
  /** How many people of the source are present. */
  countPresent(source: string): Promise<number>;
  /** People that carry this name: uid, mail, userPrincipalName, a number of theirs, or a userName at a target. Ignores case. */
  findByHandle(handle: string): Promise<readonly PersonKey[]>;
  /** Names a person by what a target calls them, so that an operator can find them by it. */
  addHandle(key: PersonKey, handle: string): Promise<void>;
  /**
   * People whose newest knowledge has not been announced to the targets yet. `put` adds them in the same step as it
   * stores, so that a crash between storing and announcing loses nothing.
   */
  unannounced(source: string): Promise<readonly Unannounced[]>;
  /** Takes people off that list, unless something newer was stored meanwhile. */
  announced(source: string, done: readonly Unannounced[]): Promise<void>;
}

export type Unannounced = { readonly key: PersonKey; readonly version: number };

/** Written by the one reader of a source (it holds the source's lease); read by everybody. */
export interface Groups {
  /** Stores a group; the members that came in or went out are remembered as touched until `settle`. */
  put(source: string, group: GroupEntry): Promise<void>;
  /** Forgets the groups of a source that are not in `seen`; their members are touched. */
  keepOnly(source: string, seen: ReadonlySet<StableId>): Promise<void>;
  of(source: string, dnKey: string): Promise<readonly GroupRef[]>;
  /** DNs whose memberships changed, with the people who stand there now: those people are due. */
  touched(
    source: string,
  ): Promise<{ readonly dnKeys: readonly string[]; readonly people: readonly PersonKey[] }>;
  settle(source: string, dnKeys: readonly string[]): Promise<void>;
}

export interface Watermarks {
  get(source: string): Promise<Watermark | null>;
  /** Moves the watermark. @throws LeaseLost where the reader's lease has passed to another. */
  put(source: string, watermark: Watermark, lease: Lease): Promise<void>;
  /** When it last moved, ISO 8601: the age of what we know. */
  movedAt(source: string): Promise<string | null>;
}

// ── Accounts ──────────────────────────────────────────────────────────────────────────────────────────────────

export type Link = {
  readonly target: string;
  readonly key: PersonKey;
  readonly id: string;
  readonly madeBy: 'created' | 'externalId' | 'userName';
  readonly madeAt: string;
  /** The last state we asked for and the target accepted. */
  readonly desired: ScimUser;
  /** What the target answered to that; differs from `desired` where the target normalises values. */
  readonly echo: ScimUser;
  readonly version?: string;
  /** False when a write's outcome is unknown: the account must be read before it is planned for again. */
  readonly certain: boolean;
  readonly confirmedAt: string;
};

export interface Links {
  get(target: string, key: PersonKey): Promise<Link | null>;
  getMany(target: string, keys: readonly PersonKey[]): Promise<readonly (Link | null)[]>;
  /** Who is linked to this account. Two people never share one (first come, first linked). */
  ownerOf(target: string, id: string): Promise<PersonKey | null>;
  /** @throws LeaseLost where the writer's lease has passed to another. */
  put(link: Link, lease: Lease): Promise<void>;
  /** @throws LeaseLost */
  drop(link: Link, lease: Lease): Promise<void>;
  /** How many linked accounts of the target are active. */
  countActive(target: string): Promise<number>;
}

/** Written before each create, removed when its outcome is known: settles a lost answer (O-18). */
export interface Intents {
  get(target: string, key: PersonKey): Promise<{ readonly openedAt: string } | null>;
  open(target: string, key: PersonKey, now: Date): Promise<void>;
  settle(target: string, key: PersonKey): Promise<void>;
}

// ── Work ──────────────────────────────────────────────────────────────────────────────────────────────────────

export type Lane = 'interactive' | 'bulk';

/** One person's waiting work at one target. `seq` grows with each mark; a result names the `seq` it served. */
export type DueMark = {
  readonly seq: number;
  /** Read the account from the target before planning, instead of trusting the link. */
  readonly fresh: boolean;
  readonly lane: Lane;
  readonly markedAt: string;
};

export type Served = {
  readonly seq: number;
  readonly at: string;
  readonly state: 'done' | 'unchanged' | 'held' | 'refused';
  readonly plan: Plan;
  /** Words for an operator: the hold's reason, the server's refusal. */
  readonly words?: string;
  readonly accountId?: string;
};

/**
 * Who is due at which target. This is the truth; a queue job only rings the bell, so a lost job loses nothing.
 */
export interface DueMarks {
  /** Marks a person due. Flags add up until they are served: fresh stays fresh, interactive stays interactive. */
  mark(target: string, key: PersonKey, wish: { fresh?: boolean; lane: Lane }, now: Date): Promise<DueMark>;
  get(target: string, key: PersonKey): Promise<DueMark | null>;
  /** Records the result; the mark goes away only if nothing was marked since `served.seq`. @returns true if more is due */
  serve(target: string, key: PersonKey, served: Served, lease: Lease): Promise<boolean>;
  lastServed(target: string, key: PersonKey): Promise<Served | null>;
  /** Everybody who is due, for ringing the bell again after a crash. */
  scan(target: string): AsyncIterable<readonly { key: PersonKey; mark: DueMark }[]>;
  count(target: string): Promise<number>;
}

/** Tells the workers that somebody is due; implemented over BullMQ in `app/queue/`. */
export interface Bell {
  /** Rings once per person, however often it is called before a worker has come. */
  ring(target: string, key: PersonKey, lane: Lane): Promise<void>;
  /** Lets a parked target go on at once. */
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

export type DeadLetter = {
  readonly target: string;
  readonly key: PersonKey;
  readonly at: string;
  readonly status: number | null;
  /** The server's own words, or the mapping problem; at most 500 characters. */
  readonly words: string;
  readonly action: Plan['action'] | null;
};

export interface DeadLetters {
  put(letter: DeadLetter): Promise<void>;
  remove(target: string, key: PersonKey): Promise<void>;
  get(target: string, key: PersonKey): Promise<DeadLetter | null>;
  list(limit: number): Promise<readonly DeadLetter[]>;
  count(target: string): Promise<number>;
}

// ── Runs, holds, guards ───────────────────────────────────────────────────────────────────────────────────────

/** `guard`: removals that came one by one (events, mapping changes) and together became too many. */
export type RunKind = 'poll' | 'sweep' | 'reprovision' | 'guard';
export type RunState = 'running' | 'ok' | 'held' | 'released' | 'superseded' | 'failed';

export type Run = {
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Source name for poll and sweep. */
  readonly source?: string;
  /** Target name for guard. */
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
  /** The run that holds this person's removal at this target. */
  heldBy(target: string, key: PersonKey): Promise<string | null>;
  list(run: string): Promise<readonly HeldRemoval[]>;
  /**
   * Takes one person out of whatever holds them, and their approval back, since they need no removal any more.
   * @returns the run that holds nobody any more now
   */
  clear(target: string, key: PersonKey): Promise<string | null>;
  /** Approves what the run holds: it passes the guard once. The hold stays until `drop`, so this can be repeated. */
  approve(run: string): Promise<readonly HeldRemoval[]>;
  /** Ends the hold and forgets what it held. */
  drop(run: string): Promise<void>;
  isApproved(target: string, key: PersonKey): Promise<boolean>;
  count(): Promise<number>;
}

/** Counts what happened to different people within a moving window; the guard's memory over all processes. */
export interface Tallies {
  /**
   * Adds this person to the tally, unless that would exceed `limit`. A person counts once.
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

// ── Targets ───────────────────────────────────────────────────────────────────────────────────────────────────

export type BudgetView = { readonly limit: number; readonly remaining: number; readonly resetAt: string };

/** The target's request budget, one per credential over all processes. */
export interface Budgets {
  /** Takes one request out of the window. @returns when to come back, where none is left */
  take(
    credential: string,
    lane: Lane,
    now: Date,
  ): Promise<{ granted: true } | { granted: false; until: Date }>;
  /** Corrects our picture from an answer's headers. `resetAt` is by our clock. */
  learn(credential: string, seen: { limit: number; remaining: number; resetAt: Date }): Promise<void>;
  /** The target said: no more before `until` (429). */
  exhaust(credential: string, until: Date): Promise<void>;
  view(credential: string): Promise<BudgetView | null>;
}

export type BreakerView = {
  readonly state: 'open';
  readonly reason: string;
  readonly since: string;
  /** When the next request is let through as a probe. */
  readonly until: string;
};

/** Stops all work for a target that is out of order, and lets one request through now and then to see. */
export interface Breakers {
  /** @returns null where work may go on; else until when to wait. One caller per period is let through as the probe. */
  blockedUntil(target: string, now: Date): Promise<{ until: Date; reason: string } | null>;
  /** Counts a failure; opens after `threshold` failures in a row, at once where `threshold` is 1. @returns true when this call opened it */
  fail(target: string, reason: string, threshold: number, now: Date): Promise<boolean>;
  /** The target answered properly. @returns true when this call closed it */
  succeed(target: string): Promise<boolean>;
  view(target: string): Promise<BreakerView | null>;
}

/** Keeps a minted token where no console or log can read it. */
export interface TokenVault {
  read(target: string): Promise<string | null>;
  write(target: string, token: string): Promise<void>;
  remove(target: string): Promise<void>;
}

// ── Records ───────────────────────────────────────────────────────────────────────────────────────────────────

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

/** One line of the provisioning log: who was changed where, attribute by attribute, and why. */
export type LogLine = {
  readonly at: string;
  readonly target: string;
  readonly key: PersonKey;
  readonly action: Plan['action'];
  readonly reason: string;
  readonly accountId?: string;
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
};

export interface ProvisioningLog {
  append(line: LogLine): Promise<void>;
  /** Newest first. */
  ofPerson(key: PersonKey, limit: number): Promise<readonly LogLine[]>;
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

/**
 * Everything this target remembers, put together once. Both servers, the SCIM one and the control one, are given it.
 */
import { Credentials, type SignIn, type Token } from './credentials.ts';
import { FaultRegistry } from './fault-registry.ts';
import { Journal } from './journal.ts';
import { type Limits, RateWindow } from './rate-window.ts';
import { type User, UserStore } from './user-store.ts';

/** Larger than any number that survives arithmetic, so that a client that reads ids as numbers is found out. */
const FIRST_ID = 10_200_000_000_000_000_000n;

export type TargetOptions = {
  readonly signIns: readonly SignIn[];
  readonly limits: Limits;
  readonly unique: boolean;
  readonly journalCapacity: number;
};

/** What comes from outside: the clock and chance. */
export type Surroundings = {
  readonly now: () => Date;
  readonly random: () => number;
  readonly randomText: () => string;
};

/** What is kept over a restart where the target was told to. */
export type Saved = {
  readonly users: readonly User[];
  readonly tokens: readonly Token[];
  readonly lastId: string;
};

export class TargetState {
  readonly users: UserStore;
  readonly credentials: Credentials;
  readonly window: RateWindow;
  readonly journal: Journal;
  readonly faults: FaultRegistry;
  readonly now: () => Date;
  private readonly startingLimits: Limits;
  private lastId = FIRST_ID;

  constructor(options: TargetOptions, { now, random, randomText }: Surroundings) {
    const nextId = () => this.nextId();
    this.now = now;
    this.startingLimits = options.limits;
    this.users = new UserStore({ unique: options.unique, now, nextId });
    this.credentials = new Credentials({ signIns: options.signIns, now, nextId, randomText });
    this.window = new RateWindow(options.limits);
    this.journal = new Journal(options.journalCapacity);
    this.faults = new FaultRegistry(random);
  }

  /** Back to how it started, except that ids go on: none is used twice. */
  reset(): void {
    this.users.clear();
    this.credentials.clear();
    this.window.change(this.startingLimits);
    this.journal.clear();
    this.faults.clear();
  }

  save(): Saved {
    return { users: this.users.list(), tokens: this.credentials.allTokens(), lastId: String(this.lastId) };
  }

  restore(saved: Saved): void {
    this.users.restore(saved.users);
    this.credentials.restore(saved.tokens);
    this.lastId = BigInt(saved.lastId);
  }

  private nextId(): string {
    this.lastId += 1n;
    return String(this.lastId);
  }
}

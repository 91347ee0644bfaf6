/**
 * Everything this target remembers, put together once. Both servers, the SCIM one and the control one, are given it.
 */
import { Credentials, type SignIn, type Token } from './credentials.ts';
import type { Dialect } from './dialects/dialect.ts';
import { FaultRegistry } from './fault-registry.ts';
import { type Group, GroupStore } from './group-store.ts';
import { Journal } from './journal.ts';
import { Limiter } from './limiter.ts';
import { type User, UserStore } from './user-store.ts';

/** Larger than any number that survives arithmetic, so that a client that reads ids as numbers is found out. */
const FIRST_ID = 10_200_000_000_000_000_000n;

export type TargetOptions = {
  readonly dialect: Dialect;
  readonly signIns: readonly SignIn[];
  /** Bearer tokens of the first sign-in that are there from the start. */
  readonly staticTokens: readonly string[];
  /** How long a token of `/oauth/token` lives. */
  readonly tokenLifetimeSeconds: number;
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
  /** Accounts of one dialect are of no use to another. */
  readonly dialect: string;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly tokens: readonly Token[];
  readonly lastId: string;
};

export class TargetState {
  readonly dialect: Dialect;
  readonly users: UserStore;
  /** null where the dialect has none. */
  readonly groups: GroupStore | null;
  readonly credentials: Credentials;
  readonly limiter: Limiter;
  readonly journal: Journal;
  readonly faults: FaultRegistry;
  readonly now: () => Date;
  private lastId = FIRST_ID;

  constructor(options: TargetOptions, { now, random, randomText }: Surroundings) {
    const { dialect, unique } = options;
    const nextId = () => this.nextId();
    const userExists = (id: string) => this.users.find(id) !== undefined;
    this.now = now;
    this.dialect = dialect;
    this.users = new UserStore({ habits: dialect.users, unique, now, nextId });
    this.groups =
      dialect.groups === null ? null : new GroupStore({ habits: dialect.groups, now, nextId, userExists });
    this.credentials = new Credentials({ ...options, accepts: dialect.signIn, now, nextId, randomText });
    this.limiter = new Limiter(dialect.limits);
    this.journal = new Journal(options.journalCapacity);
    this.faults = new FaultRegistry(random);
  }

  /** Back to how it started, except that ids go on: none is used twice. */
  reset(): void {
    this.clearAccounts();
    this.credentials.clear();
    this.limiter.change(this.dialect.limits);
    this.journal.clear();
    this.faults.clear();
  }

  clearAccounts(): void {
    this.users.clear();
    this.groups?.clear();
  }

  save(): Saved {
    return {
      dialect: this.dialect.name,
      users: this.users.list(),
      groups: this.groups?.list() ?? [],
      tokens: this.credentials.allTokens(),
      lastId: String(this.lastId),
    };
  }

  restore(saved: Saved): void {
    this.users.restore(saved.users);
    this.groups?.restore(saved.groups);
    this.credentials.restore(saved.tokens);
    this.lastId = BigInt(saved.lastId);
  }

  private nextId(): string {
    this.lastId += 1n;
    return String(this.lastId);
  }
}

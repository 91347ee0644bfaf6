/**
 * Speaks to the control side of a sandbox target: looks at what it received, switches faults, changes accounts by
 * hand. For tests, the demo and rehearsals; what provisions accounts goes to the SCIM side like to any other target.
 */
import type { FaultInput } from './fault.ts';
import type { FaultView } from './fault-registry.ts';
import type { JournalEntry } from './journal.ts';
import type { JsonObject } from './json.ts';
import type { Limits, SetLimits } from './limits.ts';

/** An account as the target holds it. `user` has every attribute but `id` and `meta`. */
export type SandboxAccount = {
  readonly id: string;
  readonly created: string;
  readonly hasPassword: boolean;
  readonly user: JsonObject;
};

export type ControlClient = {
  journal(filter?: { readonly method?: string; readonly since?: number }): Promise<readonly JournalEntry[]>;
  clearJournal(): Promise<void>;
  /** Switches a fault on. @returns its id */
  fault(fault: FaultInput): Promise<string>;
  /** The faults that are on, and how often each has struck. */
  faults(): Promise<readonly FaultView[]>;
  clearFault(id: string): Promise<void>;
  clearFaults(): Promise<void>;
  accounts(): Promise<readonly SandboxAccount[]>;
  /** @returns the first account of that name, ignoring case */
  account(userName: string): Promise<SandboxAccount | undefined>;
  seed(user: JsonObject): Promise<SandboxAccount>;
  seedAll(users: readonly JsonObject[]): Promise<readonly SandboxAccount[]>;
  /** Changes an account by hand: null removes, objects are merged, lists are replaced. */
  change(id: string, patch: JsonObject): Promise<SandboxAccount>;
  /** Removes an account by hand. */
  remove(id: string): Promise<void>;
  clearAccounts(): Promise<void>;
  /** Back to how it started: accounts, tokens, journal, faults, limits. */
  reset(): Promise<void>;
  /** Sets the limits; every window opens anew. */
  limits(limits: Limits | SetLimits): Promise<void>;
  /** The tokens that were minted or granted and not revoked; their texts are not known. */
  tokens(): Promise<readonly SandboxToken[]>;
  /** Revokes every token but those given at the start. */
  revokeTokens(): Promise<void>;
  /** How long a token of `/oauth/token` lives from now on. */
  tokenLifetime(seconds: number): Promise<void>;
};

export type SandboxToken = {
  readonly id: string;
  readonly user: string;
  readonly createdOn: string;
  /** null: never. */
  readonly expiresOn: string | null;
};

type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** @param controlUrl `http://127.0.0.1:PORT` */
export function createControlClient(controlUrl: string): ControlClient {
  const ask: Ask = async (method, path, body) => {
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox control: ${method} ${path} gave ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    ...accountCalls(ask),
    journal: async (filter: { readonly method?: string; readonly since?: number } = {}) => {
      const query = new URLSearchParams(
        Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return (await ask<{ entries: readonly JournalEntry[] }>('GET', `/journal?${query}`)).entries;
    },
    clearJournal: () => ask<void>('DELETE', '/journal'),
    fault: async (fault: FaultInput) => (await ask<FaultView>('POST', '/faults', fault)).id,
    faults: async () => (await ask<{ faults: readonly FaultView[] }>('GET', '/faults')).faults,
    clearFault: (id: string) => ask<void>('DELETE', `/faults/${id}`),
    clearFaults: () => ask<void>('DELETE', '/faults'),
    reset: () => ask<void>('POST', '/reset'),
    limits: (limits: Limits | SetLimits) => ask<void>('PUT', '/limits', limits),
    tokens: async () => (await ask<{ tokens: readonly SandboxToken[] }>('GET', '/tokens')).tokens,
    revokeTokens: () => ask<void>('DELETE', '/tokens'),
    tokenLifetime: (seconds: number) => ask<void>('PUT', '/token-lifetime', { seconds }),
  };
}

function accountCalls(ask: Ask) {
  type Accounts = { readonly accounts: readonly SandboxAccount[] };
  const seedAll = async (users: readonly JsonObject[]) =>
    (await ask<Accounts>('POST', '/accounts', users)).accounts;
  return {
    accounts: async () => (await ask<Accounts>('GET', '/accounts')).accounts,
    account: async (userName: string) =>
      (await ask<Accounts>('GET', `/accounts?userName=${encodeURIComponent(userName)}`)).accounts[0],
    seed: async (user: JsonObject) => {
      const [account] = await seedAll([user]);
      if (!account) throw new Error('the sandbox answered without the account');
      return account;
    },
    seedAll,
    change: (id: string, patch: JsonObject) => ask<SandboxAccount>('PUT', `/accounts/${id}`, patch),
    remove: (id: string) => ask<void>('DELETE', `/accounts/${id}`),
    clearAccounts: () => ask<void>('DELETE', '/accounts'),
  };
}

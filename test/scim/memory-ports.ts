/** The ports that the SCIM client uses, in memory and observable, for its own tests. */
import { LeaseLost } from '../../app/errors.ts';
import type { Call, ListCall } from '../../app/scim/target.ts';
import type {
  Budgets,
  Closing,
  Lease,
  Leases,
  Passage,
  Settlement,
  TokenVault,
} from '../../app/store/ports/index.ts';

export function aCall(more: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, lane: 'bulk', beforeRequest: async () => {}, ...more };
}

/** A call that waits for nothing. */
export function aListCall(more: Partial<ListCall> = {}): ListCall {
  const waitUntil = async (until: Date) => {
    throw new Error(`not waited until ${until.toISOString()}`);
  };
  return { ...aCall(), waitUntil, ...more };
}

export type Settled = {
  readonly credential: string;
  readonly settlement: Settlement;
  readonly closing: Closing | null;
};

export type MemoryBudgets = Budgets & {
  readonly taken: { credential: string; lane: string }[];
  readonly passages: Passage[];
  readonly settled: Settled[];
  /** Set to refuse every request until then. */
  closedUntil: Date | null;
};

export function memoryBudgets(): MemoryBudgets {
  const budgets: MemoryBudgets = {
    taken: [],
    passages: [],
    settled: [],
    closedUntil: null,
    take: async (credential, passage) => {
      if (budgets.closedUntil !== null) return { granted: false, until: budgets.closedUntil };
      budgets.taken.push({ credential, lane: passage.lane });
      budgets.passages.push(passage);
      return { granted: true, ticket: `ticket-${budgets.taken.length}` };
    },
    settle: async (credential, _ticket, settlement, closing) =>
      void budgets.settled.push({ credential, settlement, closing }),
    view: async () => null,
  };
  return budgets;
}

export function memoryLeases(): Leases {
  const held = new Map<string, Lease>();
  let fence = 0;
  return {
    acquire: async (name) => {
      if (held.has(name)) return null;
      fence += 1;
      const lease = { name, fence, holder: `holder-${fence}` };
      held.set(name, lease);
      return lease;
    },
    renew: async (lease) => {
      if (held.get(lease.name)?.fence !== lease.fence) throw new LeaseLost('lease lost');
    },
    release: async (lease) => {
      if (held.get(lease.name)?.fence === lease.fence) held.delete(lease.name);
    },
    remaining: async (name) => (held.has(name) ? 1000 : 0),
  };
}

export function memoryVault(token: string | null = null): TokenVault & { kept: string | null } {
  const vault = {
    kept: token,
    read: async () => vault.kept,
    write: async (_target: string, next: string) => {
      vault.kept = next;
    },
    remove: async () => {
      vault.kept = null;
    },
  };
  return vault;
}

/** A target in memory, for tests in which the API or a worker needs one to call. */
import type { Account, ScimUser } from '../../app/scim/resource.ts';
import type { Match, Target } from '../../app/scim/target.ts';

export type MemoryTarget = Target & {
  readonly accounts: Map<string, ScimUser>;
  /** How many writes it got. */
  writes: number;
  /** Thrown by every call while it is set. */
  failure: Error | null;
};

export function createMemoryTarget(name: string): MemoryTarget {
  const accounts = new Map<string, ScimUser>();
  const target: MemoryTarget = {
    name,
    accounts,
    writes: 0,
    failure: null,
    async find(match) {
      if (target.failure) throw target.failure;
      const all = [...accounts].map(([id, user]): Account => ({ id, user }));
      return all.filter((account) => fits(account, match));
    },
    async *list() {
      if (target.failure) throw target.failure;
      const all = [...accounts].map(([id, user]): Account => ({ id, user }));
      if (all.length > 0) yield { kind: 'page', accounts: all };
      yield { kind: 'end', complete: true, problem: null, requests: 1 };
    },
    async create(user) {
      if (target.failure) throw target.failure;
      target.writes += 1;
      const id = `t-${accounts.size + 1}`;
      accounts.set(id, user);
      return { kind: 'written', account: { id, user } };
    },
    async update(id, differences, desired) {
      if (target.failure) throw target.failure;
      if (!accounts.has(id)) return { kind: 'missing' };
      if (differences.length === 0) throw new Error('an update without differences');
      target.writes += 1;
      accounts.set(id, desired);
      return { kind: 'written', account: { id, user: desired } };
    },
    async remove(id) {
      if (target.failure) throw target.failure;
      target.writes += 1;
      return { kind: accounts.delete(id) ? 'removed' : 'missing' };
    },
  };
  return target;
}

function fits({ id, user }: Account, match: Match): boolean {
  return match.by === 'id' ? id === match.value : user[match.by] === match.value;
}

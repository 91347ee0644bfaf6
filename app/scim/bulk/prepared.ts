/**
 * Bulk operations made ready to be sent: each POST has a bulkId, each knows which others it refers to, and they stand in
 * an order in which whatever is referred to comes first. Pure.
 */
import type { BulkOperation } from './bulk-target.ts';
import { referencesOf, referredFirst } from './references.ts';

export type PreparedOperation = {
  /** Its place in what was given. */
  readonly index: number;
  readonly operation: BulkOperation;
  /** null where it makes nothing. */
  readonly bulkId: string | null;
  /** Those that it refers to, by their place. */
  readonly refersTo: readonly { readonly index: number; readonly bulkId: string }[];
  /** Why it cannot be sent at all. */
  readonly problem: string | null;
};

export function prepare(operations: readonly BulkOperation[]): readonly PreparedOperation[] {
  const named = nameEach(operations);
  const byBulkId = new Map<string, number>();
  for (const { bulkId, problem, index } of named) {
    if (bulkId !== null && problem === null) byBulkId.set(bulkId, index);
  }
  const prepared = named.map((each): PreparedOperation => {
    const references = referencesOf(each.operation);
    const refersTo = references.flatMap((reference) => {
      const index = byBulkId.get(reference);
      return index === undefined ? [] : [{ index, bulkId: reference }];
    });
    const dangling =
      refersTo.length < references.length ? 'it refers to a bulkId that no operation has' : null;
    return { ...each, refersTo, problem: each.problem ?? dangling };
  });
  const order = referredFirst(prepared.map(({ refersTo }) => refersTo.map(({ index }) => index)));
  return order.flatMap((index) => prepared[index] ?? []);
}

function nameEach(operations: readonly BulkOperation[]): readonly Omit<PreparedOperation, 'refersTo'>[] {
  const given = operations.map((operation) => (operation.method === 'POST' ? operation.bulkId : undefined));
  const taken = new Set(given);
  const seen = new Set<string>();
  return operations.map((operation, index) => {
    if (operation.method !== 'POST') return { index, operation, bulkId: null, problem: null };
    const bulkId = operation.bulkId ?? freeName(index, taken);
    const problem = seen.has(bulkId) ? 'another operation has the same bulkId' : null;
    seen.add(bulkId);
    return { index, operation, bulkId, problem };
  });
}

function freeName(index: number, taken: ReadonlySet<string | undefined>): string {
  let name = `operation-${index + 1}`;
  while (taken.has(name)) name += '-';
  return name;
}

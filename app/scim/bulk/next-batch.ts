/**
 * Which of the operations that are left go into the next bulk request: as many as the target's limits allow, each with
 * the ids of what earlier requests have made. An operation that refers to something that was not made is not sent. Pure.
 */
import { CORE_URN, type JsonObject } from '../resource.ts';
import type { BulkOperation, BulkResult } from './bulk-target.ts';
import type { PreparedOperation } from './prepared.ts';
import { resolved } from './references.ts';

export type BatchLimits = { readonly maxOperations: number; readonly maxPayloadBytes: number };

export type Batch = {
  /** As they go into the request, ids in place of references to earlier requests. */
  readonly operations: readonly PreparedOperation[];
  readonly body: JsonObject;
  /** What cannot be sent, and why, by place. */
  readonly notSent: ReadonlyMap<number, string>;
  /** What is left after it. */
  readonly rest: readonly PreparedOperation[];
};

export type BatchRequest = {
  readonly limits: BatchLimits;
  readonly failOnErrors: number | undefined;
  /** Whether the target is told versions. */
  readonly versions: boolean;
  readonly resultOf: (index: number) => BulkResult | undefined;
};

export function nextBatch(left: readonly PreparedOperation[], request: BatchRequest): Batch {
  const notSent = new Map<number, string>();
  const taken: PreparedOperation[] = [];
  let bytes = sizeOf(bulkBody([], request));
  let used = 0;
  for (const each of left) {
    if (taken.length >= request.limits.maxOperations) break;
    const ready = readyToSend(each, request.resultOf, notSent);
    if (typeof ready === 'string') {
      notSent.set(each.index, ready);
    } else {
      const more = sizeOf(onTheWire(ready, request.versions)) + 1;
      const fits = bytes + more <= request.limits.maxPayloadBytes;
      if (!fits && taken.length > 0) break;
      if (fits) taken.push(ready);
      else
        notSent.set(each.index, 'it alone is larger than the target takes; send it as a request of its own');
      if (fits) bytes += more;
    }
    used += 1;
  }
  const operations = withoutLooseEnds(taken, request.resultOf, notSent);
  return { operations, body: bulkBody(operations, request), notSent, rest: left.slice(used) };
}

/** @returns the operation with the ids of what has been made, or why it cannot be sent */
function readyToSend(
  each: PreparedOperation,
  resultOf: BatchRequest['resultOf'],
  notSent: ReadonlyMap<number, string>,
): PreparedOperation | string {
  if (each.problem !== null) return each.problem;
  const ids = new Map<string, string>();
  for (const { index, bulkId } of each.refersTo) {
    const result = resultOf(index);
    if (notSent.has(index) || (result !== undefined && (result.kind !== 'done' || result.id === null))) {
      return 'it refers to an operation of which nothing came that is known';
    }
    if (result?.kind === 'done' && result.id !== null) ids.set(bulkId, result.id);
  }
  return { ...each, operation: resolved(each.operation, (bulkId) => ids.get(bulkId)) };
}

/** Operations in a circle have to go together; where the limits cut it, none of them can be resolved. */
function withoutLooseEnds(
  taken: readonly PreparedOperation[],
  resultOf: BatchRequest['resultOf'],
  notSent: Map<number, string>,
): readonly PreparedOperation[] {
  const here = new Set(taken.map(({ index }) => index));
  const isLoose = ({ refersTo }: PreparedOperation) =>
    refersTo.some(({ index }) => resultOf(index) === undefined && !here.has(index));
  const loose = taken.filter(isLoose);
  if (loose.length === 0) return taken;
  for (const { index } of loose) {
    notSent.set(index, 'it refers to an operation that does not go into the same request');
  }
  return withoutLooseEnds(
    taken.filter((each) => !loose.includes(each)),
    resultOf,
    notSent,
  );
}

function bulkBody(
  operations: readonly PreparedOperation[],
  { failOnErrors, versions }: BatchRequest,
): JsonObject {
  return {
    schemas: [CORE_URN],
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    Operations: operations.map((each) => onTheWire(each, versions)),
  };
}

function onTheWire({ operation, bulkId }: PreparedOperation, versions: boolean): JsonObject {
  const { method, path } = operation;
  const version = versionOf(operation);
  return {
    method,
    path,
    ...(bulkId === null ? {} : { bulkId }),
    ...(versions && version !== undefined ? { version } : {}),
    ...('data' in operation ? { data: operation.data } : {}),
  };
}

function versionOf(operation: BulkOperation): string | undefined {
  return operation.method === 'POST' ? undefined : operation.version;
}

function sizeOf(json: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(json));
}

/**
 * The contract for bulk requests to one target (draft-scim-api-01, 3.5): many operations in few requests. Each operation
 * has a result of its own, in the order in which they were given, however the target orders its answer.
 */
import type { JsonObject } from '../resource.ts';
import type { ListCall } from '../target.ts';

/**
 * `path` is relative to the base URL: `/Users`, `/Groups/17`. In `data`, and instead of an id in `path`, `bulkId:x`
 * stands for the id of what the POST with this bulkId makes.
 */
export type BulkOperation =
  | {
      readonly method: 'POST';
      readonly path: string;
      readonly data: JsonObject;
      /** Chosen here where it is left out. */
      readonly bulkId?: string;
    }
  | {
      readonly method: 'PUT' | 'PATCH';
      readonly path: string;
      readonly data: JsonObject;
      /** Of the resource that is meant; sent where the target has versions. */
      readonly version?: string;
    }
  | { readonly method: 'DELETE'; readonly path: string; readonly version?: string };

export type BulkResult =
  | {
      readonly kind: 'done';
      readonly status: number;
      /** Of the resource; null where the target does not say which one it made. */
      readonly id: string | null;
      readonly version?: string;
    }
  | { readonly kind: 'failed'; readonly status: number; readonly words: string }
  /** It may have been carried out: look before it is repeated. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'not-sent'; readonly why: string };

export type BulkSent = {
  /** One for each operation, in their order. */
  readonly results: readonly BulkResult[];
  /** What ended it before its time; null where everything was sent, or `failOnErrors` was reached. */
  readonly stopped: Error | null;
  readonly requests: number;
};

export type BulkOptions = {
  /** After so many failures nothing more is sent. Default: everything is tried. */
  readonly failOnErrors?: number;
};

export interface BulkTarget {
  /**
   * Sends the operations in as few requests as the target's limits allow, one request after the other; a spent budget is
   * waited for. Operations that others refer to go first.
   * @throws where the very first request could not be made; what fails later is told in `stopped`
   */
  send(operations: readonly BulkOperation[], call: ListCall, options?: BulkOptions): Promise<BulkSent>;
}

/**
 * Sends bulk requests one after the other (draft-scim-api-01, 3.5). It never repeats a request that may have been
 * carried out.
 *
 *   the answer                              its operations                   what follows
 *   ─────────────────────────────────────   ──────────────────────────────   ─────────────────────────────────────
 *   2xx with results                        as each result says              the next request
 *   2xx without a readable body             unknown                          the next request
 *   413                                     go out again, half as many       later requests are as small
 *   413 to a single one, 400, 409 …         failed, all of them              the next request
 *   403, 404, 405, 501                      not sent                         it ends: this is no bulk service for us
 *   lost after sending, 5xx                 unknown                          it ends
 *   anything else (`errors.ts`)             not sent                         it ends
 */
import { LeaseLost, Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import { patiently } from '../lists/listing.ts';
import { passwordsIn } from '../passwords.ts';
import type { BulkLimits } from '../profiles/profile.ts';
import type { ListCall } from '../target.ts';
import type { ScimTargetParts } from '../users/look-up.ts';
import type { BulkOperation, BulkOptions, BulkResult, BulkSent, BulkTarget } from './bulk-target.ts';
import { type Batch, nextBatch } from './next-batch.ts';
import { type PreparedOperation, prepare } from './prepared.ts';
import { readResults } from './read-results.ts';

/** @returns null where the target takes no bulk requests, as its profile says */
export function bulkOver(parts: ScimTargetParts): BulkTarget | null {
  const limits = parts.profile.bulk;
  if (limits === null) return null;
  return {
    send: (operations, call, options = {}) => sendAll(operations, options, { ...parts, limits }, call),
  };
}

type BulkParts = ScimTargetParts & { readonly limits: BulkLimits };

/** How far it has come. */
type Progress = {
  readonly results: (BulkResult | undefined)[];
  left: readonly PreparedOperation[];
  /** Falls where the target turns out to take fewer. */
  maxOperations: number;
  requests: number;
};

async function sendAll(
  operations: readonly BulkOperation[],
  options: BulkOptions,
  parts: BulkParts,
  call: ListCall,
): Promise<BulkSent> {
  const so: Progress = {
    results: operations.map(() => undefined),
    left: prepare(operations),
    maxOperations: Math.max(parts.limits.maxOperations, 1),
    requests: 0,
  };
  let stopped: Error | null = null;
  while (so.left.length > 0 && stopped === null && !failedEnough(so, options)) {
    stopped = await sendNext(so, options, parts, call);
  }
  const why = stopped === null ? 'as many operations failed as were to be' : 'a request before it failed';
  const results = so.results.map((result): BulkResult => result ?? { kind: 'not-sent', why });
  return { results, stopped, requests: so.requests };
}

/** @returns what ends it */
async function sendNext(
  so: Progress,
  { failOnErrors }: BulkOptions,
  parts: BulkParts,
  call: ListCall,
): Promise<Error | null> {
  const batch = nextBatch(so.left, {
    limits: { ...parts.limits, maxOperations: so.maxOperations },
    failOnErrors: failOnErrors === undefined ? undefined : failOnErrors - failuresIn(so),
    versions: parts.profile.ifMatch !== 'never',
    resultOf: (index) => so.results[index],
  });
  for (const [index, why] of batch.notSent) so.results[index] = { kind: 'not-sent', why };
  if (batch.operations.length > 0) {
    try {
      const answer = await post(batch, parts, call);
      so.requests += 1;
      if (isTooLarge(answer) && batch.operations.length > 1) {
        so.maxOperations = Math.floor(batch.operations.length / 2);
        so.left = so.left.filter(({ index }) => so.results[index] === undefined);
        return null;
      }
      note(batch, outcomesOf(answer, batch), so);
    } catch (error) {
      return endedBy(error, batch, so);
    }
  }
  so.left = batch.rest;
  return null;
}

async function post(batch: Batch, parts: BulkParts, call: ListCall): Promise<BulkAnswer> {
  const request: ScimRequest = {
    method: 'POST',
    path: `${parts.basePath}${parts.limits.path}`,
    what: `POST Bulk at ${parts.name}`,
    body: batch.body,
  };
  const answer = await patiently(() => parts.client.send(request, call), call);
  switch (answer.kind) {
    case 'missing':
    case 'unsupported':
    case 'forbidden':
      throw new Refused(answer.status, answer.words);
    default:
      return answer;
  }
}

type BulkAnswer = Exclude<ScimAnswer, { kind: 'missing' | 'unsupported' | 'forbidden' }>;

function isTooLarge(answer: BulkAnswer): boolean {
  return answer.kind === 'refused' && answer.status === 413;
}

function outcomesOf(answer: BulkAnswer, batch: Batch): readonly BulkResult[] {
  switch (answer.kind) {
    case 'resource':
      return readResults(batch.operations, answer.body, passwordsIn(batch.body));
    case 'empty':
    case 'unreadable': {
      const why = `answered ${answer.status} without a readable body`;
      return batch.operations.map(() => ({ kind: 'unknown', why }));
    }
    case 'conflict':
    case 'refused': {
      const { status, words } = answer;
      return batch.operations.map(() => ({ kind: 'failed', status, words }));
    }
  }
}

function note(batch: Batch, outcomes: readonly BulkResult[], so: Progress): void {
  for (const [at, { index }] of batch.operations.entries()) so.results[index] = outcomes[at];
}

/** @throws the error itself, where nothing has been done that would have to be told */
function endedBy(error: unknown, batch: Batch, so: Progress): Error {
  if (error instanceof LeaseLost || !(error instanceof Error)) throw error;
  const unknown = error instanceof TargetUnavailable && error.outcomeUnknown;
  if (so.requests === 0 && !unknown) throw error;
  if (unknown)
    note(
      batch,
      batch.operations.map(() => ({ kind: 'unknown', why: 'its answer was lost' })),
      so,
    );
  return error;
}

function failuresIn({ results }: Progress): number {
  return results.filter((result) => result?.kind === 'failed').length;
}

function failedEnough(so: Progress, { failOnErrors }: BulkOptions): boolean {
  return failOnErrors !== undefined && failuresIn(so) >= failOnErrors;
}

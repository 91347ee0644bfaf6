/**
 * A write for a resource that is gone is answered 404 by the letter (draft-scim-api-01, 3.9). Some servers answer it
 * with 500 and an error of their own, as they do to whatever went wrong in their store: then only a look at the
 * resource tells a clean-up by hand from a fault of the target (O-12).
 */
import { LeaseLost, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimClient, ScimRequest } from '../auth/authenticated-client.ts';
import type { Call } from '../target.ts';
import { findById, type ScimTargetParts } from './look-up.ts';

/**
 * Sends a write that is about one resource.
 * @param isThere looks for that resource
 * @returns the answer; `missing` where the service says itself that it failed, and the resource is not there
 */
export async function sendUnlessGone(
  request: ScimRequest,
  isThere: () => Promise<boolean>,
  client: ScimClient,
  call: Call,
): Promise<ScimAnswer> {
  try {
    return await client.send(request, call);
  } catch (error) {
    const words = wordsOfFault(error);
    if (words === null || (await isThere().catch(unknown))) throw error;
    return { kind: 'missing', status: 404, words };
  }
}

/** Sends a write to the user with this id. */
export async function sendToUser(
  request: ScimRequest,
  id: string,
  parts: ScimTargetParts,
  call: Call,
): Promise<ScimAnswer> {
  const isThere = async () => (await findById(id, parts, call)).length > 0;
  return await sendUnlessGone(request, isThere, parts.client, call);
}

/** A service that is overloaded, or a proxy before it, is not asked once more. */
function wordsOfFault(error: unknown): string | null {
  return error instanceof TargetUnavailable && error.outcomeUnknown ? error.words : null;
}

/** What could not be looked for counts as there: then the failure of the write stands. */
function unknown(failure: unknown): true {
  if (failure instanceof LeaseLost) throw failure;
  return true;
}

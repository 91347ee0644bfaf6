/**
 * An update by PUT, for targets that do not take PATCH (O-16): read the account, send it back with our differences,
 * and see that what was cleared is gone. Where the target has ETags, nobody else's change in between is overwritten;
 * where it has none, that is the price of a target without PATCH.
 */
import { TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Difference } from '../differences.ts';
import {
  type AttributePath,
  isJsonObject,
  type Json,
  ownValue,
  type ScimUser,
  withoutBlanks,
} from '../resource.ts';
import type { Call, Updated } from '../target.ts';
import { accountIn, type ScimTargetParts, userRead, userRequest } from './look-up.ts';
import { putBody } from './put.ts';
import { readUpdated, reread } from './updated.ts';

export type Replaced =
  | Updated
  /** The target does not take PUT, or does not let the account be read: nothing was written. */
  | { readonly kind: 'unsupported'; readonly request: ScimRequest; readonly status: number };

/** How often the account is read and sent before another try is left to a later attempt. */
const ROUNDS = 2;

export async function replace(
  id: string,
  differences: readonly Difference[],
  desired: ScimUser,
  parts: ScimTargetParts,
  call: Call,
): Promise<Replaced> {
  for (let round = 1; ; round += 1) {
    const get = userRequest('GET', id, parts);
    const current = await parts.client.send(get, call);
    if (current.kind === 'missing') return { kind: 'missing' };
    if (current.kind === 'unsupported') return { kind: 'unsupported', request: get, status: current.status };
    const { user } = userRead(current, id, get);
    const request: ScimRequest = {
      ...userRequest('PUT', id, parts),
      body: putBody(user, differences, desired, parts.profile),
      ...precondition(current),
    };
    const answer = await parts.client.send(request, call);
    if (answer.kind === 'unsupported') return { kind: 'unsupported', request, status: answer.status };
    if (round < ROUNDS && mayHaveChanged(answer, request)) continue;
    if (isPreconditionFailed(answer)) {
      throw new TargetUnavailable(
        `${request.what}: the account changed each time between read and write (412)`,
      );
    }
    const updated = await readUpdated(answer, id, request, parts, call);
    // Where the answer held no user, it has been read already.
    const look = accountIn(answer, id) === null ? null : () => reread(id, request, parts, call);
    return await confirmCleared(updated, differences, look);
  }
}

/** Only what the header says: `meta.version` may be spelled otherwise, and a server that has no ETags checks none. */
function precondition(read: ScimAnswer): Pick<ScimRequest, 'ifMatch'> {
  const etag = read.kind === 'resource' ? read.etag : undefined;
  return etag === undefined || !/^[\x20-\x7e]+$/.test(etag) ? {} : { ifMatch: etag };
}

function isPreconditionFailed(answer: ScimAnswer): boolean {
  return answer.kind === 'refused' && answer.status === 412;
}

/** A 409 may mean either, a name that is taken or a version that is old (draft-scim-api-01, 3.9). */
function mayHaveChanged(answer: ScimAnswer, request: ScimRequest): boolean {
  return isPreconditionFailed(answer) || (answer.kind === 'conflict' && request.ifMatch !== undefined);
}

/**
 * Some answers only repeat what was there before, so a read decides. What is still there then stays there.
 * @param look reads the account; null where `updated` comes from a read
 */
async function confirmCleared(
  updated: Updated,
  differences: readonly Difference[],
  look: (() => Promise<Updated>) | null,
): Promise<Updated> {
  if (updated.kind === 'missing') return updated;
  if (stillThere(updated.account.user, differences).length === 0) return updated;
  const read = look === null ? updated : await look();
  if (read.kind === 'missing') return read;
  const notCleared = stillThere(read.account.user, differences);
  return notCleared.length === 0 ? read : { ...read, notCleared };
}

/** Which of the attributes that the differences clear the user has nevertheless. */
function stillThere(user: ScimUser, differences: readonly Difference[]): readonly AttributePath[] {
  return differences
    .filter(({ path, after }) => withoutBlanks(after) === undefined && valueAt(user, path) !== undefined)
    .map(({ path }) => path);
}

function valueAt(user: ScimUser, path: AttributePath): Json | undefined {
  const value = path.reduce<Json | undefined>(
    (so, name) => (isJsonObject(so) ? ownValue(so, name) : undefined),
    user,
  );
  return withoutBlanks(value);
}

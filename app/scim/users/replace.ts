/**
 * An update by PUT, for targets that do not take PATCH (O-16): read the account, send it back with our differences,
 * and see that what was cleared is gone. Where the target has ETags, nobody else's change in between is overwritten;
 * where it has none, that is the price of a target without PATCH.
 */
import { Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Difference } from '../differences.ts';
import { type AttributePath, type ScimUser, valueAt, withoutBlanks } from '../resource.ts';
import type { Call, Updated } from '../target.ts';
import { precondition, sameVersion } from '../version.ts';
import { sendToUser } from './gone.ts';
import { accountIn, type ScimTargetParts, userRead, userRequest } from './look-up.ts';
import { putBody } from './put.ts';
import { isPreconditionFailed, readUpdated, reread } from './updated.ts';

/** One user, the differences to write, and what they were made for. */
export type Change = {
  readonly id: string;
  readonly differences: readonly Difference[];
  readonly desired: ScimUser;
  readonly version: string | undefined;
};

export type Replaced =
  | Updated
  /** The target does not take PUT, or does not let the account be read: nothing was written. */
  | { readonly kind: 'unsupported'; readonly request: ScimRequest; readonly status: number };

/** How often the account is read and sent before another try is left to a later attempt. */
const ROUNDS = 2;

export async function replace(change: Change, parts: ScimTargetParts, call: Call): Promise<Replaced> {
  const { id, differences, desired } = change;
  let contested: Contested | null = null;
  for (let round = 1; ; round += 1) {
    const get = userRequest('GET', id, parts);
    const current = await parts.client.send(get, call);
    if (current.kind === 'missing') return { kind: 'missing' };
    if (current.kind === 'unsupported') return { kind: 'unsupported', request: get, status: current.status };
    const { user, version } = userRead(current, id, get, parts);
    if (contested !== null && !movedSince(contested, version)) throw refusal(contested);
    const request: ScimRequest = {
      ...userRequest('PUT', id, parts),
      body: putBody(user, differences, desired, parts.profile),
      ...precondition(version, parts.profile),
    };
    const answer = await sendToUser(request, id, parts, call);
    if (answer.kind === 'unsupported') return { kind: 'unsupported', request, status: answer.status };
    contested = contestedBy(answer, request);
    if (contested !== null && round < ROUNDS) continue;
    if (isPreconditionFailed(answer, request)) throw changedEachTime(request);
    const updated = await readUpdated(answer, id, request, parts, call);
    // Where the answer held no user, it has been read already.
    const look =
      accountIn(answer, id, parts.profile) === null ? null : () => reread(id, request, parts, call);
    return await confirmCleared(updated, differences, look);
  }
}

/** A PUT that was refused, perhaps for the version that it was meant for. */
type Contested = {
  readonly what: string;
  readonly ifMatch: string;
  readonly status: number;
  readonly words: string;
};

/** A 409 may mean either, a name that is taken or a version that is old (draft-scim-api-01, 3.9). */
function contestedBy(answer: ScimAnswer, { what, ifMatch }: ScimRequest): Contested | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  if (answer.kind !== 'conflict' && answer.kind !== 'refused') return null;
  if (answer.kind === 'refused' && answer.status !== 412) return null;
  return { what, ifMatch, status: answer.status, words: answer.words };
}

/** Where the account shows no version any more, nobody can tell. */
function movedSince({ ifMatch }: Contested, version: string | undefined): boolean {
  return version === undefined || !sameVersion(version, ifMatch);
}

/** The account is still the one that the PUT was meant for: so it was refused for something else. */
function refusal({ what, status, words }: Contested): Error {
  if (status === 409) return new Refused(status, words);
  return new TargetUnavailable(
    `${what}: answered 412 to the version that the target itself shows, so that nobody who sends one can write; ` +
      'see which profile fits with landbridge check target',
  );
}

function changedEachTime(request: ScimRequest): TargetUnavailable {
  return new TargetUnavailable(`${request.what}: the account changed each time between read and write (412)`);
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
  if (updated.kind !== 'written') return updated;
  if (stillThere(updated.account.user, differences).length === 0) return updated;
  const read = look === null ? updated : await look();
  if (read.kind !== 'written') return read;
  const notCleared = stillThere(read.account.user, differences);
  return notCleared.length === 0 ? read : { ...read, notCleared };
}

/** Which of the attributes that the differences clear the user has nevertheless. */
function stillThere(user: ScimUser, differences: readonly Difference[]): readonly AttributePath[] {
  return differences
    .filter(({ path, after }) => withoutBlanks(after) === undefined && valueAt(user, path) !== undefined)
    .map(({ path }) => path);
}

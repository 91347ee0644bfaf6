/**
 * Sees that a PATCH has done what it said: a target may say yes and keep what was to go, or lose what was to stay. Such
 * an answer is not believed by itself, since some only repeat what was there before; a read decides. A list is mended,
 * as `list-leftovers.ts` says, by two more requests at most. What is there even then is told as `notCleared`, as it is
 * of a PUT (`replace.ts`); it never reads as if it had gone.
 */
import { Refused } from '../../errors.ts';
import type { ScimRequest } from '../auth/authenticated-client.ts';
import { type Difference, sameValue } from '../differences.ts';
import type { Profile } from '../profiles/profile.ts';
import { type AttributePath, isJsonList, type ScimUser, valueAt, withoutBlanks } from '../resource.ts';
import type { Call, Updated } from '../target.ts';
import { precondition } from '../version.ts';
import { sendToUser } from './gone.ts';
import { type Leftover, listLeftovers } from './list-leftovers.ts';
import { type ScimTargetParts, userRequest } from './look-up.ts';
import { mendingBody, resetsAlwaysSent } from './patch.ts';
import type { Change } from './replace.ts';
import { afterWrite, readUpdated, reread } from './updated.ts';

type Written = Extract<Updated, { kind: 'written' }>;

/** One to delete what is old, one to send again what went with it. */
const MOST_MENDINGS = 2;

/**
 * @param updated what came of the PATCH
 * @param wasRead whether that comes from a read already
 */
export async function confirmPatched(
  updated: Updated,
  wasRead: boolean,
  change: Change,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  if (updated.kind !== 'written' || isDone(updated.account.user, change, parts.profile)) return updated;
  const read = wasRead ? updated : await reread(change.id, request, parts, call);
  return read.kind === 'written' ? await mended(read, change, parts, call) : read;
}

function isDone(user: ScimUser, { differences }: Change, profile: Profile): boolean {
  return (
    listLeftovers(user, differences, false).length === 0 &&
    stillThere(user, differences, profile).length === 0
  );
}

async function mended(
  written: Written,
  change: Change,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  const { differences } = change;
  let now = written;
  let leftovers = listLeftovers(now.account.user, differences, false);
  let deleted = false;
  for (let sent = 0; sent < MOST_MENDINGS && leftovers.length > 0; sent += 1) {
    const next = await mend(now, leftovers, change, parts, call);
    if (next === 'refused') break;
    if (next.kind !== 'written') return next;
    now = next;
    deleted = deleted || leftovers.some(({ old }) => old.length > 0);
    leftovers = listLeftovers(now.account.user, differences, deleted);
  }
  const lists = leftovers.filter(({ old }) => old.length > 0).map(({ path }) => path);
  const notCleared = [...lists, ...stillThere(now.account.user, differences, parts.profile)];
  return notCleared.length === 0 ? now : { ...now, notCleared };
}

/** Where a target takes a list for the whole list, or does not take the mending, nothing more can be said to it. */
async function mend(
  { account }: Written,
  leftovers: readonly Leftover[],
  { id, desired }: Change,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated | 'refused'> {
  const { profile } = parts;
  if (profile.listChanges === 'overwrite') return 'refused';
  const request: ScimRequest = {
    ...userRequest('PATCH', id, parts),
    body: mendingBody(leftovers, desired, profile, account.user),
    ...precondition(account.version, profile),
  };
  const written = `${request.what}: done, but lists came out otherwise and could not be mended`;
  return await afterWrite(written, async () => {
    const answer = await sendToUser(request, id, parts, call);
    if (answer.kind === 'unsupported') return 'refused';
    try {
      return await readUpdated(answer, id, request, parts, call);
    } catch (error) {
      if (error instanceof Refused) return 'refused';
      throw error;
    }
  });
}

/**
 * What was to be cleared and still is what it was. A value of the target's own in its place, such as a default, is
 * cleared; lists are looked at element by element.
 */
function stillThere(
  user: ScimUser,
  differences: readonly Difference[],
  profile: Profile,
): readonly AttributePath[] {
  return differences
    .filter((difference) => {
      const { path, before, after } = difference;
      if (withoutBlanks(after) !== undefined || isJsonList(before)) return false;
      const now = valueAt(user, path);
      return (
        now !== undefined && sameValue(now, withoutBlanks(before)) && !resetsAlwaysSent(difference, profile)
      );
    })
    .map(({ path }) => path);
}

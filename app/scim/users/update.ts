/**
 * Which requests carry out the differences of one user: a PATCH, a PUT, or for the end of access a DELETE. How a PUT
 * is made is in `replace.ts`, what an answer means in `updated.ts`, what is done about a PATCH that was carried out in
 * part in `confirm-patched.ts`. It never repeats a write by itself, and no error
 * ever says that a write was not carried out where it may have been.
 *
 *   the profile or the target                       what is sent
 *   ─────────────────────────────────────────────   ──────────────────────────────────────────────────────────────
 *   takes PATCH, as its profile says                the differences alone
 *   wants in each PATCH what we do not know, or     a read, then the PATCH
 *     a version that we have not seen
 *   its profile says PUT, or it answers PATCH by    the account is read and sent back whole
 *     405 or 501
 *   switches off by DELETE, and access ends         the other differences, then DELETE, then a read
 */
import { TargetUnusable } from '../../errors.ts';
import type { ScimRequest } from '../auth/authenticated-client.ts';
import type { Difference } from '../differences.ts';
import { type Account, sameName, valueAt } from '../resource.ts';
import type { Call, Updated } from '../target.ts';
import { lacksVersion, precondition, sameVersion } from '../version.ts';
import { confirmPatched } from './confirm-patched.ts';
import { sendToUser } from './gone.ts';
import { accountIn, findById, type ScimTargetParts, unsupported, userRequest } from './look-up.ts';
import { patchBody, unknownAlwaysSent } from './patch.ts';
import { remove } from './remove.ts';
import { type Change, type Replaced, replace } from './replace.ts';
import { afterWrite, readUpdated, reread } from './updated.ts';

/**
 * What this target has turned out to take. It is kept for the life of the process and not stored: another process, or
 * the next one, finds it out by one refused request, and then a target that has learnt PATCH is believed.
 */
export type Verbs = { patch: boolean };

export async function update(
  change: Change,
  parts: ScimTargetParts,
  verbs: Verbs,
  call: Call,
): Promise<Updated> {
  const endsAccess = parts.profile.deactivate === 'delete' && change.differences.some(switchesOff);
  return endsAccess ? await switchOff(change, parts, verbs, call) : await write(change, parts, verbs, call);
}

function switchesOff({ path, after }: Difference): boolean {
  return path.length === 1 && sameName(path[0], 'active') && after === false;
}

/** Access ends last, so that whatever fails before is tried again together with it. */
async function switchOff(change: Change, parts: ScimTargetParts, verbs: Verbs, call: Call): Promise<Updated> {
  const { id, version } = change;
  const request = userRequest('DELETE', id, parts);
  const differences = change.differences.filter((difference) => !switchesOff(difference));
  const before =
    differences.length === 0 ? null : await write({ ...change, differences }, parts, verbs, call);
  if (before !== null && before.kind !== 'written') return before;
  const removed =
    before === null
      ? await remove(id, parts, call, version)
      : await afterWrite(`${request.what}: access did not end, and other changes were written before`, () =>
          remove(id, parts, call, before.account.version),
        );
  if (removed.kind !== 'removed') return removed;
  const now = await reread(id, request, parts, call);
  return now.kind === 'written' && before?.notCleared !== undefined
    ? { ...now, notCleared: before.notCleared }
    : now;
}

async function write(change: Change, parts: ScimTargetParts, verbs: Verbs, call: Call): Promise<Updated> {
  const patched = verbs.patch ? await patch(change, parts, call) : null;
  if (patched !== null && patched.kind !== 'unsupported') return patched;
  verbs.patch = false;
  const replaced = await replace(change, parts, call);
  if (replaced.kind !== 'unsupported') return replaced;
  // Neither is taken, so this says nothing about PATCH: a proxy may be the one who answers.
  verbs.patch = parts.profile.update === 'patch';
  throw unsupported(replaced.request, replaced.status);
}

async function patch(change: Change, parts: ScimTargetParts, call: Call): Promise<Replaced> {
  const { id, differences, desired, version } = change;
  const { profile } = parts;
  const current = await readBefore(change, parts, call);
  if (current === 'missing' || current === 'changed') return { kind: current };
  const request: ScimRequest = {
    ...userRequest('PATCH', id, parts),
    body: patchBody(differences, desired, profile, current?.user),
    ...precondition(version ?? current?.version, profile),
  };
  const answer = await sendToUser(request, id, parts, call);
  if (answer.kind === 'unsupported') return { kind: 'unsupported', request, status: answer.status };
  const updated = await readUpdated(answer, id, request, parts, call);
  return await confirmPatched(updated, accountIn(answer, id, profile) === null, change, request, parts, call);
}

/** The account as it is now, where the PATCH has to say something of it that we do not know; else null. */
async function readBefore(
  { id, desired, version }: Change,
  parts: ScimTargetParts,
  call: Call,
): Promise<Account | null | 'missing' | 'changed'> {
  const { profile } = parts;
  const unknown = unknownAlwaysSent(desired, profile);
  if (unknown.length === 0 && !lacksVersion(version, profile)) return null;
  const [current] = await findById(id, parts, call);
  if (current === undefined) return 'missing';
  const versioned = profile.ifMatch === 'echo' || profile.ifMatch === 'required';
  const { version: now } = current;
  if (versioned && version !== undefined && now !== undefined && !sameVersion(version, now)) return 'changed';
  // Sent without it, the PATCH would switch the account on or off by itself.
  if (unknown.includes('active') && valueAt(current.user, ['active']) === undefined) throw noActive(parts);
  return current;
}

function noActive({ name, profile }: ScimTargetParts): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `PATCH Users/{id} at ${name}: by profile ${profile.name} it has to say active, which the target does not show; ` +
      'map active, or choose another profile',
  );
}

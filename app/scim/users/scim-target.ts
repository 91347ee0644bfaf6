/**
 * The Target contract over SCIM 1.1: what to write, by which verb, and what each answer means for a create. What it
 * means for an update is in `updated.ts`, the way by PUT in `replace.ts`, look-ups are in `look-up.ts`, listing is in
 * `listing.ts`. It decides nothing about people, and no error ever says that a write was not carried out where it may
 * have been.
 */
import { Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { ScimRequest } from '../auth/authenticated-client.ts';
import type { Difference } from '../differences.ts';
import type { Account, ScimUser } from '../resource.ts';
import type { Call, Created, Target, Updated } from '../target.ts';
import { listAccounts } from './listing.ts';
import { accountIn, findById, noService, type ScimTargetParts, search, userRequest } from './look-up.ts';
import { createBody, patchBody } from './patch.ts';
import { replace } from './replace.ts';
import { afterWrite, readUpdated } from './updated.ts';

/**
 * What this target has turned out to take. It is kept for the life of the process and not stored: another process, or
 * the next one, finds it out by one refused request, and then a target that has learnt PATCH is believed.
 */
type Verbs = { patch: boolean };

export function targetOver(parts: ScimTargetParts): Target {
  const verbs: Verbs = { patch: parts.profile.update === 'patch' };
  return {
    name: parts.name,
    find: (match, call) =>
      match.by === 'id' ? findById(match.value, parts, call) : search(match, parts, call),
    list: (call) => listAccounts(parts, call),
    create: (user, call) => create(user, parts, call),
    update: (id, differences, desired, call) => update(id, differences, desired, parts, verbs, call),
  };
}

async function create(user: ScimUser, parts: ScimTargetParts, call: Call): Promise<Created> {
  const request: ScimRequest = {
    method: 'POST',
    path: `${parts.basePath}/Users`,
    what: `POST Users at ${parts.name}`,
    body: createBody(user),
  };
  const answer = await parts.client.send(request, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const account = accountIn(answer, null) ?? (await lookUpCreated(user.userName, request, parts, call));
      return { kind: 'written', account };
    }
    case 'conflict':
      return { kind: 'conflict', status: answer.status, words: answer.words };
    case 'refused':
      // Some servers say 400 where they mean 409 (O-11 f); only a look-up can tell.
      if (answer.status === 400) return { kind: 'conflict', status: 400, words: answer.words };
      throw new Refused(answer.status, answer.words);
    case 'forbidden':
      throw new Refused(answer.status, answer.words);
    case 'missing':
      throw noService(request, answer.status);
    case 'unsupported':
      throw unsupported(request, answer.status);
  }
}

/** The account was made, but the answer does not say which one it is. */
async function lookUpCreated(
  userName: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Account> {
  const [account, ...more] = await afterWrite(request, () =>
    search({ by: 'userName', value: userName }, parts, call),
  );
  if (account !== undefined && more.length === 0) return account;
  throw new TargetUnavailable(`${request.what}: done, but the account cannot be found`, {
    outcomeUnknown: true,
  });
}

async function update(
  id: string,
  differences: readonly Difference[],
  desired: ScimUser,
  parts: ScimTargetParts,
  verbs: Verbs,
  call: Call,
): Promise<Updated> {
  if (verbs.patch) {
    const body = patchBody(differences, desired, parts.profile);
    const request: ScimRequest = { ...userRequest('PATCH', id, parts), body };
    const answer = await parts.client.send(request, call);
    if (answer.kind !== 'unsupported') return await readUpdated(answer, id, request, parts, call);
    verbs.patch = false;
  }
  const replaced = await replace(id, differences, desired, parts, call);
  if (replaced.kind !== 'unsupported') return replaced;
  // Neither is taken, so this says nothing about PATCH: a proxy may be the one who answers.
  verbs.patch = parts.profile.update === 'patch';
  throw unsupported(replaced.request, replaced.status);
}

function unsupported(request: ScimRequest, status: number): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `${request.what}: the target or a proxy before it does not take ${request.method} (${status}); ` +
      'where a proxy is the reason, switch methodOverride on',
  );
}

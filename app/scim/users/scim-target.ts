/**
 * The Target contract over SCIM 1.1, and what each answer means for a create. Updates are in `update.ts`, removals in
 * `remove.ts`, look-ups in `look-up.ts`, listing is in `listing.ts`. It decides nothing about people, and no error ever
 * says that a write was not carried out where it may have been.
 */
import { Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimRequest } from '../auth/authenticated-client.ts';
import type { Account, ScimUser } from '../resource.ts';
import type { Call, Created, Target } from '../target.ts';
import { listAccounts } from './listing.ts';
import {
  accountIn,
  findById,
  noService,
  type ScimTargetParts,
  search,
  unsupported,
  usersPath,
} from './look-up.ts';
import { createBody } from './patch.ts';
import { remove } from './remove.ts';
import { update, type Verbs } from './update.ts';
import { afterWrite } from './updated.ts';

export function targetOver(parts: ScimTargetParts): Target {
  const verbs: Verbs = { patch: parts.profile.update === 'patch' };
  return {
    name: parts.name,
    find: (match, call) =>
      match.by === 'id' ? findById(match.value, parts, call) : search(match, parts, call),
    list: (call) => listAccounts(parts, call),
    create: (user, call) => create(user, parts, call),
    update: (id, differences, desired, call, version) =>
      update({ id, differences, desired, version }, parts, verbs, call),
    remove: (id, call, version) => remove(id, parts, call, version),
  };
}

async function create(user: ScimUser, parts: ScimTargetParts, call: Call): Promise<Created> {
  const request: ScimRequest = {
    method: 'POST',
    path: usersPath(parts),
    what: `POST Users at ${parts.name}`,
    body: createBody(user),
  };
  const answer = await parts.client.send(request, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const account =
        accountIn(answer, null, parts.profile) ?? (await lookUpCreated(user, request, parts, call));
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

/**
 * The account was made, but the answer does not say which one it is. Some servers find it by one name and not by the
 * other, since they read a sought value as a pattern: `+` in an address is one.
 */
async function lookUpCreated(
  user: ScimUser,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Account> {
  const lost = `${request.what}: done, but the account cannot be found`;
  for (const by of ['userName', 'externalId'] as const) {
    const value = user[by];
    if (typeof value !== 'string') continue;
    const [account, ...more] = await afterWrite(lost, () => search({ by, value }, parts, call));
    if (account !== undefined && more.length === 0) return account;
    if (more.length > 0) break;
  }
  throw new TargetUnavailable(lost, { outcomeUnknown: true });
}

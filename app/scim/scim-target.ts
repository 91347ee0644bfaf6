/**
 * The Target contract over SCIM 1.1: what to write, and what each answer means for a create and an update. Look-ups
 * are in `look-up.ts`, listing is in `listing.ts`. It decides nothing about people, and no error ever says that a
 * write was not carried out where it may have been.
 */
import { LeaseLost, RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { ScimRequest } from './authenticated-client.ts';
import type { Difference } from './differences.ts';
import { listAccounts } from './listing.ts';
import { accountIn, findById, noService, type ScimTargetParts, search, userRequest } from './look-up.ts';
import { createBody, patchBody } from './patch.ts';
import type { Account, ScimUser } from './resource.ts';
import type { Call, Created, Target, Updated } from './target.ts';

export function targetOver(parts: ScimTargetParts): Target {
  return {
    name: parts.name,
    find: (match, call) =>
      match.by === 'id' ? findById(match.value, parts, call) : search(match, parts, call),
    list: (call) => listAccounts(parts, call),
    create: (user, call) => create(user, parts, call),
    update: (id, differences, desired, call) => update(id, differences, desired, parts, call),
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
  call: Call,
): Promise<Updated> {
  const request = userRequest('PATCH', id, parts);
  const body = patchBody(differences, desired, parts.profile);
  const answer = await parts.client.send({ ...request, body }, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const account = accountIn(answer, id);
      return account === null ? await reread(id, request, parts, call) : { kind: 'written', account };
    }
    case 'missing':
      return { kind: 'missing' };
    case 'conflict':
    case 'refused':
    case 'forbidden':
      throw new Refused(answer.status, answer.words);
    case 'unsupported':
      throw unsupported(request, answer.status);
  }
}

/** After a 204 we do not know what the target made of our values, and its echo has to be remembered. */
async function reread(
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  const [account] = await afterWrite(request, () => findById(id, parts, call));
  return account === undefined ? { kind: 'missing' } : { kind: 'written', account };
}

/** A look after a write that went through: if it fails, that must not read as "nothing was written". */
async function afterWrite<T>(request: ScimRequest, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const notBefore = error instanceof RateLimited ? error.until : noticeOf(error);
    throw new TargetUnavailable(`${request.what}: done, but what came of it could not be read`, {
      outcomeUnknown: true,
      notBefore,
      cause: error,
    });
  }
}

function noticeOf(error: unknown): Date | null {
  return error instanceof TargetUnavailable ? error.notBefore : null;
}

function unsupported(request: ScimRequest, status: number): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `${request.what}: the target or a proxy before it does not take ${request.method} (${status}); ` +
      'where a proxy is the reason, switch methodOverride on',
  );
}

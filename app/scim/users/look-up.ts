/**
 * Looking for users, by id or by attribute, and what each answer means for that. "Nobody" is only said where the
 * service itself said so: a page, a list that is none, or users without ids would otherwise lead to second accounts
 * (O-11, O-12, O-13 k).
 */
import { Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { ScimAnswer, ScimClient, ScimRequest } from '../auth/authenticated-client.ts';
import { where } from '../filter/expression.ts';
import { equalsFilter, filterQuery } from '../filter/filter.ts';
import { reduceFilter } from '../filter/reduce.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Account, isJsonList, isJsonObject, valueAt } from '../resource.ts';
import type { Call, Match } from '../target.ts';
import { readUserList } from './list.ts';
import { readUser } from './user.ts';

/**
 * How many stubs a search by externalId may bring. It looks for one; a server that ignores the filter lists everybody,
 * and each would cost a request.
 */
const MOST_STUBS = 10;

export type ScimTargetParts = {
  readonly name: string;
  readonly profile: Profile;
  /** Path of the service on its origin, without a slash at the end: `/io/scim/v1`. */
  readonly basePath: string;
  readonly client: ScimClient;
};

/** `by`: as the target's search calls it. */
type Search = { readonly by: 'externalId' | 'userName' | Address; readonly value: string };

/** What a mail address is called in a search: by the draft, or by the target alone. */
type Address = 'emails.value' | 'email';

/** @returns empty where the target says, as SCIM, that there is no such user */
export async function findById(id: string, parts: ScimTargetParts, call: Call): Promise<readonly Account[]> {
  const request = userRequest('GET', id, parts);
  const answer = await parts.client.send(request, call);
  return answer.kind === 'missing' ? [] : [userRead(answer, id, request, parts)];
}

/** The user that was asked for by id. @throws where the answer is none, or another one */
export function userRead(
  answer: ScimAnswer,
  id: string,
  request: ScimRequest,
  { profile }: ScimTargetParts,
): Account {
  const account = accountIn(answer, id, profile);
  if (account !== null) return account;
  throw answer.kind === 'resource' ? noUser(request) : readFailed(answer, request);
}

/** Every hit is checked: a server that does not understand a filter may answer with everybody (O-11 e). */
export async function search(
  asked: Exclude<Match, { by: 'id' }>,
  parts: ScimTargetParts,
  call: Call,
): Promise<readonly Account[]> {
  const match = searchFor(asked, parts.profile);
  if (match === null) return [];
  const { externalIdSearch } = parts.profile;
  if (match.by === 'externalId' && externalIdSearch === 'unsupported') return [];
  const request: ScimRequest = {
    method: 'GET',
    path: `${usersPath(parts)}?${filterQuery(equalsFilter(match.by, match.value))}`,
    what: `search by ${match.by} at ${parts.name}`,
  };
  const answer = await parts.client.send(request, call);
  const filterRefused = answer.kind === 'unsupported' || (answer.kind === 'refused' && answer.status === 400);
  if (match.by === 'externalId' && externalIdSearch === 'unproven' && filterRefused) return [];
  if (answer.kind !== 'resource') throw readFailed(answer, request);
  const list = readUserList(answer.body, parts.profile);
  if (list === null) throw new TargetUnavailable(`${request.what}: the answer is not a list of users`);
  // One of them may be who we look for; "nobody" would lead to a second account.
  if (list.unusable > 0)
    throw new TargetUnavailable(`${request.what}: ${list.unusable} users came without an id`);
  const hits = await complete(list.accounts, match, parts, call);
  return hits.filter((account) => matches(account, match));
}

/**
 * A name that the target has made of an address is not known here; the address is.
 * @returns null where the target cannot be asked
 */
function searchFor(asked: Exclude<Match, { by: 'id' }>, profile: Profile): Search | null {
  const { by, value } = asked;
  if (by === 'mail') {
    const address = addressIn(profile);
    return address === null ? null : { by: address, value };
  }
  const { addressSearch } = profile;
  const becameAnother = by === 'userName' && value.includes('@');
  return becameAnother && addressSearch !== undefined ? { by: addressSearch, value } : { by, value };
}

/** Whether users can be looked for by a mail address. */
export function findsByAddress(profile: Profile): boolean {
  return addressIn(profile) !== null;
}

/** What the target's search calls a mail address; null where it does not look for any. */
export function addressIn({ addressSearch, filter }: Profile): Address | null {
  if (addressSearch !== undefined) return addressSearch;
  const { sent } = reduceFilter(where('emails.value', 'eq', ''), filter);
  return sent === null ? null : 'emails.value';
}

/**
 * Where a list shows little more than ids, each hit is read by itself: else what it does not show would count as not
 * there, whatever the profile says of lists. The userName is shown even so.
 */
async function complete(
  listed: readonly Account[],
  match: Search,
  parts: ScimTargetParts,
  call: Call,
): Promise<readonly Account[]> {
  const { listShows } = parts.profile;
  if (listShows === 'whole' && listed.some((account) => isShown(account, match))) return listed;
  const worthReading = match.by === 'userName' ? listed.filter((account) => matches(account, match)) : listed;
  if (match.by !== 'userName' && listed.length > MOST_STUBS) return [];
  const read: Account[] = [];
  for (const { id } of worthReading) read.push(...(await findById(id, parts, call)));
  return read;
}

function isShown({ user }: Account, { by }: Search): boolean {
  return valueAt(user, [isAddress(by) ? 'emails' : by]) !== undefined;
}

function matches(account: Account, match: Search): boolean {
  switch (match.by) {
    case 'externalId':
      return account.user.externalId === match.value;
    case 'userName':
      // userName is not case-sensitive (draft-scim-core-schema-01, 3.1), and neither is its uniqueness (O-11 b).
      return account.user.userName.toLowerCase() === match.value.toLowerCase();
    case 'email':
    case 'emails.value':
      return addressesOf(account).includes(match.value.toLowerCase());
  }
}

function isAddress(by: Search['by']): by is Address {
  return by === 'email' || by === 'emails.value';
}

function addressesOf({ user: { emails } }: Account): readonly string[] {
  if (!isJsonList(emails)) return [];
  return emails.flatMap((email) =>
    isJsonObject(email) && typeof email.value === 'string' ? email.value.toLowerCase() : [],
  );
}

/** What an answer other than the users means. */
export function readFailed(answer: Exclude<ScimAnswer, { kind: 'resource' }>, request: ScimRequest): Error {
  switch (answer.kind) {
    case 'empty':
    case 'unreadable':
      return new TargetUnavailable(`${request.what}: answered ${answer.status} without a readable body`);
    case 'forbidden':
      return new TargetUnusable('unauthorized', `${request.what}: our account may not read users (403)`);
    case 'missing':
      return noService(request, answer.status);
    case 'unsupported':
    case 'conflict':
    case 'refused':
      return new Refused(answer.status, answer.words);
  }
}

export function userRequest(
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE',
  id: string,
  parts: ScimTargetParts,
): ScimRequest {
  return {
    method,
    path: `${usersPath(parts)}/${encodeURIComponent(id)}`,
    what: `${method} Users/{id} at ${parts.name}`,
  };
}

/** Where the users are, from the root of the origin. */
export function usersPath({ basePath, profile }: ScimTargetParts): string {
  return `${basePath}${profile.usersPath}`;
}

/**
 * The user in an answer.
 * @param askedFor the id that was asked for; an answer about another one is not believed
 */
export function accountIn(
  answer: ScimAnswer,
  askedFor: string | null,
  { extensions }: Profile,
): Account | null {
  if (answer.kind !== 'resource') return null;
  const account = readUser(answer.body, { knownId: askedFor, etag: answer.etag, extensions });
  return account === null || (askedFor !== null && account.id !== askedFor) ? null : account;
}

function noUser(request: ScimRequest): TargetUnavailable {
  return new TargetUnavailable(`${request.what}: the answer is not the user that was asked for`);
}

export function noService(request: ScimRequest, status: number): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `${request.what}: answered ${status}; there is no Users endpoint there, check the base URL`,
  );
}

export function unsupported(request: ScimRequest, status: number): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `${request.what}: the target or a proxy before it does not take ${request.method} (${status}); ` +
      'where a proxy is the reason, switch methodOverride on',
  );
}

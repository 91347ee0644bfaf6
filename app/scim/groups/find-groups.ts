/**
 * Looking for groups, by id or by attribute, and listing them. "None" is only said where the service itself said so,
 * as with users (`users/look-up.ts`); what one credential may not see of groups is told to a person and never pauses the
 * target, since its users may be all right.
 */
import { Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import { where } from '../filter/expression.ts';
import { filterQuery } from '../filter/filter.ts';
import { formatFilter } from '../filter/format.ts';
import { listResources, type NoPage, patiently } from '../lists/listing.ts';
import { readList } from '../lists/page.ts';
import type { Call, ListCall } from '../target.ts';
import { type Group, readGroup } from './group.ts';
import type { GroupMatch, GroupParts, ListedGroups } from './group-target.ts';

/** How many groups that show little are read one by one; a server that ignores the filter lists them all. */
const MOST_STUBS = 10;

type Search = GroupMatch & { readonly by: 'displayName' | 'externalId' };

export async function findGroups(
  match: GroupMatch,
  parts: GroupParts,
  call: Call,
): Promise<readonly Group[]> {
  const { by, value } = match;
  return by === 'id' ? await findGroupById(value, parts, call) : await search({ by, value }, parts, call);
}

/** @returns empty where the target says, as SCIM, that there is no such group */
export async function findGroupById(id: string, parts: GroupParts, call: Call): Promise<readonly Group[]> {
  const request = groupRequest('GET', id, parts);
  const answer = await parts.client.send(request, call);
  if (answer.kind === 'missing') return [];
  const group = groupIn(answer, id);
  if (group !== null) return [group];
  if (answer.kind !== 'resource') throw readFailed(answer, request);
  throw new TargetUnavailable(`${request.what}: the answer is not the group that was asked for`);
}

async function search(match: Search, parts: GroupParts, call: Call): Promise<readonly Group[]> {
  const { externalIdSearch, filter, listShows } = parts.profile;
  if (match.by === 'externalId' && externalIdSearch === 'unsupported') return [];
  const text = formatFilter(where(match.by, 'eq', match.value), filter);
  const request: ScimRequest = {
    method: 'GET',
    path: `${groupsPath(parts)}?${filterQuery(text)}`,
    what: `search for groups by ${match.by} at ${parts.name}`,
  };
  const answer = await parts.client.send(request, call);
  const filterRefused = answer.kind === 'unsupported' || (answer.kind === 'refused' && answer.status === 400);
  if (match.by === 'externalId' && externalIdSearch === 'unproven' && filterRefused) return [];
  if (answer.kind !== 'resource') throw readFailed(answer, request);
  const list = readList(answer.body, (item) => readGroup(item));
  if (list === null) throw new TargetUnavailable(`${request.what}: the answer is not a list of groups`);
  if (list.unusable > 0) {
    throw new TargetUnavailable(`${request.what}: ${list.unusable} groups came without an id or a name`);
  }
  const hits = list.resources.filter((group) => isHit(group, match, parts));
  if (listShows === 'whole') return hits;
  return await completed(hits.slice(0, MOST_STUBS), (id) => findGroupById(id, parts, call));
}

export async function* listGroups(parts: GroupParts, call: ListCall): AsyncGenerator<ListedGroups> {
  const { client, profile, name } = parts;
  const listing = {
    client,
    habits: profile,
    path: groupsPath(parts),
    what: `groups at ${name}`,
    read: (item: Parameters<typeof readGroup>[0]) => readGroup(item),
    failed: readFailed,
  };
  for await (const step of listResources(listing, call)) {
    if (step.kind === 'end') {
      yield step;
      continue;
    }
    const groups =
      profile.listShows === 'whole'
        ? step.resources
        : await completed(step.resources, (id) => patiently(() => findGroupById(id, parts, call), call));
    if (groups.length > 0) yield { kind: 'page', groups };
  }
}

/** Each group read by its id, where a list shows no members; who is gone by then is left out. */
async function completed(
  stubs: readonly Group[],
  read: (id: string) => Promise<readonly Group[]>,
): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const { id } of stubs) groups.push(...(await read(id)));
  return groups;
}

function isHit(group: Group, { by, value }: Search, { habits }: GroupParts): boolean {
  switch (by) {
    case 'externalId':
      return group.externalId === value;
    case 'displayName': {
      // Not case-sensitive (draft-scim-core-schema-01, 3.1).
      const [shown, asked] = [group.displayName.toLowerCase(), value.toLowerCase()];
      if (shown === asked) return true;
      const behindStore = shown.slice(shown.indexOf('/') + 1);
      return habits.namesCarryStore === true && !asked.includes('/') && behindStore === asked;
    }
  }
}

export function groupsPath({ basePath, habits }: GroupParts): string {
  return `${basePath}${habits.path}`;
}

export function groupRequest(
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE',
  id: string,
  parts: GroupParts,
): ScimRequest {
  return {
    method,
    path: `${groupsPath(parts)}/${encodeURIComponent(id)}`,
    what: `${method} Groups/{id} at ${parts.name}`,
  };
}

/** @param askedFor the id that was asked for; an answer about another one is not believed */
export function groupIn(answer: ScimAnswer, askedFor: string | null): Group | null {
  if (answer.kind !== 'resource') return null;
  const group = readGroup(answer.body, askedFor, answer.etag);
  return group === null || (askedFor !== null && group.id !== askedFor) ? null : group;
}

/** What an answer other than the groups means. */
function readFailed(answer: NoPage, request: ScimRequest): Error {
  switch (answer.kind) {
    case 'empty':
    case 'unreadable':
      return new TargetUnavailable(`${request.what}: answered ${answer.status} without a readable body`);
    case 'missing':
      return new Refused(
        answer.status,
        'there is no Groups endpoint there; check the base URL and the profile',
      );
    case 'forbidden':
    case 'unsupported':
    case 'conflict':
    case 'refused':
      return new Refused(answer.status, answer.words);
  }
}

/**
 * Creating a group. Where the answer does not show what was made, it is looked for by its name; where it cannot be told
 * apart, the outcome stays unknown, for no second one may be made blindly (O-18). A group that is refused with its
 * members is asked for without them: it may be one of them who is not taken, which shows when they are added.
 */
import { Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimRequest } from '../auth/authenticated-client.ts';
import { CORE_URN, type JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import { findGroups, groupIn, groupsPath } from './find-groups.ts';
import type { Group } from './group.ts';
import type { GroupCreated, GroupParts, NewGroup } from './group-target.ts';
import { lookAfter } from './write-group.ts';

export async function createGroup(group: NewGroup, parts: GroupParts, call: Call): Promise<GroupCreated> {
  const members = [...new Set(group.members ?? [])];
  const sent = members.slice(0, parts.habits.membersPerRequest);
  const made = await createWith(sent, group, parts, call).catch(async (error: unknown) => {
    if (!(error instanceof Refused) || sent.length === 0) throw error;
    return await createWith([], group, parts, call);
  });
  if (made.kind === 'conflict') return made;
  return { kind: 'written', group: made.group, left: members.slice(made.sent) };
}

type Made =
  | { readonly kind: 'written'; readonly group: Group; readonly sent: number }
  | Extract<GroupCreated, { kind: 'conflict' }>;

async function createWith(
  sent: readonly string[],
  group: NewGroup,
  parts: GroupParts,
  call: Call,
): Promise<Made> {
  const request: ScimRequest = {
    method: 'POST',
    path: groupsPath(parts),
    what: `POST Groups at ${parts.name}`,
    body: createBody(group, sent),
  };
  const answer = await parts.client.send(request, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const made = groupIn(answer, null) ?? (await lookUpCreated(group.displayName, request, parts, call));
      return { kind: 'written', group: made, sent: sent.length };
    }
    case 'conflict':
      return { kind: 'conflict', status: answer.status, words: answer.words };
    case 'missing':
    case 'unsupported':
    case 'forbidden':
    case 'refused':
      throw new Refused(answer.status, answer.words);
  }
}

function createBody({ displayName, externalId }: NewGroup, members: readonly string[]): JsonObject {
  return {
    schemas: [CORE_URN],
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    ...(members.length === 0 ? {} : { members: members.map((value) => ({ value })) }),
  };
}

async function lookUpCreated(
  displayName: string,
  request: ScimRequest,
  parts: GroupParts,
  call: Call,
): Promise<Group> {
  const [group, ...more] = await lookAfter(request, () =>
    findGroups({ by: 'displayName', value: displayName }, parts, call),
  );
  if (group !== undefined && more.length === 0) return group;
  throw new TargetUnavailable(`${request.what}: done, but the group cannot be found`, {
    outcomeUnknown: true,
  });
}

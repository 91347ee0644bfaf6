/**
 * Renaming and removing a group, and what every write to a group has in common: the version that it is meant for, and
 * the look at what came of it.
 */
import { Refused } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import { CORE_URN, type JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import { sendUnlessGone } from '../users/gone.ts';
import { afterWrite, isPreconditionFailed } from '../users/updated.ts';
import { lacksVersion, precondition } from '../version.ts';
import { findGroupById, groupIn, groupRequest } from './find-groups.ts';
import { type Group, groupBody } from './group.ts';
import type { GroupParts, GroupRemoved, GroupWritten } from './group-target.ts';

export async function renameGroup(
  id: string,
  displayName: string,
  parts: GroupParts,
  call: Call,
  version?: string,
): Promise<GroupWritten> {
  if (parts.verbs.patch) {
    const known = await versionFor(id, version, parts, call);
    if (known === 'missing') return { kind: 'missing' };
    const request = writeRequest('PATCH', id, known.version, parts, { schemas: [CORE_URN], displayName });
    const answer = await sendToGroup(request, id, parts, call);
    if (answer.kind !== 'unsupported') return await written(answer, id, request, parts, call);
    parts.verbs.patch = false;
  }
  const [group] = await findGroupById(id, parts, call);
  if (group === undefined) return { kind: 'missing' };
  const body = groupBody(group, { displayName });
  const request = writeRequest('PUT', id, version ?? group.version, parts, body);
  const answer = await sendToGroup(request, id, parts, call);
  if (answer.kind !== 'unsupported') return await written(answer, id, request, parts, call);
  parts.verbs.patch = parts.habits.update === 'patch';
  throw new Refused(answer.status, answer.words);
}

export async function removeGroup(
  id: string,
  parts: GroupParts,
  call: Call,
  version?: string,
): Promise<GroupRemoved> {
  const known = await versionFor(id, version, parts, call);
  if (known === 'missing') return { kind: 'missing' };
  const request = writeRequest('DELETE', id, known.version, parts);
  const answer = await sendToGroup(request, id, parts, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable':
      return { kind: 'removed' };
    case 'missing':
      return { kind: 'missing' };
    case 'conflict':
    case 'refused':
    case 'forbidden':
    case 'unsupported':
      return readRefused(answer, request);
  }
}

/** A look at what came of a write that went through. */
export async function lookAfter<T>(request: ScimRequest, look: () => Promise<T>): Promise<T> {
  return await afterWrite(`${request.what}: done, but what came of it could not be read`, look);
}

export function writeRequest(
  method: 'PUT' | 'PATCH' | 'DELETE',
  id: string,
  version: string | undefined,
  parts: GroupParts,
  body?: JsonObject,
): ScimRequest {
  return {
    ...groupRequest(method, id, parts),
    ...(body === undefined ? {} : { body }),
    ...precondition(version, parts.profile),
  };
}

/** Sends a write to the group with this id; `missing` also where only a look shows that it is gone. */
export async function sendToGroup(
  request: ScimRequest,
  id: string,
  parts: GroupParts,
  call: Call,
): Promise<ScimAnswer> {
  const isThere = async () => (await findGroupById(id, parts, call)).length > 0;
  return await sendUnlessGone(request, isThere, parts.client, call);
}

/** The version to write for; a target that insists on one is asked for it. */
async function versionFor(
  id: string,
  version: string | undefined,
  parts: GroupParts,
  call: Call,
): Promise<Pick<Group, 'version'> | 'missing'> {
  if (!lacksVersion(version, parts.profile)) return version === undefined ? {} : { version };
  const [group] = await findGroupById(id, parts, call);
  return group ?? 'missing';
}

async function written(
  answer: Exclude<ScimAnswer, { kind: 'unsupported' }>,
  id: string,
  request: ScimRequest,
  parts: GroupParts,
  call: Call,
): Promise<GroupWritten> {
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const told = groupIn(answer, id);
      if (told !== null) return { kind: 'written', group: told };
      const [group] = await lookAfter(request, () => findGroupById(id, parts, call));
      return group === undefined ? { kind: 'missing' } : { kind: 'written', group };
    }
    case 'missing':
      return { kind: 'missing' };
    case 'conflict':
    case 'refused':
    case 'forbidden':
      return readRefused(answer, request);
  }
}

/** @throws Refused where it is not about the version that the request was meant for */
function readRefused(
  answer: Extract<ScimAnswer, { kind: 'conflict' | 'refused' | 'forbidden' | 'unsupported' }>,
  request: ScimRequest,
): { readonly kind: 'changed' } {
  if (isPreconditionFailed(answer, request)) return { kind: 'changed' };
  throw new Refused(answer.status, answer.words);
}

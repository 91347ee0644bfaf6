/**
 * Changes who belongs to a group, request by request, and never touches a member that was not named (O-25).
 *
 *   the target                       what is sent
 *   ──────────────────────────────   ────────────────────────────────────────────────────────────────────────
 *   takes PATCH                      the difference to what is there, as many members in one request as it takes
 *   its profile says PUT, or PATCH   the group as read this moment, with the difference; members of others stay
 *   was answered with 405 or 501
 *
 * A group that became another one since it was read (412) is read again and compared again, once. Where a request is
 * refused, the members that it named are halved until it is known who is not taken (`share.ts`); that one is left out,
 * and the others go on. Each other failure ends it. What had gone through before is told, and the whole change can be
 * asked for again.
 */
import { LeaseLost, Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Call } from '../target.ts';
import { isPreconditionFailed } from '../users/updated.ts';
import { lacksVersion } from '../version.ts';
import { findGroupById, groupIn } from './find-groups.ts';
import { type Group, groupBody, showsMembers } from './group.ts';
import type { GroupParts, MembersChanged } from './group-target.ts';
import {
  isNothing,
  type MemberChange,
  membersPatch,
  NO_CHANGE,
  neededChange,
  together,
  without,
} from './member-changes.ts';
import { createShare, type Share } from './share.ts';
import { lookAfter, sendToGroup, writeRequest } from './write-group.ts';

/** How often the group may turn out to be another one before the change is left to a later attempt. */
const ROUNDS = 2;

export async function changeMembers(
  id: string,
  change: MemberChange,
  parts: GroupParts,
  call: Call,
  known?: Group,
): Promise<MembersChanged> {
  const share = createShare();
  const so: Progress = { done: NO_CHANGE, left: change };
  try {
    const changed = await carryOut(id, so, share, parts, call, known);
    const why = share.why();
    if (changed.kind === 'missing' || why === null) return changed;
    throw why;
  } catch (error) {
    if (error instanceof LeaseLost || isNothing(so.done) || !(error instanceof Error)) throw error;
    const left = together(share.leftOut(), without(so.left, share.leftOut()));
    return { kind: 'partly', done: so.done, left, refused: share.refused(), why: error };
  }
}

/** How far it has come; kept up to date, so that a failure finds it. `left`: without who was refused. */
type Progress = { done: MemberChange; left: MemberChange };

async function carryOut(
  id: string,
  so: Progress,
  share: Share,
  parts: GroupParts,
  call: Call,
  known: Group | undefined,
): Promise<MembersChanged> {
  let group = known;
  let fresh = false;
  for (let turned = 0; !isNothing(so.left); ) {
    if (group === undefined || (!fresh && hasToBeFresh(group, parts))) {
      group = await read(id, parts, call);
      if (group === undefined) return { kind: 'missing' };
      fresh = true;
    }
    so.left = neededChange(so.left, group);
    if (isNothing(so.left)) break;
    const part = share.of(
      so.left,
      parts.verbs.patch ? parts.habits.membersPerRequest : Number.POSITIVE_INFINITY,
    );
    const sent = await sendNext(id, part, group, parts, call);
    if (sent.kind === 'missing') return sent;
    if (sent.kind === 'stale') {
      turned += 1;
      if (turned >= ROUNDS) throw sent.why;
      group = undefined;
    } else if (sent.kind === 'refused') {
      so.left = without(so.left, share.refuse(part, sent.why, isNothing(so.done)));
    } else if (sent.kind === 'written') {
      share.took(part);
      so.done = together(so.done, part);
      so.left = without(so.left, part);
      group = withVersion(group, sent.version);
      fresh = false;
    }
  }
  return { kind: 'done', done: so.done };
}

/** A PUT sends everybody back, and some targets want to be told which version is meant. */
function hasToBeFresh(group: Group, { verbs, profile }: GroupParts): boolean {
  return !verbs.patch || lacksVersion(group.version, profile);
}

type Sent =
  | { readonly kind: 'missing' }
  /** The group has become another one; `why` says so to whoever gives up. */
  | { readonly kind: 'stale'; readonly why: Error }
  /** PATCH is not taken; nothing was written. */
  | { readonly kind: 'again' }
  /** Nobody whom it names is in or out by it. */
  | { readonly kind: 'refused'; readonly why: Refused }
  /** `version` of the group since then, where the answer tells. */
  | { readonly kind: 'written'; readonly version: string | undefined };

/** One request. @param part no more than goes into it */
async function sendNext(
  id: string,
  part: MemberChange,
  group: Group,
  parts: GroupParts,
  call: Call,
): Promise<Sent> {
  const { habits, verbs } = parts;
  const request = verbs.patch
    ? writeRequest('PATCH', id, group.version, parts, membersPatch(part, group))
    : writeRequest('PUT', id, group.version, parts, groupBody(group, part));
  const answer = await sendToGroup(request, id, parts, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable':
      return await readWritten(answer, id, part, request, parts, call);
    case 'unsupported':
      // Where neither is taken, that says nothing about PATCH: a proxy may be the one who answers.
      verbs.patch = request.method === 'PUT' && habits.update === 'patch';
      if (request.method === 'PATCH') return { kind: 'again' };
      throw new Refused(answer.status, answer.words);
    case 'missing':
      // It may be a member that is missing.
      if ((await read(id, parts, call)) === undefined) return { kind: 'missing' };
      return { kind: 'refused', why: new Refused(answer.status, answer.words) };
    case 'conflict':
    case 'refused':
    case 'forbidden':
      return notTaken(answer, request);
  }
}

/** A 409 may mean an old version as well (draft-scim-api-01, 3.9). */
function notTaken(answer: Refusal, request: ScimRequest): Sent {
  if (isPreconditionFailed(answer, request)) {
    const why = new TargetUnavailable(
      `${request.what}: the group changed each time between read and write (412)`,
    );
    return { kind: 'stale', why };
  }
  const refused = new Refused(answer.status, answer.words);
  if (answer.kind === 'conflict' && request.ifMatch !== undefined) return { kind: 'stale', why: refused };
  return { kind: 'refused', why: refused };
}

type Refusal = Extract<ScimAnswer, { kind: 'conflict' | 'refused' | 'forbidden' }>;

/** Some answers only repeat what was there before, and some servers do nothing and say 200: then a read decides. */
async function readWritten(
  answer: ScimAnswer,
  id: string,
  part: MemberChange,
  request: ScimRequest,
  parts: GroupParts,
  call: Call,
): Promise<Sent> {
  const told = groupIn(answer, id);
  const written = { kind: 'written', version: told?.version } as const;
  if (told === null || isSo(part, told)) return written;
  const group = await lookAfter(request, () => read(id, parts, call));
  if (group === undefined) return { kind: 'missing' };
  if (isSo(part, group)) return { ...written, version: group.version };
  const words = 'the target said that it was done, but shows the members as they were';
  return { kind: 'refused', why: new Refused(answer.status, words) };
}

/** Whether nothing that the group shows speaks against the change. */
function isSo(part: MemberChange, group: Group): boolean {
  return !showsMembers(group) || isNothing(neededChange(part, group));
}

function withVersion({ version: _old, ...group }: Group, version: string | undefined): Group {
  return version === undefined ? group : { ...group, version };
}

async function read(id: string, parts: GroupParts, call: Call): Promise<Group | undefined> {
  const [group] = await findGroupById(id, parts, call);
  return group;
}

/** What is done with groups. Members are changed by PATCH as by the letter in every dialect (draft-scim-api-01, 3.3.2). */
import { readAttributes } from './attributes.ts';
import type { GroupHabits } from './dialects/dialect.ts';
import type { Ask } from './exchange.ts';
import type { Distortions } from './fault-effects.ts';
import type { Group, GroupStore } from './group-store.ts';
import { listOf } from './list.ts';
import { applyPatch } from './patch.ts';
import { type Answer, emptyReply, jsonReply } from './reply.ts';
import { resourceIn } from './resource-body.ts';
import { methodNotAllowed } from './scim-error.ts';
import type { Service } from './service.ts';
import { checkIfMatch, etagOf } from './versions.ts';

type GroupService = Service & { readonly groups: GroupStore };

export function answerGroups(ask: Ask, service: GroupService, distortions: Distortions): Answer {
  const { groups, views, dialect } = service;
  if (ask.method === 'GET') {
    const shown = groups.list().map((group) => views.group(group));
    return jsonReply(200, listOf(dialect, 'groups', shown, ask.query, distortions));
  }
  if (ask.method !== 'POST') throw methodNotAllowed();
  const group = groups.create(readAttributes(resourceIn(ask, dialect, 'group'), 'absent'));
  const headers = { Location: views.locationOfGroup(group), ...etagOf(dialect.versions, group) };
  return jsonReply(201, views.group(group), headers);
}

export function answerGroup(ask: Ask, id: string, service: GroupService): Answer {
  const { groups, dialect } = service;
  const current = groups.get(id);
  if (ask.method === 'GET') return shown(current, service);
  if (!['PUT', 'PATCH', 'DELETE'].includes(ask.method)) throw methodNotAllowed();
  checkIfMatch(dialect.versions, ask.method, ask.ifMatch, current);
  switch (ask.method) {
    case 'PUT':
      return shown(groups.replace(id, readAttributes(resourceIn(ask, dialect, 'group'), 'absent')), service);
    case 'PATCH': {
      const changed = groups.replace(id, applyPatch(current.attributes, resourceIn(ask, dialect, 'group')));
      return dialect.groups?.patchStatus === 204 ? emptyReply(204) : shown(changed, service);
    }
    default:
      return remove(current, service, dialect.groups?.remove);
  }
}

function shown(group: Group, { views, dialect }: GroupService): Answer {
  return jsonReply(200, views.group(group), etagOf(dialect.versions, group));
}

function remove(
  group: Group,
  { groups, views }: GroupService,
  habit: GroupHabits['remove'] | undefined,
): Answer {
  const last = views.group(group);
  groups.remove(group.id);
  return habit?.answer === 'whole' ? jsonReply(habit.status, last) : emptyReply(habit?.status ?? 204);
}

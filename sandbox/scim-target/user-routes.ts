/** What is done with users. Reading, replacing, patching and removing are the same everywhere but for what dialects say. */
import { type Attributes, readAttributes, setsPassword } from './attributes.ts';
import type { Ask } from './exchange.ts';
import type { Distortions } from './fault-effects.ts';
import type { JsonObject } from './json.ts';
import { listOf } from './list.ts';
import { type Answer, emptyReply, jsonReply } from './reply.ts';
import { resourceIn } from './resource-body.ts';
import { methodNotAllowed } from './scim-error.ts';
import type { Service } from './service.ts';
import { patchUser } from './user-patch.ts';
import type { User } from './user-store.ts';
import { checkIfMatch, etagOf } from './versions.ts';

export function answerUsers(ask: Ask, service: Service, distortions: Distortions): Answer {
  const { users, views, dialect } = service;
  if (ask.method === 'GET') {
    const shown = users.list().filter((user) => !isHidden(user, distortions.hidden));
    return jsonReply(
      200,
      listOf(
        dialect,
        'users',
        shown.map((user) => views.user(user)),
        ask.query,
        distortions,
      ),
    );
  }
  if (ask.method !== 'POST') throw methodNotAllowed();
  const body = resourceIn(ask, dialect, 'user');
  const user = users.create(readAttributes(body, 'absent'), setsPassword(body));
  const headers = { Location: views.locationOfUser(user), ...etagOf(dialect.versions, user) };
  return jsonReply(dialect.users.createStatus, views.user(user), headers);
}

export function answerUser(ask: Ask, id: string, service: Service): Answer {
  const { users, dialect } = service;
  const current = users.get(id);
  if (ask.method === 'GET') return shown(current, service);
  if (!['PUT', 'PATCH', 'DELETE'].includes(ask.method)) throw methodNotAllowed();
  checkIfMatch(dialect.versions, ask.method, ask.ifMatch, current);
  if (ask.method === 'DELETE') return remove(current, service);
  const body = resourceIn(ask, dialect, 'user');
  return shown(users.replace(id, wantedOf(ask.method, current, body, service), setsPassword(body)), service);
}

function wantedOf(method: string, current: User, body: JsonObject, { dialect }: Service): Attributes {
  const { patch, fixed } = dialect.users;
  const wanted =
    method === 'PUT' ? readAttributes(body, 'absent') : patchUser(patch, current.attributes, body);
  const free = Object.entries(wanted).filter(([name]) => !fixed.includes(name));
  const kept = Object.entries(current.attributes).filter(([name]) => fixed.includes(name));
  return Object.fromEntries([...free, ...kept]);
}

function shown(user: User, { views, dialect }: Service): Answer {
  return jsonReply(200, views.user(user), etagOf(dialect.versions, user));
}

function remove(user: User, { users, groups, views, dialect }: Service): Answer {
  const { effect, status, answer } = dialect.users.remove;
  const last = views.user(user);
  if (effect === 'deactivates') {
    users.replace(user.id, { ...user.attributes, active: false }, false);
  } else {
    users.remove(user.id);
    groups?.forgetMember(user.id);
  }
  return answer === 'whole' ? jsonReply(status, last) : emptyReply(status);
}

function isHidden(user: User, hidden: Distortions['hidden']): boolean {
  return hidden === 'everybody' || hidden.has(user.id) || hidden.has(user.userName.toLowerCase());
}

/**
 * The SCIM endpoints: which request goes where (draft-scim-api-01, section 3). Credentials, budget and faults have been
 * dealt with before; what a dialect does not have is 404.
 */
import { answerBulk } from './bulk.ts';
import type { Dialect } from './dialects/dialect.ts';
import { configOf, schemasAt } from './discovery.ts';
import type { Ask } from './exchange.ts';
import type { Distortions } from './fault-effects.ts';
import { answerGroup, answerGroups } from './group-routes.ts';
import { type Answer, jsonReply } from './reply.ts';
import type { Resource } from './resource.ts';
import { methodNotAllowed, ScimError } from './scim-error.ts';
import { scimPlaceOf } from './scim-place.ts';
import type { Service } from './service.ts';
import { answerUser, answerUsers } from './user-routes.ts';

/** @throws ScimError */
export function answerScim(ask: Ask, service: Service, distortions: Distortions): Answer {
  const place = scimPlaceOf(service.dialect, ask.path);
  const { dialect, groups } = service;
  switch (place.kind) {
    case 'users':
      return answerUsers(ask, service, distortions);
    case 'user':
      refuseGone(ask, dialect, service.users.find(place.id));
      return answerUser(ask, place.id, service);
    case 'groups':
      return groups === null ? nowhere() : answerGroups(ask, { ...service, groups }, distortions);
    case 'group':
      refuseGone(ask, dialect, groups?.find(place.id));
      return groups === null ? nowhere() : answerGroup(ask, place.id, { ...service, groups });
    case 'bulk':
      return dialect.bulk === null ? nowhere() : bulk(ask, service, dialect.bulk, distortions);
    case 'config':
      return readOnly(ask, configOf(dialect));
    case 'schemas':
      return readOnly(ask, schemasAt(dialect, place.id));
    case 'elsewhere':
      return nowhere();
  }
}

/** Each operation is answered as if it had come by itself. */
function bulk(
  ask: Ask,
  service: Service,
  limits: NonNullable<Dialect['bulk']>,
  distortions: Distortions,
): Answer {
  return answerBulk(ask, limits, (operation) =>
    answerScim({ ...operation, path: `${service.dialect.base}${operation.path}` }, service, distortions),
  );
}

function readOnly(ask: Ask, value: ReturnType<typeof configOf>): Answer {
  if (value === null) return nowhere();
  if (ask.method !== 'GET') throw methodNotAllowed();
  return jsonReply(200, value);
}

/** @throws ScimError 500 where a dialect takes it for an error of its own */
function refuseGone(ask: Ask, { missing }: Dialect, resource: Resource | undefined): void {
  if (missing === undefined || resource !== undefined || !['PATCH', 'DELETE'].includes(ask.method)) return;
  throw new ScimError(missing, 'There is no resource with this id.');
}

function nowhere(): never {
  throw new ScimError(404, 'There is no such endpoint.');
}

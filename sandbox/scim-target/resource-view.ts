/**
 * Users and groups as a dialect writes them on the wire. The password is never part of it. A user's groups are read
 * off the groups; `type` is `direct`, since groups within groups are not followed.
 */
import { CORE_URN } from './attributes.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Group, GroupStore } from './group-store.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import type { Resource } from './resource.ts';
import type { User, UserStore } from './user-store.ts';
import { versionOf } from './versions.ts';

export class ResourceViews {
  /** Users are values, so what one looks like can be remembered: a search over thousands writes each only once. */
  private readonly remembered = new WeakMap<User, JsonObject>();
  private readonly dialect: Dialect;
  private readonly users: UserStore;
  private readonly groups: GroupStore | null;
  private readonly baseUrl: () => string;

  /** @param baseUrl ends before `/users`; asked for late, since a free port is known only after listening */
  constructor(dialect: Dialect, users: UserStore, groups: GroupStore | null, baseUrl: () => string) {
    this.dialect = dialect;
    this.users = users;
    this.groups = groups;
    this.baseUrl = baseUrl;
  }

  locationOfUser(user: User): string {
    return `${this.baseUrl()}/${this.dialect.resource.usersWord}/${encodeURIComponent(user.id)}`;
  }

  locationOfGroup(group: Group): string {
    return `${this.baseUrl()}/Groups/${group.id}`;
  }

  user(user: User): JsonObject {
    const view = this.remembered.get(user) ?? this.writeUser(user);
    this.remembered.set(user, view);
    const groups = this.groups?.of(user.id) ?? [];
    if (groups.length === 0) return view;
    const direct = { type: this.dialect.groups?.memberTypes?.user === 'USER' ? 'DIRECT' : 'direct' };
    return {
      ...view,
      groups: groups.map(({ id, displayName }) => ({ value: id, display: displayName, ...direct })),
    };
  }

  group(group: Group): JsonObject {
    const members = group.members.map((id) => this.member(id));
    return this.frame(group, { ...group.attributes, members }, this.locationOfGroup(group));
  }

  private writeUser(user: User): JsonObject {
    const { writesWholeName, showsPrimary } = this.dialect.resource;
    const named = writesWholeName ? withWholeName(user.attributes) : user.attributes;
    return this.frame(user, showsPrimary ? named : withoutPrimary(named), this.locationOfUser(user));
  }

  private frame(resource: Resource, attributes: JsonObject, location: string): JsonObject {
    const extensions = Object.keys(attributes).filter((name) => name.startsWith('urn:'));
    const schemas = this.dialect.resource.showsSchemas ? { schemas: [CORE_URN, ...extensions] } : {};
    return { ...schemas, id: resource.id, ...attributes, meta: this.meta(resource, location) };
  }

  private meta(resource: Resource, location: string): JsonObject {
    const { versions } = this.dialect;
    const { times, meta } = this.dialect.resource;
    const all: JsonObject = {
      created: written(resource.created, times),
      lastModified: written(resource.lastModified, times),
      location,
      ...(versions === null ? {} : { version: versionOf(versions, resource) }),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => meta.some((shown) => shown === name)));
  }

  private member(id: string): JsonObject {
    const user = this.users.find(id);
    const { memberTypes = null, memberDisplay = false } = this.dialect.groups ?? {};
    const display = user?.userName ?? this.groups?.find(id)?.displayName;
    return {
      value: id,
      ...(memberDisplay && display !== undefined ? { display } : {}),
      ...(memberTypes === null ? {} : { type: user ? memberTypes.user : memberTypes.group }),
    };
  }
}

function written(time: string, form: Dialect['resource']['times']): string {
  switch (form) {
    case 'utc':
      return time;
    case 'zoneless':
      return time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
    case 'offset':
      return `${time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}+00:00`;
  }
}

function withWholeName(attributes: JsonObject): JsonObject {
  const name = attributes['name'];
  if (!isObject(name) || name['formatted'] !== undefined) return attributes;
  const formatted = [name['givenName'], name['familyName']]
    .filter((part) => typeof part === 'string')
    .join(' ');
  return formatted === '' ? attributes : { ...attributes, name: { ...name, formatted } };
}

function withoutPrimary(attributes: JsonObject): JsonObject {
  const plain = (value: Json): Json => {
    if (!isObject(value)) return value;
    const { primary: _dropped, ...rest } = value;
    return rest;
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, isList(value) ? value.map(plain) : value]),
  );
}

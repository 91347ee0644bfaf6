/**
 * A user as this target writes it on the wire. A single user comes without `schemas`, and `meta.location` is written
 * with a small `users`, both as the vendor's documentation shows it. The password is never part of it.
 */
import { isObject, type JsonObject } from './json.ts';
import type { User } from './user-store.ts';

/** Users are values, so what one looks like can be remembered: a search over thousands renders each only once. */
export class UserRenderer {
  private readonly rendered = new WeakMap<User, JsonObject>();
  private readonly baseUrl: () => string;

  /** @param baseUrl ends before `/users`; asked for late, since a free port is known only after listening */
  constructor(baseUrl: () => string) {
    this.baseUrl = baseUrl;
  }

  location(user: User): string {
    return `${this.baseUrl()}/users/${user.id}`;
  }

  render(user: User): JsonObject {
    const known = this.rendered.get(user);
    if (known) return known;
    const meta = { created: user.created, location: this.location(user) };
    const resource = { id: user.id, ...withFormattedName(user.attributes), meta };
    this.rendered.set(user, resource);
    return resource;
  }
}

/** The target writes out the whole name where nobody has set it. */
function withFormattedName(attributes: JsonObject): JsonObject {
  const name = attributes['name'];
  if (!isObject(name) || name['formatted'] !== undefined) return attributes;
  const formatted = [name['givenName'], name['familyName']]
    .filter((part) => typeof part === 'string')
    .join(' ');
  return formatted === '' ? attributes : { ...attributes, name: { ...name, formatted } };
}

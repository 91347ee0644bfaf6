/**
 * The groups this target holds, in memory, in the order they were made. It decides whether a name is free and whether
 * a member exists; of a member only the id is kept, the rest is the server's to say (draft-scim-core-schema-01, 8).
 */
import type { Attributes } from './attributes.ts';
import type { GroupHabits } from './dialects/dialect.ts';
import { isList, isObject, type Json } from './json.ts';
import { newServerSide, nextServerSide, type Resource, type ServerSide } from './resource.ts';
import { ScimError } from './scim-error.ts';

export type Group = Resource & { readonly displayName: string; readonly members: readonly string[] };

export type GroupStoreSettings = {
  readonly habits: GroupHabits;
  readonly now: () => Date;
  readonly nextId: () => string;
  readonly userExists: (id: string) => boolean;
};

export class GroupStore {
  private readonly groups = new Map<string, Group>();
  /** By member; made when it is asked for, gone with each change. */
  private memberships: ReadonlyMap<string, readonly Group[]> | null = null;
  private readonly settings: GroupStoreSettings;

  constructor(settings: GroupStoreSettings) {
    this.settings = settings;
  }

  list(): readonly Group[] {
    return [...this.groups.values()];
  }

  find(id: string): Group | undefined {
    return this.groups.get(id);
  }

  /** @throws ScimError 404 */
  get(id: string): Group {
    const group = this.groups.get(id);
    if (!group) throw new ScimError(404, 'There is no group with this id.');
    return group;
  }

  /** The groups that a user or group is a member of, itself. */
  of(member: string): readonly Group[] {
    this.memberships ??= byMember(this.list());
    return this.memberships.get(member) ?? [];
  }

  /** @throws ScimError 400, 409 */
  create(attributes: Attributes): Group {
    const { nextId, now } = this.settings;
    return this.keep(newServerSide(nextId(), now()), attributes);
  }

  /** @throws ScimError 400, 404, 409 */
  replace(id: string, attributes: Attributes): Group {
    return this.keep(nextServerSide(this.get(id), this.settings.now()), attributes);
  }

  /** @throws ScimError 404 */
  remove(id: string): void {
    this.get(id);
    this.groups.delete(id);
    this.memberships = null;
    this.forgetMember(id);
  }

  /** A user or group that is gone is a member of nothing. */
  forgetMember(member: string): void {
    for (const group of this.of(member)) {
      const members = group.members.filter((id) => id !== member);
      const attributes = { ...group.attributes, members: members.map((value) => ({ value })) };
      this.put({ ...group, ...nextServerSide(group, this.settings.now()), attributes, members });
    }
  }

  clear(): void {
    this.groups.clear();
    this.memberships = null;
  }

  /** Takes back groups as they were saved. */
  restore(groups: readonly Group[]): void {
    for (const group of groups) this.put(group);
  }

  private keep(server: ServerSide, sent: Attributes): Group {
    const displayName = this.nameIn(server.id, sent);
    const members = this.membersIn(sent);
    const attributes = { ...sent, displayName, members: members.map((value) => ({ value })) };
    const group = { ...server, attributes, displayName, members };
    this.put(group);
    return group;
  }

  private put(group: Group): void {
    this.groups.set(group.id, group);
    this.memberships = null;
  }

  private nameIn(id: string, sent: Attributes): string {
    const { prefix, uniqueNames } = this.settings.habits;
    const given = sent['displayName'];
    if (typeof given !== 'string' || given.trim() === '')
      throw new ScimError(400, 'displayName: must be a text that is not empty');
    const name = given.includes('/') ? given : `${prefix}${given}`;
    const folded = name.toLowerCase();
    const taken = this.list().some((other) => other.id !== id && other.displayName.toLowerCase() === folded);
    if (uniqueNames && taken) throw new ScimError(409, 'displayName is taken by another group.', 'duplicate');
    return name;
  }

  private membersIn(sent: Attributes): readonly string[] {
    const given = sent['members'] ?? [];
    if (!isList(given)) throw new ScimError(400, 'members: must be a list');
    return [...new Set(given.map((member) => this.memberIn(member)))];
  }

  private memberIn(member: Json): string {
    const value = isObject(member) ? member['value'] : undefined;
    const exists = typeof value === 'string' && (this.settings.userExists(value) || this.groups.has(value));
    if (typeof value === 'string' && exists) return value;
    throw new ScimError(400, 'members: there is no user or group with this id');
  }
}

function byMember(groups: readonly Group[]): ReadonlyMap<string, readonly Group[]> {
  const found = new Map<string, Group[]>();
  for (const group of groups) {
    for (const member of group.members) found.set(member, [...(found.get(member) ?? []), group]);
  }
  return found;
}

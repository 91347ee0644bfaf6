/**
 * The accounts this target holds, in memory, in the order they were made.
 *
 * It decides who may have a userName (unique ignoring case, unless a dialect tells cases apart, or the rule is
 * switched off) and what the server sets itself. Users are values: a change makes a new one. Ids are never reused, unless
 * they are names.
 */
import type { Attributes } from './attributes.ts';
import type { UserHabits } from './dialects/dialect.ts';
import { newServerSide, nextServerSide, type Resource, type ServerSide } from './resource.ts';
import { ScimError } from './scim-error.ts';
import { lastAccessOf, type SettledUser, settleUser } from './user-rules.ts';

export type User = Resource & {
  readonly userName: string;
  /** The text itself is not kept: nothing here needs it. */
  readonly hasPassword: boolean;
};

export type UserStoreSettings = {
  readonly habits: UserHabits;
  readonly unique: boolean;
  readonly now: () => Date;
  readonly nextId: () => string;
};

export class UserStore {
  private readonly users = new Map<string, User>();
  private readonly idsByName = new Map<string, Set<string>>();
  private readonly settings: UserStoreSettings;

  constructor(settings: UserStoreSettings) {
    this.settings = settings;
  }

  list(): readonly User[] {
    return [...this.users.values()];
  }

  find(id: string): User | undefined {
    return this.users.get(id);
  }

  /** @throws ScimError 404 */
  get(id: string): User {
    const user = this.users.get(id);
    if (!user) throw new ScimError(404, 'There is no user with this id.');
    return user;
  }

  /** @throws ScimError 400, 409 */
  create(attributes: Attributes, hasPassword: boolean): User {
    const { habits, nextId, now } = this.settings;
    const settled = settleUser(habits, attributes, undefined);
    const id = habits.ids === 'first-name' ? settled.userName : nextId();
    if (this.users.has(id)) throw new ScimError(409, 'id is taken by another user.', 'duplicate');
    return this.keep(newServerSide(id, now()), hasPassword, settled);
  }

  /** Replaces all but the password and what is read-only. @throws ScimError 400, 404, 409 */
  replace(id: string, attributes: Attributes, setsPassword: boolean): User {
    return this.change(this.get(id), attributes, setsPassword, lastAccessOf(this.get(id).attributes));
  }

  /** Sets all attributes by hand, also those no client may write. @throws ScimError 400, 404, 409 */
  overwrite(id: string, attributes: Attributes, setsPassword: boolean): User {
    return this.change(this.get(id), attributes, setsPassword, lastAccessOf(attributes));
  }

  /** @throws ScimError 404 */
  remove(id: string): void {
    this.forgetName(this.get(id));
    this.users.delete(id);
  }

  clear(): void {
    this.users.clear();
    this.idsByName.clear();
  }

  /** Takes back users as they were saved. */
  restore(users: readonly User[]): void {
    for (const user of users) this.put(user);
  }

  private change(
    current: User,
    attributes: Attributes,
    setsPassword: boolean,
    lastAccess: ReturnType<typeof lastAccessOf>,
  ): User {
    const settled = settleUser(this.settings.habits, attributes, lastAccess);
    const server = nextServerSide(current, this.settings.now());
    return this.keep(server, current.hasPassword || setsPassword, settled);
  }

  private keep(server: ServerSide, hasPassword: boolean, { userName, attributes }: SettledUser): User {
    const holders = this.idsByName.get(this.keyOf(userName)) ?? [];
    const others = [...holders].filter((holder) => holder !== server.id);
    if (this.settings.unique && others.length > 0)
      throw new ScimError(409, 'userName is taken by another user.', 'duplicate');
    const user = { ...server, userName, hasPassword, attributes };
    this.put(user);
    return user;
  }

  private put(user: User): void {
    const before = this.users.get(user.id);
    if (before) this.forgetName(before);
    const name = this.keyOf(user.userName);
    this.idsByName.set(name, (this.idsByName.get(name) ?? new Set()).add(user.id));
    this.users.set(user.id, user);
  }

  private keyOf(userName: string): string {
    return this.settings.habits.names === 'exact' ? userName : userName.toLowerCase();
  }

  private forgetName(user: User): void {
    const name = this.keyOf(user.userName);
    const ids = this.idsByName.get(name);
    ids?.delete(user.id);
    if (ids?.size === 0) this.idsByName.delete(name);
  }
}

/**
 * The accounts this target holds, in memory, in the order they were made.
 *
 * It decides who may have a userName (unique ignoring case, unless switched off to rehearse a target without that
 * rule) and what the server sets itself. Users are values: a change makes a new one. Ids are never reused.
 */
import { type Attributes, checkUser, lastAccessOf, withDefaults } from './attributes.ts';
import { ScimError } from './scim-error.ts';

export type User = {
  readonly id: string;
  readonly userName: string;
  readonly created: string;
  /** The text itself is not kept: nothing here needs it. */
  readonly hasPassword: boolean;
  readonly attributes: Attributes;
};

export type UserStoreSettings = {
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
    const created = this.settings.now().toISOString();
    return this.keep(
      { id: this.settings.nextId(), created, hasPassword },
      withDefaults(attributes, undefined),
    );
  }

  /** Replaces all but the password and what is read-only. @throws ScimError 400, 404, 409 */
  replace(id: string, attributes: Attributes, setsPassword: boolean): User {
    const current = this.get(id);
    const next = withDefaults(attributes, lastAccessOf(current.attributes));
    return this.keep({ ...current, hasPassword: current.hasPassword || setsPassword }, next);
  }

  /** Sets all attributes by hand, also those no client may write. @throws ScimError 400, 404, 409 */
  overwrite(id: string, attributes: Attributes, setsPassword: boolean): User {
    const current = this.get(id);
    const hasPassword = current.hasPassword || setsPassword;
    return this.keep({ ...current, hasPassword }, withDefaults(attributes, lastAccessOf(attributes)));
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

  private keep(server: Pick<User, 'id' | 'created' | 'hasPassword'>, attributes: Attributes): User {
    const { id, created, hasPassword } = server;
    const userName = checkUser(attributes);
    const others = [...(this.idsByName.get(userName.toLowerCase()) ?? [])].filter((holder) => holder !== id);
    if (this.settings.unique && others.length > 0)
      throw new ScimError(409, 'userName is taken by another user.');
    const user = { id, userName, created, hasPassword, attributes };
    this.put(user);
    return user;
  }

  private put(user: User): void {
    const before = this.users.get(user.id);
    if (before) this.forgetName(before);
    const name = user.userName.toLowerCase();
    this.idsByName.set(name, (this.idsByName.get(name) ?? new Set()).add(user.id));
    this.users.set(user.id, user);
  }

  private forgetName(user: User): void {
    const name = user.userName.toLowerCase();
    const ids = this.idsByName.get(name);
    ids?.delete(user.id);
    if (ids?.size === 0) this.idsByName.delete(name);
  }
}

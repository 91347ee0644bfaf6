/** Reads the answer to a search for users: a list as `lists/page.ts` has it, of what `user.ts` takes for a user. Pure. */
import { type List, readList } from '../lists/page.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Account, JsonObject } from '../resource.ts';
import { readUser } from './user.ts';

export type UserList = Omit<List<Account>, 'resources'> & {
  /** Each account once. */
  readonly accounts: readonly Account[];
};

/** @returns null where the body is not a list */
export function readUserList(body: JsonObject, { extensions }: Pick<Profile, 'extensions'>): UserList | null {
  const list = readList(body, (item) => readUser(item, { extensions }));
  if (list === null) return null;
  const { resources, total, unusable } = list;
  return { accounts: resources, total, unusable };
}

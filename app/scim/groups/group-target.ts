/**
 * The contract for the groups of one target (draft-scim-core-schema-01, 8). It knows nothing about who should be in a
 * group. Answers that are part of the normal course are values; everything else is thrown as one of the classes in
 * `errors.ts`, as `target.ts` says.
 */
import type { GroupHabits } from '../profiles/profile.ts';
import type { Call, ListCall, ListEnd } from '../target.ts';
import type { ScimTargetParts } from '../users/look-up.ts';
import type { Group } from './group.ts';
import type { MemberChange } from './member-changes.ts';

/** How a group is looked for. Every hit is checked against what was asked: servers ignore filters (O-11 e). */
export type GroupMatch = {
  readonly by: 'id' | 'displayName' | 'externalId';
  readonly value: string;
};

export type NewGroup = {
  readonly displayName: string;
  readonly externalId?: string;
  /** Ids of users or groups. */
  readonly members?: readonly string[];
};

export type GroupCreated =
  | {
      readonly kind: 'written';
      readonly group: Group;
      /** Who did not go into one request; `changeMembers` adds them. */
      readonly left: readonly string[];
    }
  /** 409: somebody holds this name. `words` are the server's. */
  | { readonly kind: 'conflict'; readonly status: number; readonly words: string };

export type GroupWritten =
  | { readonly kind: 'written'; readonly group: Group }
  | { readonly kind: 'missing' }
  /** The group is another one than was meant (412): nothing was written. */
  | { readonly kind: 'changed' };

export type GroupRemoved = { readonly kind: 'removed' | 'missing' | 'changed' };

export type MembersChanged =
  /** The members are as asked. `done` is what had to be written for it; the rest was so already. */
  | { readonly kind: 'done'; readonly done: MemberChange }
  /**
   * Some requests went through, and then one did not. `left` has still to be done, or was done by a request whose answer
   * was lost, or is refused; to ask for the whole change again is harmless.
   */
  | {
      readonly kind: 'partly';
      readonly done: MemberChange;
      readonly left: MemberChange;
      /** Of what is left, who was refused for themselves. */
      readonly refused: readonly RefusedMember[];
      readonly why: Error;
    }
  | { readonly kind: 'missing' };

/** What a listing of groups brings: pages, and always last what it is worth. */
export type ListedGroups =
  /** Each group once in a listing, never none. */
  { readonly kind: 'page'; readonly groups: readonly Group[] } | ListEnd;

/** `words` are the server's. */
export type RefusedMember = { readonly id: string; readonly words: string };

export interface GroupTarget {
  /** All groups that really match; empty when none does. By id: 404 is an empty list. */
  find(match: GroupMatch, call: Call): Promise<readonly Group[]>;
  /** All groups there are, with the care of `Target.list`. */
  list(call: ListCall): AsyncIterable<ListedGroups>;
  create(group: NewGroup, call: Call): Promise<GroupCreated>;
  /** @param version of the group as it is known, where it is */
  rename(id: string, displayName: string, call: Call, version?: string): Promise<GroupWritten>;
  /**
   * Adds and removes members, in several requests where they are many, and leaves everybody else alone.
   * @param known the group as just read; without it, it is read
   * @throws where the first request fails; what fails later is `partly`
   */
  changeMembers(id: string, change: MemberChange, call: Call, known?: Group): Promise<MembersChanged>;
  /** @param version of the group as it is known, where it is */
  remove(id: string, call: Call, version?: string): Promise<GroupRemoved>;
}

export type GroupParts = ScimTargetParts & {
  readonly habits: GroupHabits;
  /** What this target has turned out to take, for the life of the process. */
  readonly verbs: { patch: boolean };
};

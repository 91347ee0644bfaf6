/** What the SCIM endpoints work on. */
import type { Dialect } from './dialects/dialect.ts';
import type { GroupStore } from './group-store.ts';
import type { ResourceViews } from './resource-view.ts';
import type { UserStore } from './user-store.ts';

export type Service = {
  readonly dialect: Dialect;
  readonly users: UserStore;
  /** null where the dialect has none. */
  readonly groups: GroupStore | null;
  readonly views: ResourceViews;
};

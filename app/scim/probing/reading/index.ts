/** The probes that only read, in the order in which they are shown. */
import { claims } from './claims.ts';
import { endpoints } from './endpoints.ts';
import { externalIdSearch } from './external-id-search.ts';
import { filterGrammar } from './filter-grammar.ts';
import { limits } from './limits.ts';
import { listShape } from './list-shape.ts';
import { paging } from './paging.ts';
import type { ReadingProbe } from './scene.ts';
import { singleUser } from './single-user.ts';
import { userNameSearch } from './user-name-search.ts';

export const READING_PROBES: readonly ReadingProbe[] = [
  claims,
  endpoints,
  limits,
  listShape,
  paging,
  userNameSearch,
  externalIdSearch,
  filterGrammar,
  singleUser,
];

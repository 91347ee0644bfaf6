/**
 * What Landbridge remembers, as contracts. The use cases in `sync/` see only this folder; each contract is
 * implemented in Redis by the file of its name in `app/store/`.
 *
 * All times are ISO 8601 text in UTC in stored values and `Date` in arguments. Nothing here ever holds a credential,
 * except TokenVault, which keeps it encrypted or in a file of the operator's choosing.
 */

export type * from './accounts.ts';
export type * from './drift.ts';
export type * from './groups.ts';
export type * from './people.ts';
export type * from './plans.ts';
export type * from './records.ts';
export type * from './runs.ts';
export type * from './target-groups.ts';
export type * from './targets.ts';
export type * from './work.ts';

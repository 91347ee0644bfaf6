/**
 * Lists the users of a target, all of them or those that a query names. How is decided in `lists/`; here each user that
 * a page shows little of is read by itself, so that what a list leaves out never counts as gone.
 */
import { listResources, patiently } from '../lists/listing.ts';
import type { Account, JsonObject } from '../resource.ts';
import type { ListCall, Listed } from '../target.ts';
import { findById, readFailed, type ScimTargetParts, usersPath } from './look-up.ts';
import { readUser } from './user.ts';

/** @param query `filter=…`, where not everybody is wanted */
export async function* listAccounts(
  parts: ScimTargetParts,
  call: ListCall,
  query?: string,
): AsyncGenerator<Listed> {
  const { client, profile, name } = parts;
  const listing = {
    client,
    habits: profile,
    path: usersPath(parts),
    ...(query === undefined ? {} : { query }),
    what: `users at ${name}`,
    read: (item: JsonObject) => readUser(item, { extensions: profile.extensions }),
    failed: readFailed,
  };
  for await (const step of listResources(listing, call)) {
    if (step.kind === 'end') yield step;
    else if (profile.listShows === 'whole') yield { kind: 'page', accounts: step.resources };
    else yield* completed(step.resources, parts, call);
  }
}

/** One page with each user read by id; who is gone by then is left out, as if they had gone before. */
async function* completed(
  stubs: readonly Account[],
  parts: ScimTargetParts,
  call: ListCall,
): AsyncGenerator<Listed> {
  const accounts: Account[] = [];
  for (const { id } of stubs) accounts.push(...(await patiently(() => findById(id, parts, call), call)));
  if (accounts.length > 0) yield { kind: 'page', accounts };
}

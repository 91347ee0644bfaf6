/**
 * Which attributes a listing shows at all. Some targets list accounts with a few attributes only, and show the rest
 * when an account is asked for by id. So what an account lacks in a listing may have been emptied, or may just not be
 * shown; where the listing shows it of anybody, it was emptied. Pure.
 */

import { formatPath, isJsonObject, type JsonObject, objectWithoutBlanks } from '../../scim/resource.ts';
import type { Drift } from '../../store/ports/index.ts';

/** Adds to `shown` the paths of everything that one listed account says, as `formatPath` writes them, in lower case. */
export function noteShown(user: JsonObject, shown: Set<string>): void {
  for (const [name, value] of Object.entries(objectWithoutBlanks(user))) {
    shown.add(formatPath([name]).toLowerCase());
    if (!isJsonObject(value)) continue;
    for (const part of Object.keys(value)) shown.add(formatPath([name, part]).toLowerCase());
  }
}

/** The same entries, less what an account seems to lack where the listing shows it of nobody. */
export function shownOf(drifts: readonly Drift[], shown: ReadonlySet<string>): readonly Drift[] {
  return drifts.flatMap((drift) => {
    const differences = drift.differences.filter(
      ({ path, has }) => has !== null || shown.has(path.toLowerCase()),
    );
    return differences.length === 0 ? [] : [{ ...drift, differences }];
  });
}

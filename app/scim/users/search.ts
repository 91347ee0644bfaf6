/**
 * All users that a filter finds. The target is asked as much of the filter as it understands, page by page, and every
 * user that comes is checked here: some servers ignore a filter and answer with everybody (O-11 e). Nobody is left out
 * because the target understands less; it only gives more pages then, up to everybody.
 */
import type { FilterAbilities } from '../filter/abilities.ts';
import type { Filter, FilterLeaf } from '../filter/expression.ts';
import { filterQuery } from '../filter/filter.ts';
import { formatFilter } from '../filter/format.ts';
import { matchesFilter } from '../filter/matches.ts';
import { reduceFilter, weakened } from '../filter/reduce.ts';
import type { Profile } from '../profiles/profile.ts';
import { sameName } from '../resource.ts';
import type { ListCall, Listed } from '../target.ts';
import { listAccounts } from './listing.ts';
import type { ScimTargetParts } from './look-up.ts';

/** What an account does not show (`user.ts`), so that only the target can tell. */
const NOT_SHOWN = ['meta', 'schemas', 'password'];

export async function* searchAccounts(
  filter: Filter,
  parts: ScimTargetParts,
  call: ListCall,
): AsyncGenerator<Listed> {
  const { sent, check } = reduceFilter(filter, abilitiesOf(parts.profile));
  const shown = weakened(filter, isShown);
  if (check && shown !== filter) {
    const problem = `this target's search does not take the whole filter, and ${NOT_SHOWN.join(', ')} cannot be checked here`;
    yield { kind: 'end', complete: false, problem, requests: 0 };
    return;
  }
  const query = sent === null ? undefined : filterQuery(formatFilter(sent, parts.profile.filter));
  for await (const step of listAccounts(parts, call, query)) {
    if (step.kind === 'end' || shown === null) {
      yield step;
      continue;
    }
    const accounts = step.accounts.filter(({ id, user }) => matchesFilter(shown, { ...user, id }));
    if (accounts.length > 0) yield { kind: 'page', accounts };
  }
}

/** An unproven search by `externalId` may find nobody though somebody is there, so it is not relied on. */
function abilitiesOf({ filter, externalIdSearch }: Profile): FilterAbilities {
  if (externalIdSearch === 'supported') return filter;
  const { attributes = { allBut: [] } } = filter;
  const others =
    'only' in attributes
      ? { only: attributes.only.filter((name) => !sameName(name, 'externalId')) }
      : { allBut: [...attributes.allBut, 'externalId'] };
  return { ...filter, attributes: others };
}

function isShown({ path: [attribute] }: FilterLeaf): boolean {
  return !NOT_SHOWN.some((name) => sameName(name, attribute));
}

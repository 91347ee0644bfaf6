/**
 * Since when an account is switched off: what the days until a deletion are counted from (`app/plan/leaver.ts`). It is
 * kept in the link, from when we asked for it or found it so, and goes with the return. Pure.
 */
import type { AccountChange } from '../../plan/decision.ts';
import { isRemoval } from '../../plan/decision.ts';
import type { ScimUser } from '../../scim/resource.ts';
import type { Link } from '../../store/ports/index.ts';

/** The link, with since when it is switched off; of one that is not, without. */
export function withEnd(link: Link, now: Date): Link {
  const { endedAt, ...rest } = link;
  if (link.desired.active !== false) return rest;
  return { ...rest, endedAt: endedAt ?? now.toISOString() };
}

/** Where an account that somebody had switched on again is switched off once more, the days begin anew. */
export function begunAnew(link: Link, change: AccountChange): Link {
  return isRemoval(change) ? withoutEnd(link) : link;
}

export function withoutEnd({ endedAt: _before, ...link }: Link): Link {
  return link;
}

/** Whether an account that shall be off is seen so for the first time. */
export function endsNow(link: Link, desired: ScimUser): boolean {
  return desired.active === false && link.endedAt === undefined;
}

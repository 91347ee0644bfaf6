/**
 * Hears of changes by Active Directory's change notification ([MS-ADTS] 3.1.1.3.4.1.9): a search for each base that
 * never ends and names what was changed below it. No attribute is asked for.
 *
 * An entry that is deleted or moved away leaves the base and is not named; the next regular poll finds it.
 */
import { PresenceFilter } from 'ldapts';
import { isWithin } from '../../../person/dn.ts';
import type { RequestControl, Search } from '../protocol/search.ts';
import type { Session } from '../session.ts';
import { createBell, type Ringing } from './bell.ts';
import { hearEntries } from './endless-search.ts';
import type { Watching } from './watching.ts';

const NOTIFICATION: RequestControl = { oid: '1.2.840.113556.1.4.528', critical: true, value: null };

export const CHANGE_NOTIFICATION_WATCHING: Watching = {
  name: 'change-notification',
  whyNot: ({ server }) =>
    server.supports(NOTIFICATION.oid) ? null : 'the server does not announce change notification',
  async *listen(session) {
    const searches = basesOf(session).map(searchFor);
    yield* createBell(searches.map((search) => (ringing: Ringing) => hearEntries(session, search, ringing)));
  },
};

/** One for each tree, not for each list: a server takes five at a connection. */
function basesOf({ people, groups }: Session): readonly string[] {
  if (groups === null || isWithin(groups.base, people.base)) return [people.base];
  return isWithin(people.base, groups.base) ? [groups.base] : [people.base, groups.base];
}

function searchFor(base: string): Search {
  return {
    base,
    scope: 'sub',
    // The only one that is allowed.
    filter: new PresenceFilter({ attribute: 'objectClass' }),
    attributes: ['1.1'],
    controls: [NOTIFICATION],
  };
}

/**
 * Hears of changes by persistent search (draft-ietf-ldapext-psearch-03), as 389 Directory Server has it: a search for
 * people and one for groups that never end. No attribute is asked for, and no notification of what was changed: it is a
 * bell.
 *
 * Somebody who no longer fits the filter is not named; the next regular poll finds that out.
 */
import { BerWriter } from 'ldapts';
import type { RequestControl, Search } from '../protocol/search.ts';
import type { Session } from '../session.ts';
import type { Ringing } from './bell.ts';
import { createBell } from './bell.ts';
import { hearEntries } from './endless-search.ts';
import type { Watching } from './watching.ts';

const PERSISTENT_SEARCH = '2.16.840.1.113730.3.4.3';

/** add (1), delete (2), modify (4), modDN (8) */
const ANY_CHANGE = 15;

export const PERSISTENT_SEARCH_WATCHING: Watching = {
  name: 'persistent-search',
  whyNot: ({ server }) =>
    server.supports(PERSISTENT_SEARCH) ? null : 'the server does not announce persistent search',
  async *listen(session) {
    const searches = searchesOf(session);
    yield* createBell(searches.map((search) => (ringing: Ringing) => hearEntries(session, search, ringing)));
  },
};

function searchesOf({ people, groups }: Session): readonly Search[] {
  const how = { attributes: ['1.1'], controls: [onlyChanges()] };
  const ofPeople: Search = { ...people, ...how };
  if (groups === null) return [ofPeople];
  return [ofPeople, { base: groups.base, scope: 'sub', filter: groups.filter, ...how }];
}

/** SEQUENCE { changeTypes INTEGER, changesOnly BOOLEAN, returnECs BOOLEAN } */
function onlyChanges(): RequestControl {
  const value = new BerWriter();
  value.startSequence();
  value.writeInt(ANY_CHANGE);
  value.writeBoolean(true);
  value.writeBoolean(false);
  value.endSequence();
  return { oid: PERSISTENT_SEARCH, critical: true, value: value.buffer };
}

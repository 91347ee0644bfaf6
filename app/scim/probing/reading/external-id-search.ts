/** Whether users can be looked for by externalId, by which an account is found again after its userName has changed. */
import { equalsFilter } from '../../filter/filter.ts';
import type { Profile } from '../../profiles/profile.ts';
import type { Observed, Opinion } from '../finding.ts';
import { idOf, rawList, search, textOf } from '../users.ts';
import type { ReadingProbe } from './scene.ts';

type Shows = 'found' | 'taken' | 'refused' | 'ignored' | 'not found';

export const externalIdSearch: ReadingProbe = async ({ ask, profile, sample, list, nonce }) => {
  const find = (value: string) => search(ask, profile.usersPath, equalsFilter('externalId', value));
  const nobody = await find(nonce);
  const listed = rawList(nobody.body);
  const holder = [...(sample === null ? [] : [sample]), ...list.users].find(
    (user) => textOf(user, 'externalId') !== null,
  );
  const value = holder === undefined ? null : textOf(holder, 'externalId');
  const hits = value === null || listed === null ? null : rawList((await find(value)).body);
  const seen =
    holder === undefined || hits === null ? null : hits.users.some((user) => idOf(user) === idOf(holder));
  return [observed(shownBy(listed === null ? null : listed.users.length, seen), nobody.status)];
};

/** @param others how many were found for a value that nobody has; null where the search was refused */
function shownBy(others: number | null, seen: boolean | null): Shows {
  if (others === null) return 'refused';
  if (others > 0) return 'ignored';
  if (seen === null) return 'taken';
  return seen ? 'found' : 'not found';
}

function observed(shows: Shows, status: number): Observed {
  return {
    what: 'search: externalId',
    shows: shows === 'refused' ? `refused (${status})` : shows,
    against: (profile) => opinion(shows, profile),
  };
}

function opinion(shows: Shows, { externalIdSearch: says }: Profile): Opinion {
  switch (says) {
    case 'unsupported':
      return { says, verdict: 'agrees' };
    case 'supported':
      return shows === 'found' || shows === 'taken'
        ? { says, verdict: 'agrees' }
        : {
            says,
            verdict: 'differs',
            advice: 'match people by userName: nobody is found by externalId here',
          };
    case 'unproven':
      // A refusal is understood; a search that finds nobody although somebody is there is not told from an honest one.
      return shows === 'not found'
        ? {
            says,
            verdict: 'differs',
            advice: 'match people by userName: a search by externalId finds nobody',
          }
        : { says, verdict: 'agrees' };
  }
}

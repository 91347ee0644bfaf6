/**
 * Whether users are found by userName, which every look-up before a create rests on: the one who has the name and
 * nobody else, in another case as well, and nobody for a name that nobody has.
 */
import { equalsFilter } from '../../filter/filter.ts';
import type { JsonObject } from '../../resource.ts';
import type { Shown } from '../asking.ts';
import { must, type Observed, unseen } from '../finding.ts';
import { idOf, rawList, search, textOf } from '../users.ts';
import type { ReadingProbe } from './scene.ts';

const NOBODY = 'search: userName nobody has';
const EXACT = 'search: userName of a user';
const FOLDED = 'search: userName in another case';

export const userNameSearch: ReadingProbe = async ({ ask, profile, sample, nonce }) => {
  const find = (name: string) => search(ask, profile.usersPath, equalsFilter('userName', name));
  const nobody = nobodyFound(await find(nonce));
  const name = sample === null ? null : textOf(sample, 'userName');
  if (sample === null || name === null) {
    return [nobody, unseen(EXACT, 'no user is listed'), unseen(FOLDED, 'no user is listed')];
  }
  const exact = hit(await find(name), sample);
  const found = must(
    EXACT,
    'that user',
    exact,
    exact === 'that user',
    'nobody would be found before a create',
  );
  if (exact !== 'that user') return [nobody, found, unseen(FOLDED, 'the name itself is not found alone')];
  const other = inOtherCase(name);
  if (other === name) return [nobody, found, unseen(FOLDED, 'the name has no letters')];
  const folded = hit(await find(other), sample);
  return [nobody, found, caseOf(folded)];
};

function nobodyFound(shown: Shown): Observed {
  const list = rawList(shown.body);
  const count = list === null ? null : Math.max(list.users.length, list.total ?? 0);
  const shows = count === null ? `no list (${shown.status})` : count === 0 ? 'nobody' : 'others: ignored';
  return must(
    NOBODY,
    'nobody',
    shows,
    count === 0,
    'filters are not kept to: each look-up reads a page of users, and a new person may not be told from a known one',
  );
}

function hit(shown: Shown, wanted: JsonObject): string {
  const list = rawList(shown.body);
  if (list === null) return `no list (${shown.status})`;
  const ids = list.users.map(idOf);
  if (!ids.includes(idOf(wanted))) return 'nobody';
  return ids.length === 1 ? 'that user' : 'that user and others';
}

/** Names are not case-sensitive (draft-scim-core-schema-01, 3.1); a server for which they are takes a second account. */
function caseOf(shows: string): Observed {
  return {
    what: FOLDED,
    shows,
    against: () =>
      shows === 'that user'
        ? { says: 'that user', verdict: 'agrees' }
        : {
            says: 'that user',
            verdict: 'differs',
            advice:
              'userNames have to be mapped in the case that the target has them in: lower() in the mapping',
          },
  };
}

function inOtherCase(text: string): string {
  const upper = text.toUpperCase();
  return upper === text ? text.toLowerCase() : upper;
}

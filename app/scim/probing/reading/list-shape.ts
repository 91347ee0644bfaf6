/** How a list of users is written: its key, its totals, and whether it shows users whole or little more than their ids. */
import type { JsonObject } from '../../resource.ts';
import type { Ask } from '../asking.ts';
import { must, type Observed, told, unseen } from '../finding.ts';
import { idOf, type RawList, userPath } from '../users.ts';
import type { ReadingProbe } from './scene.ts';

/** All that a stub shows. */
const OF_A_STUB: ReadonlySet<string> = new Set(['id', 'username', 'meta', 'schemas']);

export const listShape: ReadingProbe = async ({ ask, list, sample, profile }) => [
  told('list: its key', list.key ?? 'none'),
  told('list: itemsPerPage', paged(list)),
  totals(list),
  sample === null
    ? unseen('list: shows users', 'no user is listed', (each) => each.listShows)
    : await wholeOrStubs(sample, ask, profile.usersPath),
];

function paged({ itemsPerPage, users }: RawList): string {
  if (itemsPerPage === undefined) return 'left out';
  return itemsPerPage === users.length ? 'how many there are' : 'another number';
}

function totals({ total, users }: RawList): Observed {
  const sound = total !== null && total >= users.length;
  const shows = total === null ? 'left out' : sound ? 'a sound number' : 'less than the page holds';
  return must(
    'list: totalResults',
    'a number',
    shows,
    sound,
    'no comparison of everybody can be complete there: who is missing cannot be told',
  );
}

async function wholeOrStubs(sample: JsonObject, ask: Ask, usersPath: string): Promise<Observed> {
  const isBare = Object.keys(sample).every((name) => OF_A_STUB.has(name.toLowerCase()));
  const id = idOf(sample) ?? '';
  const read = isBare ? (await ask({ method: 'GET', path: userPath(usersPath, id) })).body : null;
  if (isBare && (read === null || Object.keys(read).length <= Object.keys(sample).length)) {
    return unseen('list: shows users', 'no more than the user itself has', (each) => each.listShows);
  }
  const shows = isBare ? 'stubs' : 'whole';
  return {
    what: 'list: shows users',
    shows,
    against: ({ listShows }) => {
      if (listShows === shows) return { says: listShows, verdict: 'agrees' };
      const advice =
        shows === 'stubs'
          ? "what a list leaves out would read as gone: the profile's listShows has to be stubs"
          : "each user is read by itself for nothing: the profile's listShows could be whole";
      return { says: listShows, verdict: 'differs', advice };
    },
  };
}

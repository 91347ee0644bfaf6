/** Whether `count` is kept to, how many users a page holds at most, and what `startIndex` counts. */
import type { Ask } from '../asking.ts';
import { must, type Observed, unseen } from '../finding.ts';
import { idOf, type RawList, rawList } from '../users.ts';
import type { ReadingProbe } from './scene.ts';

const FROM_ONE = 'users, from 1';

export const paging: ReadingProbe = async ({ ask, list, profile }) => {
  const { usersPath, pageSize } = profile;
  const page = largestPage(list, pageSize);
  if ((list.total ?? list.users.length) < 2) {
    return [
      page,
      unseen('paging: count', 'fewer than 2 users'),
      unseen('paging: startIndex', 'fewer than 2 users', startIndexOf),
    ];
  }
  const counted = await idsAt(ask, usersPath, 'count=1');
  return [page, countKept(counted.length), await startIndex(ask, usersPath, counted[0] ?? null)];
};

function largestPage({ users, total }: RawList, asked: number): Observed {
  return {
    what: 'paging: largest page',
    shows: `${users.length} of ${total ?? 'an untold number'}`,
    against: ({ pageSize }) => {
      const says = String(pageSize);
      if (pageSize !== asked || total === null || total <= users.length) return { says, verdict: 'unknown' };
      if (users.length >= pageSize) return { says, verdict: 'agrees' };
      const advice = `a page holds ${users.length} at most: the profile's pageSize has to be no more`;
      return { says, verdict: 'differs', advice };
    },
  };
}

function countKept(given: number): Observed {
  return must(
    'paging: count',
    'kept to',
    given === 1 ? 'kept to' : given > 1 ? 'more than asked for' : 'nothing came',
    given === 1,
    'pages are longer than asked for; listings still end, but cost more than planned',
  );
}

async function startIndex(ask: Ask, usersPath: string, first: string | null): Promise<Observed> {
  const [at1] = await idsAt(ask, usersPath, 'startIndex=1&count=1');
  const [at2] = await idsAt(ask, usersPath, 'startIndex=2&count=1');
  const shows = counting(first, at1 ?? null, at2 ?? null);
  return {
    what: 'paging: startIndex',
    shows,
    against: (profile) => {
      const says = startIndexOf(profile);
      if (shows === says) return { says, verdict: 'agrees' };
      if (shows === 'cannot be told') return { says, verdict: 'unknown' };
      const advice = 'listings would miss people or never be complete';
      const mend = shows === 'ignored' ? '' : `: the profile's paging has to be ${modeFor(says)}`;
      return { says, verdict: 'differs', advice: `${advice}${mend}` };
    },
  };
}

/** With pages of one user a page number from 0 and a user's number from 0 are the same. */
function counting(first: string | null, at1: string | null, at2: string | null): string {
  if (first === null || at1 === null) return 'cannot be told';
  if (at1 !== first) return 'pages, from 0';
  if (at2 === first) return 'ignored';
  return at2 === null ? 'cannot be told' : FROM_ONE;
}

function startIndexOf({ paging: mode }: { readonly paging: 'index1' | 'page0' }): string {
  return mode === 'index1' ? FROM_ONE : 'pages, from 0';
}

function modeFor(says: string): string {
  return says === FROM_ONE ? 'page0' : 'index1';
}

async function idsAt(ask: Ask, usersPath: string, query: string): Promise<readonly string[]> {
  const list = rawList((await ask({ method: 'GET', path: `${usersPath}?${query}` })).body);
  return (list?.users ?? []).flatMap((user) => idOf(user) ?? []);
}

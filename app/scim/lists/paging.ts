/**
 * Decides what to ask for next while all resources of one kind are listed, and what the listing proves once it is over.
 * Pure: it counts, `listing.ts` asks and tells the ids apart (draft-scim-api-01, 3.2.2.3; O-15). `itemsPerPage` is
 * never read: servers put the page's size there, the number returned, or 0.
 *
 *   what came                                              next
 *   ────────────────────────────────────────────────────   ───────────────────────────────────────────────
 *   nothing yet                                            the first page, without startIndex
 *   an empty page, or one without a new id                 end
 *   as many ids as totalResults, and a page that was not   end
 *     cut: not exactly as long as asked for, and shorter
 *     than those before it
 *   as many ids as totalResults, and a page that may be    one look behind it: some servers count the page alone
 *     cut
 *   as many entries as totalResults, but fewer ids, and    end: the same ones come again and again
 *     another page since
 *   anything else, also more ids than totalResults         the next page
 *
 *   totalResults         distinct ids    what it means                                             complete
 *   ──────────────────   ─────────────   ───────────────────────────────────────────────────────   ────────
 *   the same, or grown   = the last      all are among those seen, whoever came meanwhile as well  yes
 *   the same, or grown   < the last      skipped or moved across a page's edge, or it is too high  no
 *   any                  > the last      it is too low, or seen ones were deleted                  no
 *   fell in between      any             a deletion moves others up, past the next page's start    no
 *   not told at the end  any             nobody says how many there are                            no
 *
 * Entries without an id, and a full page that came again where an empty one was due, are never complete either.
 * No count can show two things: between two pages as many accounts were made as deleted, or more; and a server that
 * cuts below what was asked for and calls what it gave the total. So whoever is missing from a complete listing has
 * to be looked up before anything is done about them.
 */
import type { Profile } from '../profiles/profile.ts';

export type PagingHabits = Pick<Profile, 'paging' | 'pageSize'>;

export type PageNews = {
  /** All elements, doubles and unusable ones as well. */
  readonly entries: number;
  /** Ids that no earlier page had. */
  readonly fresh: number;
  /** Elements without an id, or that are no user. */
  readonly unusable: number;
  /** totalResults, where it is told. */
  readonly total: number | null;
  /** As the server gives it back. */
  readonly startIndex: number | null;
};

export type Progress = {
  readonly pages: number;
  readonly last: PageNews | null;
  readonly entries: number;
  readonly distinct: number;
  readonly unusable: number;
  /** Of the pages before the last one. */
  readonly longestBefore: number;
  /** What the server calls its first entry. */
  readonly base: 0 | 1;
  readonly total: number | null;
  readonly highestTotal: number;
  readonly fell: boolean;
};

export type Verdict =
  | { readonly complete: true; readonly problem: null }
  | { readonly complete: false; readonly problem: string };

export type Step =
  | { readonly kind: 'ask'; readonly startIndex: number | null }
  | { readonly kind: 'end'; readonly verdict: Verdict };

export const NOTHING_YET: Progress = {
  pages: 0,
  last: null,
  entries: 0,
  distinct: 0,
  unusable: 0,
  longestBefore: 0,
  base: 1,
  total: null,
  highestTotal: 0,
  fell: false,
};

/** Two million accounts at 200 a page. A server that makes up new ids for ever is left here. */
const MOST_PAGES = 10_000;

export function afterPage(so: Progress, page: PageNews): Progress {
  const total = totalAfter(so, page);
  return {
    pages: so.pages + 1,
    last: page,
    entries: so.entries + page.entries,
    distinct: so.distinct + page.fresh,
    unusable: so.unusable + page.unusable,
    longestBefore: Math.max(so.longestBefore, so.last?.entries ?? 0),
    base: so.last === null && page.startIndex === 0 ? 0 : so.base,
    total,
    highestTotal: Math.max(so.highestTotal, total ?? 0),
    fell: so.fell || (total !== null && total < so.highestTotal),
  };
}

export function nextStep(so: Progress, habits: PagingHabits): Step {
  if (so.last === null) return { kind: 'ask', startIndex: null };
  const reached = so.distinct === so.total && !mayBeCut(so, so.last, habits);
  if (!reached && !circles(so, so.last) && so.last.fresh > 0 && so.pages < MOST_PAGES) {
    return { kind: 'ask', startIndex: habits.paging === 'page0' ? so.pages : so.base + so.entries };
  }
  const problem = problemOf(so, so.last);
  return {
    kind: 'end',
    verdict: problem === null ? { complete: true, problem } : { complete: false, problem },
  };
}

/** Behind the last entry some servers say 0 or nothing. That takes back no total that was told before. */
function totalAfter(so: Progress, page: PageNews): number | null {
  const behindTheLast = so.last !== null && page.entries === 0;
  return behindTheLast && (page.total ?? 0) === 0 ? so.total : page.total;
}

/** By our count, or by a limit of the server's own, which shows in pages of one length. */
function mayBeCut(so: Progress, last: PageNews, { pageSize }: PagingHabits): boolean {
  if (last.entries === 0) return false;
  return last.entries === pageSize || (so.pages > 1 && last.entries >= so.longestBefore);
}

/** We have looked behind the last entry, and there is no end: startIndex does not go forward as we count. */
function circles(so: Progress, last: PageNews): boolean {
  return so.total !== null && so.distinct < so.total && so.entries - last.entries >= so.total;
}

function problemOf(so: Progress, last: PageNews): string | null {
  const { pages, unusable, distinct, total, fell } = so;
  const repeated = last.entries > 0 && last.fresh === 0;
  if (pages >= MOST_PAGES) return `after ${pages} pages the list still went on`;
  if (unusable > 0) return 'some entries came without an id or a userName';
  if (total === null) return `${distinct} accounts came, but totalResults is not told`;
  if (repeated) {
    return (
      `page ${pages} brought nobody new after ${distinct} of ${total} accounts; ` +
      'startIndex is ignored, or counted in another way than the profile says'
    );
  }
  if (fell) return 'totalResults fell: accounts were deleted meanwhile, so others may be skipped';
  if (distinct > total) return `${distinct} accounts came, more than totalResults says (${total})`;
  if (distinct === total) return null;
  return so.entries > distinct
    ? `${distinct} of ${total} accounts came, some of them more than once`
    : `the pages ended after ${distinct} of ${total} accounts`;
}

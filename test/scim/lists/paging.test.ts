import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterPage, NOTHING_YET, nextStep, type PageNews } from '../../../app/scim/lists/paging.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import { listAccounts } from '../../../app/scim/users/listing.ts';
import { aCall } from '../memory-ports.ts';
import { HABITS } from './list-habits.ts';
import { type Simulated, simulatedList } from './simulated-list.ts';

const BY_100 = { paging: 'index1', pageSize: 100 } as const;

/** A page of `entries`, all of them new, of `total`. */
function page(entries: number, total: number | null, more: Partial<PageNews> = {}): PageNews {
  return { entries, fresh: entries, unusable: 0, total, startIndex: null, ...more };
}

/** What is asked for while these pages come, and the verdict: true, or the problem. */
function play(pages: readonly PageNews[], habits: Parameters<typeof nextStep>[1] = BY_100) {
  const asked: (number | null)[] = [];
  let so = NOTHING_YET;
  for (const next of [...pages, null]) {
    const step = nextStep(so, habits);
    if (step.kind === 'end') {
      if (next !== null) throw new Error(`ended after ${asked.length} pages`);
      return { asked, verdict: step.verdict.complete || step.verdict.problem };
    }
    asked.push(step.startIndex);
    if (next === null) return { asked, verdict: 'goes on' };
    so = afterPage(so, next);
  }
  throw new Error('unreachable');
}

const IGNORED = 'startIndex is ignored, or counted in another way than the profile says';
const FELL = 'totalResults fell: accounts were deleted meanwhile, so others may be skipped';
const UNTOLD = '250 accounts came, but totalResults is not told';

describe('which pages are asked for, and what they prove', () => {
  test.each<[string, PageNews[], (number | null)[], true | string]>([
    ['nobody', [page(0, 0)], [null], true],
    ['all on one page', [page(60, 60)], [null], true],
    ['three pages', [page(100, 250), page(100, 250), page(50, 250)], [null, 101, 201], true],
    ['O-15: 250 on one page, though 100 were asked for', [page(250, 250)], [null], true],
    [
      'a limit below what was asked for',
      [page(60, 130), page(60, 130), page(10, 130)],
      [null, 61, 121],
      true,
    ],
    [
      'a full last page: one look behind it',
      [page(100, 200), page(100, 200), page(0, 200)],
      [null, 101, 201],
      true,
    ],
    [
      'a limit below what was asked for, and a full last page: one look behind it',
      [page(60, 120), page(60, 120), page(0, 120)],
      [null, 61, 121],
      true,
    ],
    ['behind the last entry, the total is not told', [page(100, 100), page(0, null)], [null, 101], true],
    ['behind the last entry, the total is 0', [page(100, 100), page(0, 0)], [null, 101], true],
    ['somebody comes while listing', [page(100, 150), page(51, 151)], [null, 101], true],
    [
      'somebody moves to the next page, because another came before them',
      [page(100, 150), page(51, 151, { fresh: 50 }), page(0, 151)],
      [null, 101, 152],
      '150 of 151 accounts came, some of them more than once',
    ],
    ['somebody is deleted while listing', [page(100, 151), page(50, 150)], [null, 101], FELL],
    [
      'the total falls and rises again',
      [page(100, 250), page(100, 249), page(50, 250)],
      [null, 101, 201],
      FELL,
    ],
    [
      'O-15: startIndex is ignored',
      [page(100, 250), page(100, 250, { fresh: 0 })],
      [null, 101],
      `page 2 brought nobody new after 100 of 250 accounts; ${IGNORED}`,
    ],
    [
      'O-15: startIndex is ignored, and the page is called all there is',
      [page(100, 100), page(100, 100, { fresh: 0 })],
      [null, 101],
      `page 2 brought nobody new after 100 of 100 accounts; ${IGNORED}`,
    ],
    [
      'the page is called all there is',
      [page(100, 100), page(100, 100), page(50, 50), page(0, 0)],
      [null, 101, 201, 251],
      FELL,
    ],
    [
      'a total that is too low',
      [page(100, 120), page(100, 120), page(50, 120), page(0, 120)],
      [null, 101, 201, 251],
      '250 accounts came, more than totalResults says (120)',
    ],
    [
      'a total that is too high',
      [page(100, 300), page(50, 300), page(0, 300)],
      [null, 101, 151],
      'the pages ended after 150 of 300 accounts',
    ],
    [
      'the same ones come again behind the last entry',
      [page(100, 200), page(100, 200, { fresh: 20 }), page(100, 200, { fresh: 20 })],
      [null, 101, 201],
      '140 of 200 accounts came, some of them more than once',
    ],
    [
      'no total',
      [page(100, null), page(100, null), page(50, null), page(0, null)],
      [null, 101, 201, 251],
      UNTOLD,
    ],
    ['no total, and nobody', [page(0, null)], [null], '0 accounts came, but totalResults is not told'],
    [
      'an entry without an id',
      [page(100, 150), page(50, 150, { fresh: 49, unusable: 1 }), page(0, 150)],
      [null, 101, 151],
      'some entries came without an id or a userName',
    ],
    [
      'an entry without an id that the total does not count',
      [page(100, 149), page(50, 149, { fresh: 49, unusable: 1 })],
      [null, 101],
      'some entries came without an id or a userName',
    ],
    ['counted from 0, and told so', [page(100, 150, { startIndex: 0 }), page(50, 150)], [null, 100], true],
    ['counted from 0 later on only', [page(100, 150), page(50, 150, { startIndex: 0 })], [null, 101], true],
  ])('%s', (_what, pages, asked, verdict) => {
    expect(play(pages)).toEqual({ asked, verdict });
  });

  test('pages are counted from 0 where the profile says so', () => {
    const pages = [page(100, 250), page(100, 250), page(50, 250)];
    expect(play(pages, { paging: 'page0', pageSize: 100 })).toEqual({ asked: [null, 1, 2], verdict: true });
  });

  test('a list that never ends is left', () => {
    const pages = Array.from({ length: 10_000 }, (_, at) => page(1, at + 2));
    expect(play(pages)).toMatchObject({ verdict: 'after 10000 pages the list still went on' });
  });
});

type Listing = { readonly seen: readonly string[]; readonly complete: boolean; readonly requests: number };

async function listed(list: Simulated, paging: 'index1' | 'page0', pageSize: number): Promise<Listing> {
  const profile = { ...agileplace, paging, pageSize };
  const parts = { name: 'simulated', profile, basePath: '', client: list.client };
  const seen: string[] = [];
  for await (const item of listAccounts(parts, { ...aCall(), waitUntil: async () => {} })) {
    if (item.kind === 'end') return { seen, complete: item.complete, requests: item.requests };
    seen.push(...item.accounts.map(({ id }) => id));
  }
  throw new Error('the listing has no end');
}

function idsUpTo(total: number): readonly string[] {
  return Array.from({ length: total }, (_, at) => `t-${at}`);
}

const circumstances = fc.record({
  total: fc.integer({ min: 0, max: 1000 }),
  pageSize: fc.integer({ min: 1, max: 300 }),
  limit: fc.integer({ min: 1, max: 300 }),
  noise: fc.integer({ min: 1, max: 1000 }),
  paging: fc.constantFrom('index1', 'page0'),
});

describe('whatever a server does', () => {
  test.each(HABITS)('$what: ends in time, complete only where all were seen', async ({ habit, cuts }) => {
    await fc.assert(
      fc.asyncProperty(circumstances, async ({ total, pageSize, noise, paging, ...own }) => {
        const limit = cuts === false ? pageSize : own.limit;
        const list = simulatedList({ ids: idsUpTo(total), paging, limit, noise, habit });
        const { seen, complete, requests } = await listed(list, paging, pageSize);
        expect(requests).toBe(list.requests);
        expect(requests).toBeLessThanOrEqual(Math.ceil(total / Math.min(pageSize, limit)) + 2);
        expect(new Set(seen).size).toBe(seen.length);
        if (complete) expect(seen.length).toBe(total);
      }),
    );
  });

  test.each([
    ['index0', 'index1'],
    ['page0', 'index1'],
    ['index1', 'page0'],
    ['index0', 'page0'],
  ] as const)('it counts by %s where the profile says %s: as well', async (counts, paging) => {
    await fc.assert(
      fc.asyncProperty(circumstances, async ({ total, pageSize, limit, noise }) => {
        const list = simulatedList({ ids: idsUpTo(total), paging: counts, limit, noise, habit: {} });
        const { seen, complete, requests } = await listed(list, paging, pageSize);
        expect(requests).toBeLessThanOrEqual(Math.ceil(total / Math.min(pageSize, limit)) + 2);
        if (complete) expect(seen.length).toBe(total);
      }),
    );
  });

  test.each([
    ['index1', 'index1'],
    ['page0', 'page0'],
    ['index0', 'index1'],
  ] as const)(
    'it counts by %s, tells the truth, and the profile says %s: always complete',
    async (counts, paging) => {
      await fc.assert(
        fc.asyncProperty(circumstances, async ({ total, pageSize, limit, noise }) => {
          const list = simulatedList({ ids: idsUpTo(total), paging: counts, limit, noise, habit: {} });
          expect(await listed(list, paging, pageSize)).toMatchObject({
            complete: true,
            seen: idsUpTo(total),
          });
        }),
      );
    },
  );

  test('accounts are made or deleted between two pages: complete only where all who are left were seen', async () => {
    const change = fc.record({ make: fc.boolean(), at: fc.nat(), many: fc.integer({ min: 0, max: 3 }) });
    const changes = fc.array(change, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(circumstances, changes, async ({ total, pageSize, paging, ...own }, meanwhile) => {
        const list = simulatedList({ ids: idsUpTo(total), paging, ...own, habit: {}, meanwhile });
        const { seen, complete } = await listed(list, paging, pageSize);
        if (complete) expect(list.ids.filter((id) => !seen.includes(id))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

import { expect, test } from 'vitest';
import { createDriftLedger } from '../../app/store/drift-ledger.ts';
import type { Drift, DriftFound, DriftReason, Page } from '../../app/store/ports/index.ts';
import { ada, bob, grace, store, T0, useRedis } from './use-redis.ts';

useRedis();

const drift = (why: DriftReason, person: Drift['person']): Drift => ({
  why,
  person,
  account: `t-${person}`,
  differences: [{ path: 'title', has: 'Countess', wanted: null }],
});

function found(part: Partial<Pick<DriftFound, 'drifts' | 'unknownAccounts'>>, run = 'run-1'): DriftFound {
  const { drifts = [], unknownAccounts = [] } = part;
  const counts = { 'hand-edit': 0, source: 0, kept: 0, missing: 0, unlinked: 0 };
  for (const { why } of drifts) counts[why] += 1;
  const notListed = { drifts: 0, unknownAccounts: 0 };
  const summary = {
    run,
    at: T0.toISOString(),
    drifts: counts,
    unknownAccounts: unknownAccounts.length,
    notListed,
  };
  return { summary, drifts, unknownAccounts };
}

/** Every page. */
async function all<T>(page: (after: string | null) => Promise<Page<T>>): Promise<T[][]> {
  const pages: T[][] = [];
  let after: string | null = null;
  do {
    const { items, next }: Page<T> = await page(after);
    pages.push([...items]);
    after = next;
  } while (after !== null);
  return pages;
}

test('what was found is listed by reason and person, a page at a time, and by one reason', async () => {
  const ledger = createDriftLedger(store);
  const drifts = [
    drift('source', ada),
    drift('hand-edit', grace),
    drift('hand-edit', ada),
    drift('kept', bob),
  ];
  await ledger.replace('agileplace', found({ drifts }));
  const [byAda, byGrace, kept, source] = [
    drift('hand-edit', ada),
    drift('hand-edit', grace),
    drift('kept', bob),
    drift('source', ada),
  ];
  const of = (why: DriftReason | null) => (after: string | null) =>
    ledger.drifts('agileplace', why, after, 2);
  expect(await all(of(null))).toEqual([
    [byAda, byGrace],
    [kept, source],
  ]);
  expect(await all(of('hand-edit'))).toEqual([[byAda, byGrace]]);
  expect(await all(of('missing'))).toEqual([[]]);
  expect(await ledger.summary('agileplace')).toEqual(found({ drifts }).summary);
});

test('unknown accounts are listed by name, whatever they are called', async () => {
  const ledger = createDriftLedger(store);
  const accounts = ['Zoe', 'adam', '[x', '(y\u0000z', 'adam', 'é'].map((userName, n) => ({
    id: `t-${n}`,
    userName,
  }));
  await ledger.replace('agileplace', found({ unknownAccounts: accounts }));
  const pages = await all((after) => ledger.unknownAccounts('agileplace', after, 1));
  expect(pages.flat().map(({ id, userName }) => `${id} ${userName}`)).toEqual([
    't-3 (y\u0000z',
    't-2 [x',
    't-1 adam',
    't-4 adam',
    't-0 Zoe',
    't-5 é',
  ]);
});

test('the next comparison takes the place of all that was found before, also between two pages', async () => {
  const ledger = createDriftLedger(store);
  expect(await ledger.summary('agileplace')).toBeNull();
  await ledger.replace('agileplace', found({ drifts: [drift('kept', ada), drift('kept', bob)] }));
  const { next } = await ledger.drifts('agileplace', null, null, 1);
  await ledger.replace('agileplace', found({ drifts: [drift('kept', grace)] }, 'run-2'));
  expect(await ledger.drifts('agileplace', null, next, 1)).toEqual({
    items: [drift('kept', grace)],
    next: null,
  });
  await ledger.replace('agileplace', found({}, 'run-3'));
  expect(await ledger.drifts('agileplace', null, null, 1)).toEqual({ items: [], next: null });
  expect((await ledger.summary('agileplace'))?.run).toBe('run-3');
});

test('targets have lists of their own', async () => {
  const ledger = createDriftLedger(store);
  await ledger.replace('agileplace', found({ drifts: [drift('kept', ada)] }));
  expect(await ledger.drifts('other', null, null, 10)).toEqual({ items: [], next: null });
});

test('a full list of ten thousand is stored and read to its end', async () => {
  const ledger = createDriftLedger(store);
  const unknownAccounts = Array.from({ length: 10_000 }, (_, n) => ({ id: `t-${n}`, userName: `p${n}` }));
  await ledger.replace('agileplace', found({ unknownAccounts }));
  const pages = await all((after) => ledger.unknownAccounts('agileplace', after, 500));
  expect(pages).toHaveLength(20);
  expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(10_000);
});

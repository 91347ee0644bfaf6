import { expect, test } from 'vitest';
import { personKey, type StableId } from '../../../app/person/anchor.ts';
import {
  emptyLedger,
  foundIn,
  MOST_LISTED,
  noteDrifts,
  noteUnknown,
} from '../../../app/sync/reconciling/ledger.ts';

test('what a comparison finds is listed up to a limit, and counted beyond it', () => {
  const ledger = emptyLedger();
  const person = personKey('corp', 'p1' as StableId);
  const drift = { why: 'missing', person, account: 't-1', differences: [] } as const;
  for (let n = 0; n < MOST_LISTED + 3; n += 1) {
    noteDrifts(ledger, [drift, { ...drift, why: 'source' }]);
    noteUnknown(ledger, { id: `t-${n}`, userName: 'root' });
  }
  const found = foundIn(ledger, 'run-1', new Date('2026-03-01T12:00:00Z'));
  expect(found.drifts).toHaveLength(10_000);
  expect(found.unknownAccounts).toHaveLength(10_000);
  expect(found.summary).toEqual({
    run: 'run-1',
    at: '2026-03-01T12:00:00.000Z',
    drifts: { 'hand-edit': 0, source: 10_003, kept: 0, missing: 10_003, unlinked: 0 },
    unknownAccounts: 10_003,
    notListed: { drifts: 10_006, unknownAccounts: 3 },
  });
});

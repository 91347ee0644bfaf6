/** What a comparison of everybody says of what differs, and why. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../../app/mapping/mapping.ts';
import { type AttributePolicy, SOURCE_OWNED, USUAL_POLICY } from '../../../app/mapping/policy.ts';
import type { Account, Json } from '../../../app/scim/resource.ts';
import type { Target } from '../../../app/scim/target.ts';
import type { Drift } from '../../../app/store/ports/index.ts';
import { absorbEntry } from '../../../app/sync/reading/absorb.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { entryOf, MAPPING, type Rig, startRig } from '../../support/rig.ts';

let attributes: readonly AttributePolicy[] = [];
const mapping: Mapping = {
  ...MAPPING,
  get policy() {
    return { ...USUAL_POLICY, attributes };
  },
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ mapping });
});
beforeEach(async () => {
  attributes = [];
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

const never = new AbortController().signal;
const compare = (target: Target = rig.target) =>
  reconcile(target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
const idOf = async (id: string) => (await rig.stores.links.get('agileplace', rig.key(id)))?.id ?? '';
const byHand = async (id: string, change: Record<string, Json>) => {
  await rig.sandbox.change(await idOf(id), change);
};
const made = async (...ids: string[]) => {
  for (const id of ids) await rig.attempt(await rig.person(id, { title: 'A' }));
};
/** As `hand-edit p1 title Z A`: why, who, what, what the target has and what is wanted. */
async function listed(): Promise<readonly string[]> {
  const { items } = await rig.stores.drift.drifts('agileplace', null, null, 100);
  return items.map(inWords);
}
function inWords({ why, person, differences }: Drift): string {
  const each = differences.map(({ path, has, wanted }) => `${path} ${has ?? '–'} ${wanted ?? '–'}`);
  return [why, person.split(':')[1], ...each].join(' ');
}
const dueNow = async () => {
  const due: string[] = [];
  for await (const batch of rig.stores.due.scan('agileplace')) due.push(...batch.map(({ key }) => key));
  return due.sort();
};
const keep = (drift: 'keep' | 'report', more: Partial<AttributePolicy> = {}): readonly AttributePolicy[] => [
  { ...SOURCE_OWNED, drift, path: ['title'], ...more },
];

describe('the drift of a target', () => {
  test('tells hand edits from what is ahead at the source, and lists who is missing or not linked', async () => {
    await made('p1', 'p2', 'p3', 'p4', 'p5');
    await byHand('p1', { title: 'Z' });
    await absorbEntry('corp', entryOf('p2', { title: 'B' }), rig.reading);
    await byHand('p3', { title: '' });
    await absorbEntry('corp', entryOf('p3', { title: 'A', sn: 'King' }), rig.reading);
    await rig.sandbox.remove(await idOf('p4'));
    await rig.sandbox.seed({ userName: 'p6@example.test', externalId: 'p6', active: true });
    await absorbEntry('corp', entryOf('p6'), rig.reading);
    const run = await compare();
    expect(run).toMatchObject({
      state: 'ok',
      counts: { asWanted: 1, different: 3, missing: 1, unlinked: 1, foreign: 0, handEdited: 2, kept: 0 },
    });
    expect(await listed()).toEqual([
      'hand-edit p1 title Z A',
      'hand-edit p3 title – A',
      'missing p4',
      'source p2 title A B',
      'source p3 name.familyName Byron King',
      'unlinked p6',
    ]);
    expect(await rig.stores.drift.summary('agileplace')).toEqual({
      run: 'run-r',
      at: expect.any(String),
      drifts: { 'hand-edit': 2, source: 2, kept: 0, missing: 1, unlinked: 1 },
      unknownAccounts: 0,
      notListed: { drifts: 0, unknownAccounts: 0 },
    });
  });

  test('is gone by the comparison after it was mended', async () => {
    await made('p1');
    await byHand('p1', { title: 'Z' });
    await compare();
    await rig.attempt(rig.key('p1'));
    await compare();
    expect(await listed()).toEqual([]);
  });

  test('lists what is kept and to be reported; nobody is due for it, and nothing is written', async () => {
    attributes = keep('report');
    await made('p1', 'p2');
    await byHand('p1', { title: 'Z' });
    await rig.sandbox.clearJournal();
    expect(await compare()).toMatchObject({ counts: { asWanted: 2, different: 0, kept: 1, handEdited: 0 } });
    expect(await listed()).toEqual(['kept p1 title Z A']);
    expect(await dueNow()).toEqual([]);
    expect(await rig.writes()).toEqual([]);
  });

  test('does not list what is kept without a report', async () => {
    attributes = keep('keep');
    await made('p1');
    await byHand('p1', { title: 'Z' });
    expect(await compare()).toMatchObject({ counts: { asWanted: 1, kept: 0 } });
    expect(await listed()).toEqual([]);
    expect(await dueNow()).toEqual([]);
  });

  test('names a sensitive attribute and never its value', async () => {
    attributes = keep('report', { sensitive: true });
    await made('p1', 'p2');
    await byHand('p1', { title: 'canary-kept' });
    await absorbEntry('corp', entryOf('p2', { title: 'canary-source' }), rig.reading);
    await compare();
    expect(await listed()).toEqual([
      'kept p1 title [redacted] [redacted]',
      'source p2 title [redacted] [redacted]',
    ]);
  });

  test('does not take for emptied what the listing shows of nobody', async () => {
    attributes = keep('report');
    await made('p1', 'p2');
    const bare = ({ id, user }: Account): Account => {
      const { title: _notShown, ...shown } = user;
      return { id, user: shown as Account['user'] };
    };
    const target: Target = {
      ...rig.target,
      async *list(call) {
        for await (const item of rig.target.list(call)) {
          yield item.kind === 'page' ? { ...item, accounts: item.accounts.map(bare) } : item;
        }
      },
    };
    expect(await compare(target)).toMatchObject({ counts: { asWanted: 2, kept: 0 } });
    expect(await listed()).toEqual([]);
  });

  test('stays as it was where the listing is not complete', async () => {
    await made('p1');
    await byHand('p1', { title: 'Z' });
    await compare();
    await rig.sandbox.fault({ kind: 'sign-in-page' });
    expect(await compare()).toMatchObject({ state: 'failed' });
    expect(await listed()).toEqual(['hand-edit p1 title Z A']);
  });
});

test('unknown accounts are listed by id and name, and never touched', async () => {
  await made('p1');
  await rig.sandbox.seed({ userName: 'root@example.test', active: true, title: 'canary' });
  await rig.sandbox.clearJournal();
  expect(await compare()).toMatchObject({ counts: { asWanted: 1, foreign: 1 } });
  const { items } = await rig.stores.drift.unknownAccounts('agileplace', null, 10);
  const id = (await rig.sandbox.account('root@example.test'))?.id;
  expect(items).toEqual([{ id, userName: 'root@example.test' }]);
  expect(await dueNow()).toEqual([]);
  expect(await rig.writes()).toEqual([]);
});

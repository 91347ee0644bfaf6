/** What an operator is told of the groups at a target, and how one is looked at anew. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadGroupMapping } from '../../app/mapping/group/load-group.ts';
import { NO_FILES } from '../../app/mapping/mapping-files.ts';
import { groupKey, type PersonKey, type StableId } from '../../app/person/anchor.ts';
import { type Bundle, startBundle, TOKENS } from './bundle.ts';

const TARGET = 'agileplace';
const AT = '2026-03-01T12:00:00.000Z';
const KEY = groupKey('corp', 'g-1' as StableId);

const FILE = `version: 1
source: corp
target: ${TARGET}
resource: Group
match: [displayName]
attributes: { displayName: '= g.name' }
`;

let bundle: Bundle;
beforeAll(async () => {
  const loaded = loadGroupMapping('groups.yaml', FILE, { files: NO_FILES, environment: null });
  if (!loaded.ok) throw new Error('the mapping is wrong');
  bundle = await startBundle({ groupMappings: [loaded.mapping] });
});
afterAll(() => bundle.stop());

beforeEach(async () => {
  await bundle.redis.flushall();
  const { groups } = bundle.deps;
  for (const [id, name] of [
    ['g-1', 'engines'],
    ['g-2', 'never'],
  ] as const) {
    const dn = `cn=${name}`;
    await groups.put('corp', { stableId: id as StableId, dn, dnKey: dn, name, members: [] });
  }
  await served();
});

/** The group was held, and two people wait. */
async function served(): Promise<void> {
  const { leases, groupLinks, dueGroups } = bundle.deps;
  const lease = await leases.acquire('test', 10_000);
  if (lease === null) throw new Error('no lease');
  const link = { target: TARGET, key: KEY, id: 't-1', displayName: 'engines', shownAs: 'engines' };
  const made = { madeBy: 'created', madeAt: AT, digest: 'd', members: 2, confirmedAt: AT } as const;
  await groupLinks.put({ ...link, ...made }, lease);
  const waiting = { count: 2, people: ['corp:ada', 'corp:bea'] as PersonKey[] };
  const plan = { action: 'none', reason: 'changed' } as const;
  await dueGroups.serve(
    TARGET,
    KEY,
    { seq: 1, at: AT, state: 'held', plan, words: 'held with run r-1', waiting },
    lease,
  );
  await leases.release(lease);
}

const engines = {
  source: 'corp',
  group: 'g-1',
  name: 'engines',
  linked: { id: 't-1', displayName: 'engines', members: 2, madeBy: 'created', confirmedAt: AT },
  last: { state: 'held', at: AT, action: 'none', reason: 'changed', words: 'held with run r-1' },
  due: false,
  waiting: { count: 2, people: ['corp:ada', 'corp:bea'] },
};
const never = {
  source: 'corp',
  group: 'g-2',
  name: 'never',
  linked: null,
  last: null,
  due: false,
  waiting: { count: 0, people: [] },
};

test('each group shows its link, what came of it last and who waits, page by page', async () => {
  const all = await bundle.get(`/v1/targets/${TARGET}/groups?source=corp`);
  expect(all.body).toEqual({ items: [engines, never], next: null });
  const first = await bundle.get(`/v1/targets/${TARGET}/groups?source=corp&limit=1`);
  expect(first.body.items).toEqual([engines]);
  const second = await bundle.get(`/v1/targets/${TARGET}/groups?source=corp&after=${first.body.next}`);
  expect(second.body).toEqual({ items: [never], next: null });
  const held = await bundle.get(`/v1/targets/${TARGET}/groups?source=corp&state=held`);
  expect(held.body.items).toEqual([engines]);
});

test('one is looked at anew when an operator asks for it', async () => {
  const answer = await bundle.post(`/v1/targets/${TARGET}/groups/corp/g-1/reprovision`, {}, TOKENS.operator);
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ ...engines, due: true });
  expect(await bundle.deps.dueGroups.get(TARGET, KEY)).toMatchObject({ fresh: true, lane: 'manual' });
});

test('one that the target refused stands among the dead letters, and is sent again from there', async () => {
  const words = 'corp:ada: no such member';
  const letter = { target: TARGET, key: KEY, at: AT, status: 400, words, action: 'update' } as const;
  await bundle.deps.deadLetters.put(letter);
  expect((await bundle.get('/v1/dead-letters')).body.items).toEqual([
    {
      target: TARGET,
      person: null,
      group: 'group/corp:g-1',
      at: AT,
      status: 400,
      words,
      action: 'update',
      _links: { groups: `/v1/targets/${TARGET}/groups?source=corp&state=refused` },
    },
  ]);
  const retry = (body: object) => bundle.post('/v1/dead-letters/retry', body, TOKENS.operator);
  expect((await retry({ target: TARGET, group: 'group/corp:g-1' })).body).toEqual({ due: 1 });
  expect(await bundle.deps.dueGroups.get(TARGET, KEY)).toMatchObject({ fresh: true, lane: 'manual' });
  expect((await retry({ target: TARGET, all: true })).body).toEqual({ due: 1 });
  expect((await retry({ target: TARGET, group: 'group/corp:g-2' })).body.detail).toBe(
    'This group has no dead letter at this target.',
  );
  expect((await retry({ target: TARGET, group: 'g-1' })).status).toBe(400);
  await bundle.deps.deadLetters.put({ ...letter, key: groupKey('hr', 'g-1' as StableId) });
  expect((await retry({ target: TARGET, group: 'group/hr:g-1' })).body.detail).toBe(
    'No mapping leads from the source of this group to this target any more.',
  );
});

test('what is not there is said in words', async () => {
  const detail = async (path: string) => (await bundle.get(path)).body.detail;
  expect(await detail('/v1/targets/other/groups?source=corp')).toBe(
    'There is no target of that name in landbridge.yaml.',
  );
  expect(await detail(`/v1/targets/${TARGET}/groups?source=hr`)).toBe(
    `No mapping leads groups of hr to ${TARGET}. Groups come there from: corp.`,
  );
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { type Bundle, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
afterAll(() => bundle.stop());

const id = (text: string) => text as StableId;

async function know(name: string): Promise<void> {
  const dn = `uid=${name}`;
  const entry = { stableId: id(name), dn, dnKey: dn, revision: '', attributes: toAttributes([]) };
  const identity = { key: `corp:${name}` as never, source: 'corp', stableId: id(name), entry, version: 1 };
  const observedAt = bundle.deps.now().toISOString();
  await bundle.deps.identities.put({ ...identity, presence: { state: 'present' }, observedAt }, 0);
}

async function put(name: string, members: readonly string[]): Promise<void> {
  const dn = `cn=${name}`;
  await bundle.deps.groups.put('corp', { stableId: id(`g-${name}`), dn, dnKey: dn, name, members });
}

beforeEach(async () => {
  await bundle.redis.flushall();
  for (const name of ['ada', 'bea']) await know(name);
  await put('inner', ['uid=bea', 'uid=nobody']);
  await put('Outer', ['uid=ada', 'cn=inner', 'cn=elsewhere']);
  await put('zoo', []);
});

const outer = {
  group: 'g-Outer',
  source: 'corp',
  dn: 'cn=Outer',
  name: 'Outer',
  members: 3,
  partial: false,
  _links: { self: '/v1/sources/corp/groups/g-Outer' },
};

describe('the groups of a source', () => {
  test('are listed by name, page by page', async () => {
    const first = await bundle.get('/v1/sources/corp/groups?limit=2');
    expect(first.status).toBe(200);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual(['inner', 'Outer']);
    expect(first.body.items[1]).toEqual(outer);
    const second = await bundle.get(`/v1/sources/corp/groups?limit=2&after=${first.body.next}`);
    expect(second.body).toMatchObject({ items: [{ name: 'zoo', members: 0 }], next: null });
  });

  test('show who is in one: by name, through others, and how many members are strangers', async () => {
    const { body } = await bundle.get('/v1/sources/corp/groups/g-Outer');
    expect(body).toEqual({
      ...outer,
      direct: { count: 1, people: ['corp:ada'] },
      nested: { count: 1, people: ['corp:bea'] },
      strangers: 1,
    });
  });

  test('of many members show the first hundred and count all', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `p${index}`);
    for (const name of names) await know(name);
    await put(
      'all',
      names.map((name) => `uid=${name}`),
    );
    const { body } = await bundle.get('/v1/sources/corp/groups/g-all');
    expect(body.direct.count).toBe(120);
    expect(body.direct.people).toHaveLength(100);
  });

  test('stand with each person, too', async () => {
    const { body } = await bundle.get('/v1/people/corp:bea');
    expect(body.groups).toEqual([
      { dn: 'cn=Outer', name: 'Outer', nested: true },
      { dn: 'cn=inner', name: 'inner' },
    ]);
  });

  test.each([
    [
      '/v1/sources/elsewhere/groups',
      404,
      'There is no source elsewhere in landbridge.yaml. There are: hr, corp.',
    ],
    [
      '/v1/sources/elsewhere/groups/g-zoo',
      404,
      'There is no source elsewhere in landbridge.yaml. There are: hr, corp.',
    ],
    ['/v1/sources/corp/groups/g-none', 404, 'There is no group with that id in corp.'],
    ['/v1/sources/corp/groups?after=*', 400, 'after: must be the `next` of an earlier answer.'],
  ])('%s is answered with %i', async (path, status, detail) => {
    const answer = await bundle.get(path);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toEqual(detail);
  });

  test('are shown to whoever may read', async () => {
    expect((await bundle.get('/v1/sources/corp/groups', TOKENS.sender)).status).toBe(403);
  });
});

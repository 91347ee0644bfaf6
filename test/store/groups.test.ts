import { describe, expect, test } from 'vitest';
import { groups, groupsOf, isKnown, know, namesIn, put, settle, touched, useGroups } from './known-groups.ts';
import { id, redis } from './use-redis.ts';

useGroups();

describe('a group', () => {
  test('that changes touches only those who came or went', async () => {
    await know('ada');
    await know('bea');
    await know('cleo');
    await put('board', ['uid=bea', 'uid=cleo']);
    expect(await touched()).toEqual(['bea', 'cleo']);
    await settle();
    await put('board', ['uid=cleo', 'uid=ada']);
    expect(await touched()).toEqual(['ada', 'bea']);
    await settle();
    await put('board', ['uid=ada', 'uid=cleo']);
    expect(await touched()).toEqual([]);
    expect(await groupsOf('ada')).toEqual(['board']);
    expect(await groupsOf('bea')).toEqual([]);
  });

  test('that is gone lets its members go', async () => {
    await know('ada');
    await put('board', ['uid=ada']);
    await settle();
    await groups.remove('corp', await groups.ids('corp'));
    expect(await groupsOf('ada')).toEqual([]);
    expect(await touched()).toEqual(['ada']);
    expect((await redis.keys('*group*')).sort()).toEqual([]);
    expect((await redis.keys('*member-of*')).sort()).toEqual([]);
  });

  test('that has another name is news for everybody in it', async () => {
    await know('ada');
    await put('board', ['uid=ada']);
    await settle();
    await put('board', ['uid=ada'], { name: 'Board of directors' });
    expect(await touched()).toEqual(['ada']);
    expect(await groupsOf('ada')).toEqual(['Board of directors']);
  });

  test('under a name that is new waits to be asked for by it, until that is done or it is gone', async () => {
    const moved = { dn: 'cn=b,ou=x', dnKey: 'cn=b,ou=x' };
    const board = { stableId: id('g-board'), dn: 'cn=board' };
    await put('board', []);
    const first = await groups.renamed('corp');
    expect(first).toEqual([{ ...board, wasKnown: false }]);
    await put('board', ['uid=ada'], moved);
    // Whoever asked by the first name has not asked by this one.
    await groups.settleRenamed('corp', first);
    const second = await groups.renamed('corp');
    expect(second).toEqual([{ stableId: board.stableId, dn: moved.dn, wasKnown: true }]);
    await groups.settleRenamed('corp', second);
    await put('board', ['uid=ada', 'uid=bea'], moved);
    expect(await groups.renamed('corp')).toEqual([]);
    await put('board', ['uid=ada'], { dn: 'cn=c', dnKey: 'cn=c' });
    await groups.remove('corp', new Set([board.stableId]));
    expect(await groups.renamed('corp')).toEqual([]);
  });

  test('O-22: of which a part was given gains members and loses none, until all of it is given', async () => {
    for (const name of ['ada', 'bea', 'cleo']) await know(name);
    await put('board', ['uid=ada', 'uid=bea']);
    await settle();
    await put('board', ['uid=cleo'], { partial: true });
    expect(await touched()).toEqual(['cleo']);
    expect(await namesIn('board')).toEqual(['ada', 'bea', 'cleo']);
    expect(await groups.get('corp', id('g-board'))).toMatchObject({ partial: true, members: 3 });
    await settle();
    await put('board', ['uid=ada', 'uid=bea']);
    expect(await touched()).toEqual(['cleo']);
    expect(await groups.get('corp', id('g-board'))).toMatchObject({ partial: false, members: 2 });
  });

  test('is known where it says the same again, with all of its members', async () => {
    expect(await isKnown('board', ['uid=ada'])).toBe(false);
    await put('board', ['uid=ada']);
    expect(await isKnown('board', ['uid=ada'])).toBe(true);
    expect(await isKnown('board', ['uid=ada', 'uid=bea'])).toBe(false);
    expect(await isKnown('board', ['uid=ada'], { name: 'Board' })).toBe(false);
    expect(await isKnown('board', ['uid=ada'], { partial: true })).toBe(false);
    await put('board', ['uid=ada'], { partial: true });
    expect(await isKnown('board', ['uid=ada'], { partial: true })).toBe(false);
    expect(await isKnown('board', ['uid=ada'])).toBe(false);
  });

  test('whose change broke off in the middle is compared again, also with what it was before', async () => {
    await know('ada');
    await know('bea');
    await put('board', ['uid=ada']);
    await settle();
    const record = await redis.hget('{landbridge}:groups:corp', 'g-board');
    const begun = { ...JSON.parse(record ?? ''), digest: '' };
    // As a process leaves it that is killed after the members, before the record.
    await redis.hset('{landbridge}:groups:corp', 'g-board', JSON.stringify(begun));
    await redis.sadd('{landbridge}:group-members:corp:g-board', 'uid=bea');
    await redis.sadd('{landbridge}:member-of:corp:uid=bea', 'g-board');
    await put('board', ['uid=ada']);
    expect(await groupsOf('bea')).toEqual([]);
    expect(await touched()).toEqual(['bea']);
  });
});

test('groups are listed by name, page by page', async () => {
  for (const name of ['beta', 'Alpha', 'gamma']) await put(name, ['uid=x'], { name });
  const first = await groups.list('corp', null, 2);
  expect(first.groups.map(({ name, members }) => [name, members])).toEqual([
    ['Alpha', 1],
    ['beta', 1],
  ]);
  const second = await groups.list('corp', first.next, 2);
  expect(second.groups.map(({ name }) => name)).toEqual(['gamma']);
  expect(second.next).toBeNull();
  await put('beta', ['uid=x'], { name: 'zeta' });
  const all = await groups.list('corp', null, 10);
  expect(all.groups.map(({ name }) => name)).toEqual(['Alpha', 'gamma', 'zeta']);
});

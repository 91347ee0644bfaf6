import { describe, expect, test } from 'vitest';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import { ada, id, person, store, useRedis } from './use-redis.ts';

useRedis();

describe('groups', () => {
  test('a change touches only those who came or went', async () => {
    const groups = createGroups(store);
    const identities = createIdentities(store, groups);
    await identities.put(person(1, { uid: ['ada'] }, 'uid=ada'), 0);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=x', 'uid=y'] });
    await groups.settle('corp', (await groups.touched('corp')).dnKeys);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=y', 'uid=ada'] });
    const touched = await groups.touched('corp');
    expect([...touched.dnKeys].sort()).toEqual(['uid=ada', 'uid=x']);
    expect(touched.people).toEqual([ada]);
    await groups.settle('corp', touched.dnKeys);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=ada', 'uid=y'] });
    expect((await groups.touched('corp')).dnKeys).toEqual([]);
  });

  test('a group that is gone lets its members go', async () => {
    const groups = createGroups(store);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=ada'] });
    await groups.settle('corp', ['uid=ada']);
    await groups.keepOnly('corp', new Set());
    expect(await groups.of('corp', 'uid=ada')).toEqual([]);
    expect((await groups.touched('corp')).dnKeys).toEqual(['uid=ada']);
  });
});

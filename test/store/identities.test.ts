import { describe, expect, test } from 'vitest';
import { personKey, stableIdOfKey } from '../../app/person/anchor.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import { unannounced } from '../support/unannounced.ts';
import { ada, id, person, redis, store, useRedis } from './use-redis.ts';

useRedis();

describe('identities', () => {
  test('whoever decided on older knowledge has to decide again', async () => {
    const identities = createIdentities(store, createGroups(store));
    expect(await identities.put(person(1, { uid: ['ada'] }), 0)).toBe(true);
    expect(await identities.put(person(1, { uid: ['late'] }), 0)).toBe(false);
    expect(await identities.put(person(2, { uid: ['ada2'] }), 1)).toBe(true);
    expect((await identities.get(ada))?.entry.attributes.uid).toEqual(['ada2']);
  });

  test('a person is found by their names, whatever the case, and no longer by an old one', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, { mail: ['Ada.King@example.test'] }), 0);
    expect(await identities.findByHandle('ada.king@EXAMPLE.test')).toEqual([ada]);
    await identities.put(person(2, { mail: ['ada.byron@example.test'] }), 1);
    expect(await identities.findByHandle('ada.king@example.test')).toEqual([]);
    expect(await identities.findByHandle('ada.byron@example.test')).toEqual([ada]);
  });

  test('a person is found by their id, whatever the case, and only among people of that source', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, { uid: ['a1'], mail: ['id:corp:b1'] }), 0);
    expect(await identities.withId('corp', 'A1')).toEqual([ada]);
    expect(await identities.withId('hr', 'a1')).toEqual([]);
    expect(await identities.findByHandle('b1')).toEqual([]);
  });

  test('news stays on the list until it is announced, also when something newer comes in between', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, { uid: ['ada'] }), 0);
    const news = await unannounced(identities, 'corp');
    expect(news).toEqual([{ key: ada, version: 1 }]);
    await identities.put(person(2, { uid: ['ada2'] }), 1);
    await identities.announced('corp', news);
    expect(await unannounced(identities, 'corp')).toEqual([{ key: ada, version: 2 }]);
    await identities.announced('corp', [{ key: ada, version: 2 }]);
    expect(await unannounced(identities, 'corp')).toEqual([]);
  });

  test('a list of news stays as it was made, whatever is stored and announced while it is walked', async () => {
    const identities = createIdentities(store, createGroups(store));
    const keys = Array.from({ length: 2_000 }, (_, n) => personKey('corp', id(`p${n}`)));
    const one = person(1, { uid: ['p'] });
    for (const key of keys) await identities.put({ ...one, key, stableId: stableIdOfKey(key) }, 0);
    const list = await identities.unannounced('corp');
    await identities.put(person(1, { uid: ['ada'] }), 0);
    const walk = async (announce: boolean) => {
      const met = new Set<string>();
      for await (const batch of list.batches()) {
        for (const { key } of batch) met.add(key);
        if (announce) await identities.announced('corp', batch);
      }
      return [...met].sort();
    };
    expect(list.size).toBe(2_000);
    expect(await walk(false)).toEqual([...keys].sort());
    expect(await walk(true)).toEqual([...keys].sort());
    await list.drop();
    expect(await unannounced(identities, 'corp')).toEqual([{ key: ada, version: 1 }]);
    expect(await identities.areUnannounced('corp', [ada, ...keys.slice(0, 2)])).toEqual([true, false, false]);
    expect(await redis.keys('*unannounced-list*')).toEqual([]);
  });

  test('groups are joined in by DN, and follow a move', async () => {
    const groups = createGroups(store);
    const identities = createIdentities(store, groups);
    await identities.put(person(1, { uid: ['ada'] }, 'uid=ada,ou=people'), 0);
    await groups.put('corp', {
      stableId: id('gr1'),
      dn: 'cn=Board',
      name: 'Board',
      members: ['uid=ada,ou=people'],
    });
    expect((await identities.get(ada))?.groups).toEqual([{ dn: 'cn=Board', name: 'Board' }]);
    await identities.put(person(2, { uid: ['ada'] }, 'uid=ada,ou=former'), 1);
    expect((await identities.get(ada))?.groups).toEqual([]);
  });
});

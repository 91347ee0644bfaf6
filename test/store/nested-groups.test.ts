import { describe, expect, test } from 'vitest';
import type { StableId } from '../../app/person/anchor.ts';
import { groups, groupsOf, know, namesIn, put, settle, touched, useGroups } from './known-groups.ts';
import { id } from './use-redis.ts';

useGroups();

describe('groups in groups', () => {
  test('O-23: cycles, a group in itself, a chain of 200 and a stranger', async () => {
    for (const name of ['u1', 'u3', 'u4', 'u5', 'u6']) await know(name);
    await put('A', ['uid=u1', 'cn=B']);
    await put('B', ['cn=C']);
    await put('C', ['uid=u3', 'cn=A']);
    await put('D', ['cn=D', 'uid=u4']);
    for (let n = 0; n < 200; n += 1) await put(`E${n}`, [n === 199 ? 'uid=u5' : `cn=E${n + 1}`]);
    await put('F', ['cn=elsewhere', 'uid=u6']);
    expect(await namesIn('A')).toEqual(['u1', '(u3)']);
    expect(await namesIn('B')).toEqual(['(u1)', '(u3)']);
    expect(await namesIn('C')).toEqual(['(u1)', 'u3']);
    expect(await namesIn('D')).toEqual(['u4']);
    expect(await namesIn('E0')).toEqual(['(u5)']);
    expect(await namesIn('F')).toEqual(['u6']);
    expect(await groupsOf('u1')).toEqual(['(B)', '(C)', 'A']);
    expect(await groupsOf('u3')).toEqual(['(A)', '(B)', 'C']);
    expect(await groupsOf('u4')).toEqual(['D']);
    expect(await groupsOf('u5')).toHaveLength(200);
    expect(await groups.strangers('corp')).toEqual({ members: 1, groups: 1 });
    expect(await groups.strangers('corp', id('g-F'))).toEqual({ members: 1, groups: 1 });
    expect(await touched()).toEqual(['u1', 'u3', 'u4', 'u5', 'u6']);
  });

  test('joining, leaving, a new name and an end touch exactly those below', async () => {
    for (const name of ['ada', 'bea', 'cleo']) await know(name);
    await put('inner', ['uid=ada']);
    await put('outer', ['uid=bea']);
    await put('other', ['uid=cleo']);
    await settle();
    await put('outer', ['uid=bea', 'cn=inner']);
    expect(await touched()).toEqual(['ada']);
    expect(await groupsOf('ada')).toEqual(['(outer)', 'inner']);
    await settle();
    await put('inner', ['uid=ada', 'uid=cleo']);
    expect(await touched()).toEqual(['cleo']);
    expect(await groupsOf('cleo')).toEqual(['(outer)', 'inner', 'other']);
    await settle();
    // Under its new name nobody names it any more.
    await put('inner', ['uid=ada', 'uid=cleo'], { dn: 'cn=new', dnKey: 'cn=new' });
    expect(await touched()).toEqual(['ada', 'cleo']);
    expect(await groupsOf('ada')).toEqual(['inner']);
    await settle();
    await put('outer', ['uid=bea', 'cn=new']);
    expect(await touched()).toEqual(['ada', 'cleo']);
    await settle();
    await groups.remove('corp', new Set([id('g-inner')]));
    expect(await touched()).toEqual(['ada', 'cleo']);
    expect(await groupsOf('ada')).toEqual([]);
  });

  test('a group that appears under a name that another holds is in it at once', async () => {
    await know('ada');
    await put('outer', ['cn=inner']);
    await settle();
    await put('inner', ['uid=ada']);
    expect(await groupsOf('ada')).toEqual(['(outer)', 'inner']);
    expect(await touched()).toEqual(['ada']);
  });

  test('a DN belongs to the group that was told of there last', async () => {
    await know('ada');
    await know('bea');
    await put('outer', ['cn=inner']);
    await put('inner', ['uid=ada']);
    await settle();
    await put('second', ['uid=bea'], { dn: 'cn=inner', dnKey: 'cn=inner' });
    expect(await touched()).toEqual(['ada', 'bea']);
    expect(await groupsOf('ada')).toEqual(['inner']);
    expect(await groupsOf('bea')).toEqual(['(outer)', 'second']);
  });

  test('a group without a name of its own is in no other', async () => {
    await know('ada');
    await put('outer', ['cn=inner']);
    await groups.put('corp', {
      stableId: 'g-inner' as StableId,
      dn: 'cn=inner',
      name: 'inner',
      members: ['uid=ada'],
    });
    expect(await groupsOf('ada')).toEqual(['inner']);
  });
});

describe('login names', () => {
  test('name whoever carries them, also who comes after the group', async () => {
    await put('staff', ['uid:ada', 'uid:bea']);
    await know('a', ['uid:ada']);
    expect(await groupsOf('a')).toEqual(['staff']);
    expect(await namesIn('staff')).toEqual(['a']);
    expect(await groups.strangers('corp')).toEqual({ members: 1, groups: 1 });
    await know('a', ['uid:other']);
    expect(await groupsOf('a')).toEqual([]);
  });

  test('that two people carry stand for neither, and both become due', async () => {
    await know('a', ['uid:ada']);
    await put('staff', ['uid:ada']);
    await settle();
    await know('b', ['uid:ada']);
    expect(await groupsOf('a')).toEqual([]);
    expect(await groupsOf('b')).toEqual([]);
    expect(await namesIn('staff')).toEqual([]);
    expect(await touched()).toEqual(['a', 'b']);
    await settle();
    await know('b', ['uid:ada'], false);
    expect(await touched()).toEqual(['a']);
    expect(await groupsOf('a')).toEqual(['staff']);
  });

  test('a primary group has everybody who names it', async () => {
    await put('Domain Users', ['primary:S-1-5-21-1-513']);
    await know('a', ['primary:S-1-5-21-1-513']);
    await know('b', ['primary:S-1-5-21-1-513']);
    expect(await groupsOf('a')).toEqual(['Domain Users']);
    expect(await namesIn('Domain Users')).toEqual(['a', 'b']);
    expect(await groups.get('corp', id('g-Domain Users'))).toMatchObject({ members: 0 });
    expect(await groups.strangers('corp')).toEqual({ members: 0, groups: 0 });
  });
});

test('a group may name people by their ids', async () => {
  await put('staff', ['id:a', 'id:b']);
  await know('a', ['id:a']);
  expect(await groupsOf('a')).toEqual(['staff']);
  expect(await namesIn('staff')).toEqual(['a']);
  expect(await groups.strangers('corp')).toEqual({ members: 1, groups: 1 });
});

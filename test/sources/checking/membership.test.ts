import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import type { Entry, GroupEntry } from '../../../app/person/entry.ts';
import { startCounting } from '../../../app/sources/checking/census.ts';
import { membershipIn } from '../../../app/sources/checking/membership.ts';

const idOf = (text: string) => text as StableId;

function person(name: string, memberNames: readonly string[] = []): Entry {
  return { stableId: idOf(name), dn: name, dnKey: name, memberNames, revision: '1', attributes: {} };
}

function group(name: string, members: readonly string[]): GroupEntry {
  return { stableId: idOf(`g-${name}`), dn: name, dnKey: name, name, members };
}

function membership(people: readonly Entry[], groups: readonly GroupEntry[], nested = true) {
  const counting = startCounting(() => {});
  for (const entry of people) counting.take({ kind: 'person', entry });
  for (const each of groups) counting.take({ kind: 'group', group: each });
  return membershipIn(counting.census(), nested);
}

describe('groups of one read', () => {
  test('members of a group in a group are in both, unless nesting is switched off', () => {
    const groups = [group('all', ['team']), group('team', ['ada', 'ghost'])];
    const ada = person('ada');
    expect(membership([ada], groups).groupsOf(ada)).toEqual([
      { dn: 'all', name: 'all', nested: true },
      { dn: 'team', name: 'team' },
    ]);
    expect(membership([ada], groups, false).groupsOf(ada)).toEqual([{ dn: 'team', name: 'team' }]);
    expect(membership([ada], groups)).toMatchObject({ depth: 2, circular: 0, strangers: 1, mostMembers: 2 });
  });

  test('a circle ends, and is counted with what stands above it', () => {
    const groups = [group('a', ['b', 'ada']), group('b', ['a']), group('top', ['a']), group('apart', [])];
    const ada = person('ada');
    const found = membership([ada], groups);
    expect(found.groupsOf(ada).map(({ name }) => name)).toEqual(['a', 'b', 'top']);
    expect(found).toMatchObject({ depth: 1, circular: 3 });
  });

  test('O-23: a login name that two carry stands for neither; a primary group for all who name it', () => {
    const [ada, bea] = [
      person('ada', ['uid:shared', 'primary:S-1']),
      person('bea', ['uid:shared', 'primary:S-1']),
    ];
    const groups = [group('posix', ['uid:shared']), group('domain users', ['primary:S-1'])];
    const found = membership([ada, bea], groups);
    expect(found.groupsOf(ada).map(({ name }) => name)).toEqual(['domain users']);
    expect(found.groupsOf(bea).map(({ name }) => name)).toEqual(['domain users']);
    expect(found).toMatchObject({ strangers: 0, mostMembers: 1 });
  });

  test('whoever names groups themselves is believed', () => {
    const ada: Entry = { ...person('ada'), memberOf: [{ dn: 'cn=x', name: 'x' }] };
    expect(membership([ada], []).groupsOf(ada)).toEqual([{ dn: 'cn=x', name: 'x' }]);
  });

  test('whatever groups hold, a person is in just those from which a way leads down to them', () => {
    const names = ['g0', 'g1', 'g2', 'g3', 'g4', 'ada', 'nobody'];
    const members = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(members, { minLength: 5, maxLength: 5 }), (lists) => {
        const groups = lists.map((list, index) => group(`g${index}`, list));
        const ada = person('ada');
        const leadsToAda = (name: string, passed: readonly string[]): boolean =>
          name === 'ada' ||
          (!passed.includes(name) &&
            (lists[Number(name.slice(1))] ?? []).some((next) => leadsToAda(next, [...passed, name])));
        const expected = groups.map(({ name }) => name).filter((name) => leadsToAda(name, []));
        expect(
          membership([ada], groups)
            .groupsOf(ada)
            .map(({ name }) => name),
        ).toEqual(expected);
      }),
    );
  });
});

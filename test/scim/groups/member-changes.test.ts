import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Group, readGroup } from '../../../app/scim/groups/group.ts';
import {
  firstChunk,
  isNothing,
  membersPatch,
  neededChange,
  without,
} from '../../../app/scim/groups/member-changes.ts';
import type { Json, JsonObject } from '../../../app/scim/resource.ts';

const ids: fc.Arbitrary<string[]> = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 8 });

function groupOf(members: readonly string[]): Group {
  const group = readGroup({ id: 'g', displayName: 'G', members: members.map((value) => ({ value })) });
  if (group === null) throw new Error('not a group');
  return group;
}

/** What SCIM 1.1 does to a list of members (draft-scim-api-01, 3.3.2). */
function patched(members: readonly string[], body: JsonObject): string[] {
  const so = new Set(members);
  for (const element of body.members as readonly Json[]) {
    const { value, operation } = element as { value: string; operation?: string };
    if (operation === 'delete') so.delete(value);
    else so.add(value);
  }
  return [...so].sort();
}

describe('whatever the group is and whatever is to change', () => {
  test('O-25: the requests bring about what was asked, and touch nobody else', () => {
    fc.assert(
      fc.property(ids, ids, ids, fc.integer({ min: 1, max: 4 }), (members, add, remove, most) => {
        const group = groupOf(members);
        let so = [...new Set(members)].sort();
        let left = neededChange({ add, remove }, group);
        let requests = 0;
        const needed = left.add.length + left.remove.length;
        while (!isNothing(left)) {
          const part = firstChunk(left, most);
          so = patched(so, membersPatch(part, group));
          left = without(left, part);
          requests += 1;
        }
        const wanted = [...members.filter((id) => !remove.includes(id) || add.includes(id)), ...add];
        expect(so).toEqual([...new Set(wanted)].sort());
        expect(requests).toBe(Math.ceil(needed / most));
      }),
    );
  });

  test('asked again, nothing is left to do', () => {
    fc.assert(
      fc.property(ids, ids, ids, (members, add, remove) => {
        const group = groupOf(members);
        const after = patched(members, membersPatch(neededChange({ add, remove }, group), group));
        expect(isNothing(neededChange({ add, remove }, groupOf(after)))).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BulkOperation } from '../../../app/scim/bulk/bulk-target.ts';
import { referencesOf, referredFirst, resolved } from '../../../app/scim/bulk/references.ts';

const POST: BulkOperation = {
  method: 'POST',
  path: '/Groups',
  bulkId: 'g',
  data: {
    displayName: 'bulkId:',
    members: [{ value: 'bulkId:ana' }, { value: 'bulkId:a:b' }, { value: 'bulkId:ana' }],
  },
};

describe('references between operations', () => {
  test('are found at any depth and in the path, each once', () => {
    expect(referencesOf(POST)).toEqual(['ana', 'a:b']);
    expect(referencesOf({ method: 'DELETE', path: '/Users/bulkId:ana' })).toEqual(['ana']);
    expect(referencesOf({ method: 'PATCH', path: '/Users/1', data: { title: 'my bulkId:x' } })).toEqual([]);
  });

  test('become ids where they are known, and stay where they are not', () => {
    const ids = (bulkId: string) => (bulkId === 'ana' ? 't/1' : undefined);
    expect(resolved(POST, ids)).toEqual({
      ...POST,
      data: {
        displayName: 'bulkId:',
        members: [{ value: 't/1' }, { value: 'bulkId:a:b' }, { value: 't/1' }],
      },
    });
    expect(resolved({ method: 'DELETE', path: '/Users/bulkId:ana' }, ids)).toEqual({
      method: 'DELETE',
      path: '/Users/t%2F1',
    });
  });
});

describe('the order of operations', () => {
  test('stays as it was where nothing refers to something later', () => {
    expect(referredFirst([[], [0], [], [1, 0]])).toEqual([0, 1, 2, 3]);
  });

  test('what is referred to goes first; a circle stays together', () => {
    expect(referredFirst([[2], [], [3], []])).toEqual([3, 2, 0, 1]);
    expect(referredFirst([[], [3], [], [1]])).toEqual([0, 3, 1, 2]);
    expect(referredFirst([[0]])).toEqual([0]);
  });

  test('a chain as long as you like does not exhaust the stack', () => {
    const many = 50_000;
    const order = referredFirst(Array.from({ length: many }, (_, at) => (at + 1 < many ? [at + 1] : [])));
    expect(order[0]).toBe(many - 1);
    expect(order).toHaveLength(many);
  });

  test('whatever refers to what: each operation once, and after those that it refers to, but for circles', () => {
    const graph = fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(graph, (references) => {
        const order = referredFirst(references);
        expect([...order].sort((a, b) => a - b)).toEqual([...references.keys()]);
        const place = new Map(order.map((at, index) => [at, index]));
        for (const [from, targets] of references.entries()) {
          for (const to of targets) {
            if (!reaches(references, to, from)) expect(place.get(to)).toBeLessThan(place.get(from) ?? -1);
          }
        }
      }),
    );
  });
});

function reaches(references: readonly (readonly number[])[], from: number, to: number): boolean {
  const seen = new Set<number>();
  const left = [from];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (at === to) return true;
    if (!seen.has(at)) left.push(...(references[at] ?? []));
    seen.add(at);
  }
  return false;
}

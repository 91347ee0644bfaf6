/** Whom a target does not take as a member keeps nobody else out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest } from '../set-up.ts';
import { aGroup, aProfile, groupsAt } from './groups-set-up.ts';

const server = oddServerForEachTest();

const EMPTY = answering(200, aGroup([]));
const NO_SUCH = answering(400, errors('no such member', '400'));

/** Takes each request that names nobody of these. */
function refusing(bad: ReadonlySet<string>): OddServer['answer'] {
  return (asked, response) => {
    if (asked.method === 'GET') return EMPTY(asked, response);
    const { members = [] } = JSON.parse(asked.body) as { members?: { value: string }[] };
    const isRefused = members.some(({ value }) => bad.has(value));
    return (isRefused ? NO_SUCH : answering(asked.method === 'POST' ? 201 : 204, aGroup(null)))(
      asked,
      response,
    );
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => `t-${n}`);
const writes = () => server.asked.filter(({ method }) => method !== 'GET').length;

describe('members whom the target does not take', () => {
  test('one among a hundred is found by halves, named with its words, and left out', async () => {
    server.answer = refusing(new Set(['t-42']));
    const changed = await groupsAt(server).changeMembers('g-1', { add: ids(100), remove: [] }, aCall());
    expect(changed).toEqual({
      kind: 'partly',
      done: { add: expect.any(Array), remove: [] },
      left: { add: ['t-42'], remove: [] },
      refused: [{ id: 't-42', words: 'no such member' }],
      why: expect.objectContaining({ name: 'Refused', status: 400 }),
    });
    expect(changed.kind === 'partly' && [...changed.done.add].sort()).toEqual(
      ids(100)
        .filter((id) => id !== 't-42')
        .sort(),
    );
    expect(writes()).toBeLessThanOrEqual(10);
  });

  test('whoever they are: all others are in, and those alone are left', async () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(some, fc.constantFrom(1, 7, 40, 100), async (numbers, most) => {
        const bad = new Set(numbers.map((n) => `t-${n}`));
        // The first is taken, so that it is known to be a matter of single members.
        bad.delete('t-0');
        fc.pre(bad.size > 0);
        server.asked.length = 0;
        server.answer = refusing(bad);
        const changed = await groupsAt(server, {}, most).changeMembers(
          'g-1',
          { add: ids(40), remove: [] },
          aCall(),
        );
        expect(changed.kind).toBe('partly');
        if (changed.kind !== 'partly') return;
        expect([...changed.done.add].sort()).toEqual(
          ids(40)
            .filter((id) => !bad.has(id))
            .sort(),
        );
        expect(new Set(changed.left.add)).toEqual(bad);
        expect(new Set(changed.refused.map(({ id }) => id))).toEqual(bad);
      }),
      { numRuns: 60 },
    );
  });

  test('where nobody is taken, a few are tried and no more', async () => {
    server.answer = refusing(new Set(ids(1_000)));
    const change = { add: ids(1_000), remove: [] };
    expect(await failureOf(groupsAt(server).changeMembers('g-1', change, aCall()))).toMatchObject({
      name: 'Refused',
      words: 'no such member',
    });
    expect(writes()).toBeLessThanOrEqual(24);
  });

  test('by PUT as well, each time from the group as it is', async () => {
    server.answer = refusing(new Set(['t-2']));
    const groups = {
      ...aProfile('okta-style').groups,
      path: '/Groups',
      update: 'put',
      membersPerRequest: 9,
    } as const;
    const changed = await groupsAt(server, { groups }, 9).changeMembers(
      'g-1',
      { add: ids(4), remove: [] },
      aCall(),
    );
    expect(changed).toMatchObject({
      kind: 'partly',
      left: { add: ['t-2'], remove: [] },
      refused: [{ id: 't-2', words: 'no such member' }],
    });
  });

  test('a group that is refused with its members is made without them', async () => {
    server.answer = refusing(new Set(['t-1']));
    const made = await groupsAt(server).create({ displayName: 'Engines', members: ['t-0', 't-1'] }, aCall());
    expect(made).toMatchObject({ kind: 'written', left: ['t-0', 't-1'] });
    server.asked.length = 0;
    server.answer = byMethod({ POST: answering(400, errors('no such name', '400')) });
    expect(
      await failureOf(groupsAt(server).create({ displayName: '?', members: ['t-0'] }, aCall())),
    ).toMatchObject({ name: 'Refused', words: 'no such name' });
    expect(writes()).toBe(2);
  });
});

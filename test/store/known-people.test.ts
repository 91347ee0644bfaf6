/** Who is recognised by what they said, without being loaded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { personKey } from '../../app/person/anchor.ts';
import { saysTheSame } from '../../app/person/content.ts';
import { type Entry, toAttributes } from '../../app/person/entry.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import type { StoredIdentity } from '../../app/store/ports/index.ts';
import { id, lease, person, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

const people = () => createIdentities(store, createGroups(store));
const entry = (name: string, attributes: Record<string, string[]>): Entry => ({
  stableId: id(name),
  dn: `uid=${name}`,
  dnKey: `uid=${name}`,
  revision: '',
  attributes: toAttributes(Object.entries(attributes)),
});
const stored = (of: Entry, version: number, state: 'present' | 'absent'): StoredIdentity => ({
  key: personKey('corp', of.stableId),
  source: 'corp',
  stableId: of.stableId,
  presence: state === 'present' ? { state } : { state, why: 'deleted', since: T0.toISOString() },
  entry: of,
  version,
  observedAt: T0.toISOString(),
});

async function present(): Promise<string[]> {
  const found = new Set<string>();
  for await (const batch of people().scanPresent('corp')) for (const each of batch) found.add(each);
  return [...found].sort();
}

describe('somebody is recognised', () => {
  test('whatever happens, by what they said last while they are there, and never otherwise', async () => {
    const step = fc.record({
      name: fc.constantFrom('p1', 'p2', 'p3'),
      sn: fc.constantFrom('King', 'Byron'),
      state: fc.constantFrom('present' as const, 'absent' as const),
      stale: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await redis.flushall();
        const model = new Map<string, StoredIdentity>();
        for (const { name, sn, state, stale } of steps) {
          const before = model.get(name)?.version ?? 0;
          const next = stored(entry(name, { sn: [sn] }), before + 1, state);
          const put = await people().put(next, stale ? before + 7 : before);
          expect(put).toBe(!stale);
          if (put) model.set(name, next);
        }
        const asked = ['p1', 'p2', 'p3', 'p4'].flatMap((name) =>
          ['King', 'Byron'].map((sn) => entry(name, { sn: [sn] })),
        );
        const isKnown = asked.map((each) => {
          const known = model.get(each.stableId);
          return known?.presence.state === 'present' && saysTheSame(known.entry, each);
        });
        expect(await people().areKnown('corp', asked)).toEqual(isKnown);
        const there = [...model.values()].filter(({ presence }) => presence.state === 'present');
        expect(await present()).toEqual(there.map(({ stableId }) => stableId).sort());
        expect(await people().countPresent('corp')).toBe(there.length);
        const ids = ['p1', 'p2', 'p3', 'p4'].map(id);
        expect(await people().arePresent('corp', ids)).toEqual(
          ids.map((each) => model.get(each)?.presence.state === 'present'),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('not by what a late reader would have stored', async () => {
    const late = await lease('read:corp');
    await redis.flushall();
    const next = stored(entry('p1', { sn: ['King'] }), 1, 'present');
    await expect(people().put(next, 0, late)).rejects.toThrow('the lease has passed');
    expect(await people().areKnown('corp', [next.entry])).toEqual([false]);
  });

  test('again, where only the digest was lost or made otherwise', async () => {
    const ada = person(1, { sn: ['King'] });
    await people().put(ada, 0);
    await redis.hset(store.key('present', 'corp'), ada.stableId, 'of another version');
    expect(await people().areKnown('corp', [ada.entry])).toEqual([false]);
    await people().recognise(ada);
    expect(await people().areKnown('corp', [ada.entry])).toEqual([true]);
  });

  test('not by an older entry, and not once they are gone', async () => {
    const ada = person(1, { sn: ['King'] });
    await people().put(ada, 0);
    await people().put(person(2, { sn: ['Byron'] }), 1);
    await people().recognise(ada);
    expect(await people().areKnown('corp', [ada.entry])).toEqual([false]);
    const gone = { ...person(3, { sn: ['Byron'] }), presence: stored(ada.entry, 3, 'absent').presence };
    await people().put(gone, 2);
    await people().recognise(gone);
    expect(await people().areKnown('corp', [gone.entry])).toEqual([false]);
    expect(await people().countPresent('corp')).toBe(0);
  });
});

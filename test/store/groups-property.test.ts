/** Any sequence of changes to groups and people, held against a model that works everything out anew each time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personKey } from '../../app/person/anchor.ts';
import { createStore } from '../../app/store/connection.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import type { StoredIdentity } from '../../app/store/ports/index.ts';
import { id, redis, T0, useRedis } from './use-redis.ts';

useRedis();

type Person = { readonly dn: string; readonly uid: string; readonly present: boolean };
type Group = { readonly dn: string | null; readonly name: string; readonly members: readonly string[] };
type World = { readonly people: Map<string, Person>; readonly groups: Map<string, Group> };

type Change =
  | { readonly kind: 'person'; readonly id: string; readonly person: Person }
  | (Group & { readonly kind: 'group'; readonly id: string; readonly dn: string; readonly partial: boolean })
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'settle' };

const PEOPLE = ['p0', 'p1', 'p2', 'p3'];
const GROUPS = ['g0', 'g1', 'g2', 'g3'];
const UIDS = ['uid:a', 'uid:b'];

const personChange = fc
  .record({
    id: fc.constantFrom(...PEOPLE),
    place: fc.constantFrom('x', 'y'),
    uid: fc.constantFrom(...UIDS),
    present: fc.boolean(),
  })
  .map(({ id, place, uid, present }): Change => {
    return { kind: 'person', id, person: { dn: `uid=${id},ou=${place}`, uid, present } };
  });

const memberName = fc.constantFrom(
  ...PEOPLE.flatMap((person) => [`uid=${person},ou=x`, `uid=${person},ou=y`]),
  ...GROUPS.map((group) => `cn=${group}`),
  ...UIDS,
  'uid=nobody',
);

const groupChange = fc
  .record({
    id: fc.constantFrom(...GROUPS),
    // Two groups may change places, or one may take another's.
    dn: fc.constantFrom(...GROUPS.map((group) => `cn=${group}`)),
    name: fc.constantFrom('one', 'two'),
    members: fc.uniqueArray(memberName, { maxLength: 5 }),
    partial: fc.boolean(),
  })
  .map((group): Change => ({ kind: 'group', ...group }));

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: personChange },
  { weight: 5, arbitrary: groupChange },
  { weight: 1, arbitrary: fc.constantFrom(...GROUPS).map((id): Change => ({ kind: 'remove', id })) },
  { weight: 2, arbitrary: fc.constant<Change>({ kind: 'settle' }) },
);

function apply({ people, groups }: World, next: Change): void {
  if (next.kind === 'person') people.set(next.id, next.person);
  if (next.kind === 'remove') groups.delete(next.id);
  if (next.kind !== 'group') return;
  const { id, dn, name, members, partial } = next;
  for (const [other, there] of groups)
    if (other !== id && there.dn === dn) groups.set(other, { ...there, dn: null });
  const before = partial ? (groups.get(id)?.members ?? []) : [];
  groups.set(id, { dn, name, members: [...new Set([...before, ...members])] });
}

/** Every group of everybody who is present, as `name` or `(name)` where it is through another. */
function closures({ people, groups }: World): Map<string, string> {
  const naming = (name: string) => [...groups].filter(([, { members }]) => members.includes(name));
  const carriers = (uid: string) =>
    [...people.values()].filter((one) => one.present && one.uid === uid).length;
  const result = new Map<string, string>();
  for (const [person, { dn, uid, present }] of people) {
    if (!present) continue;
    const names = carriers(uid) > 1 ? [dn] : [dn, uid];
    const direct = new Set(names.flatMap(naming).map(([group]) => group));
    const all = new Set(direct);
    for (const group of all) {
      const own = groups.get(group)?.dn ?? null;
      if (own !== null) for (const [above] of naming(own)) all.add(above);
    }
    const shown = [...all].sort().map((group) => {
      const name = `${group}:${groups.get(group)?.name}`;
      return direct.has(group) ? name : `(${name})`;
    });
    result.set(person, shown.join(' '));
  }
  return result;
}

/** Everybody who could have to do with a change: below the group or carrying one of the names, before or after. */
function concerned(world: World, names: readonly string[], met = new Set<string>()): Set<string> {
  const found = new Set<string>();
  for (const name of names) {
    if (met.has(name)) continue;
    met.add(name);
    for (const [person, { dn, uid }] of world.people) if (dn === name || uid === name) found.add(person);
    for (const { dn, members } of world.groups.values())
      if (dn === name) for (const below of concerned(world, members, met)) found.add(below);
  }
  return found;
}

/** The names that a change has to do with, at the moment it is asked. */
function namesIn(world: World, next: Change): readonly string[] {
  if (next.kind === 'person') return UIDS;
  if (next.kind === 'settle') return [];
  const { dn = null, members = [] } = world.groups.get(next.id) ?? {};
  const place = next.kind === 'group' ? [next.dn] : [];
  return [...place, ...(dn === null ? [] : [dn]), ...members];
}

/** The stores of one run, and what they were given. */
function createStored(prefix: string) {
  const store = createStore(redis, prefix);
  const groups = createGroups(store);
  const identities = createIdentities(store, groups);
  const versions = new Map<string, number>();

  async function putPerson(name: string, { dn, uid, present }: Person): Promise<void> {
    const version = (versions.get(name) ?? 0) + 1;
    versions.set(name, version);
    const at = T0.toISOString();
    const stableId = id(name);
    const next: StoredIdentity = {
      key: personKey('corp', stableId),
      source: 'corp',
      stableId,
      presence: present ? { state: 'present' } : { state: 'absent', why: 'deleted', since: at },
      entry: { stableId, dn, dnKey: dn, memberNames: [uid], revision: '', attributes: {} },
      version,
      observedAt: at,
    };
    expect(await identities.put(next, version - 1)).toBe(true);
  }

  return {
    async perform(next: Change): Promise<void> {
      if (next.kind === 'person') return await putPerson(next.id, next.person);
      if (next.kind === 'remove') return await groups.remove('corp', new Set([id(next.id)]));
      if (next.kind === 'settle') return await groups.settle('corp', await groups.touched('corp'));
      const { dn, name, members, partial } = next;
      const group = { stableId: id(next.id), dn, dnKey: dn, name: `${next.id}:${name}`, members };
      await groups.put('corp', { ...group, ...(partial ? { partial } : {}) });
    },
    async closures(people: Iterable<string>): Promise<Map<string, string>> {
      const result = new Map<string, string>();
      for (const person of people) {
        const known = await identities.get(personKey('corp', id(person)));
        const refs = (known?.groups ?? []).map((ref) => (ref.nested ? `(${ref.name})` : ref.name));
        result.set(person, refs.join(' '));
      }
      return result;
    },
    async touched(): Promise<readonly string[]> {
      return (await groups.touched('corp')).people.map((key) => key.slice('corp:'.length));
    },
  };
}

let runs = 0;

test('memberships are those of the model, and whoever gained or lost one is touched, but nobody unconcerned', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 25 }), async (changes) => {
      runs += 1;
      const stored = createStored(`model-${runs}`);
      const world: World = { people: new Map(), groups: new Map() };
      let settled = closures(world);
      // People who are news themselves, and people who may be touched.
      let [news, maybe] = [new Set<string>(), new Set<string>()];
      for (const next of changes) {
        for (const person of concerned(world, namesIn(world, next))) maybe.add(person);
        apply(world, next);
        for (const person of concerned(world, namesIn(world, next))) maybe.add(person);
        await stored.perform(next);
        const model = closures(world);
        if (next.kind === 'person') news.add(next.id);
        if (next.kind === 'settle') [settled, news, maybe] = [model, new Set(), new Set()];
        expect(await stored.closures(model.keys())).toEqual(model);
        const touched = await stored.touched();
        const changed = [...model.keys()].filter(
          (who) => !news.has(who) && settled.get(who) !== model.get(who),
        );
        expect(changed.filter((who) => !touched.includes(who))).toEqual([]);
        expect(touched.filter((who) => !maybe.has(who))).toEqual([]);
      }
    }),
    { numRuns: 120 },
  );
});

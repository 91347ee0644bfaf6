/**
 * A PATCH makes of the user that is there the user that is wanted. What a server does with a PATCH is taken from the
 * sandbox, which was written after the draft and not after this client.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import {
  type Json,
  type JsonObject,
  objectWithoutBlanks,
  type ScimUser,
} from '../../../app/scim/resource.ts';
import { patchBody } from '../../../app/scim/users/patch.ts';
import { applyPatch } from '../../../sandbox/scim-target/patch.ts';

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const UNKNOWN = 'urn:example:unknown:1.0';

const word = fc.constantFrom('a', 'b', 'c', 'A', 'Ä', 'x y', '"');
const type = fc.constantFrom('work', 'home', 'other');
/** At most one is primary, as the schema has it. */
const withPrimary = (elements: readonly JsonObject[], primary: number): JsonObject[] =>
  elements.map((element, index) => (index === primary ? { ...element, primary: true } : element));
const listOf = (element: fc.Arbitrary<JsonObject>, sameAs: (element: JsonObject) => string) =>
  fc
    .tuple(
      fc.uniqueArray(element, { minLength: 1, maxLength: 4, selector: sameAs }),
      fc.integer({ min: 0, max: 6 }),
    )
    .map(([elements, primary]): Json => withPrimary(elements, primary));
const contact = fc.record(
  { value: word, type, label: word },
  { requiredKeys: ['value'], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;
/** A server merges elements of one value, so that a list with two of them cannot be said by any PATCH. */
const contacts = listOf(contact, ({ value }) => String(value).toLowerCase());
const addresses = listOf(
  fc.record(
    { streetAddress: word, locality: word, type },
    { requiredKeys: ['streetAddress'], noNullPrototype: true },
  ) as fc.Arbitrary<JsonObject>,
  (address) => JSON.stringify(Object.entries(address).sort()),
);
const parts = (names: [string, ...string[]]) =>
  fc.dictionary(fc.constantFrom(...names), word, { minKeys: 1 });
const user: fc.Arbitrary<ScimUser> = fc
  .record(
    {
      title: word,
      active: fc.boolean(),
      name: parts(['familyName', 'givenName', 'formatted']),
      emails: contacts,
      phoneNumbers: contacts,
      addresses,
      [ENTERPRISE]: fc.record(
        { department: word, costCenter: word, manager: fc.record({ managerId: word }) },
        { requiredKeys: [], noNullPrototype: true },
      ),
      [UNKNOWN]: fc.record(
        { level: fc.integer({ min: 0, max: 2 }), skills: contacts },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .chain((rest) => word.map((userName): ScimUser => ({ ...(rest as Record<string, Json>), userName })));

function afterPatch(
  known: ScimUser,
  desired: ScimUser,
  previous: ScimUser | null,
  profile: Profile,
): ScimUser {
  const found = differences(known, desired, previous);
  if (found.length === 0) return known;
  return applyPatch(known, patchBody(found, desired, profile)) as ScimUser;
}

/** A user in one order, with what says nothing left out, so that two can be compared. */
function asSaid(value: ScimUser): unknown {
  const inOrder = (json: Json): Json => {
    if (Array.isArray(json))
      return json.map(inOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof json !== 'object' || json === null) return json;
    const said = Object.entries(json).filter(([name, part]) => !(name === 'primary' && part === false));
    return Object.fromEntries(
      said.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, inOrder(part)]),
    );
  };
  return inOrder(objectWithoutBlanks(value));
}

describe.each(['replace', 'elements'] as const)('a list changed by %s', (listChanges) => {
  const profile: Profile = { ...generic, listChanges };

  test('makes of any user any other, where all of both is ours', () => {
    fc.assert(
      fc.property(user, user, (known, desired) => {
        expect(asSaid(afterPatch(known, desired, known, profile))).toEqual(asSaid(desired));
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves nothing to be written, and what is not ours as it was', () => {
    fc.assert(
      fc.property(user, user, fc.option(user), (known, desired, previous) => {
        const after = afterPatch(known, desired, previous, profile);
        expect(differences(after, desired, previous)).toEqual([]);
        const ours = new Set([...Object.keys(desired), ...Object.keys(previous ?? {})]);
        for (const [name, value] of Object.entries(known))
          if (!ours.has(name)) expect(after[name]).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test('holds no blank, and says primary of one element at most', () => {
    fc.assert(
      fc.property(user, user, (known, desired) => {
        const body = patchBody(differences(known, desired, known), desired, profile);
        expect(objectWithoutBlanks(body)).toEqual(body);
        for (const value of Object.values(body).filter(Array.isArray)) {
          expect(value.filter((element: JsonObject) => element.primary === true).length).toBeLessThan(2);
        }
      }),
    );
  });
});

test('a list changed by overwriting is sent whole, and only a list that goes is named', () => {
  fc.assert(
    fc.property(user, user, (known, desired) => {
      const { meta, ...body } = patchBody(differences(known, desired, known), desired, {
        ...generic,
        listChanges: 'overwrite',
      });
      for (const name of ['emails', 'phoneNumbers', 'addresses']) {
        if (body[name] !== undefined) expect(body[name]).toEqual(desired[name]);
      }
      const named = (meta as { attributes: string[] } | undefined)?.attributes ?? [];
      for (const name of named) expect(Object.keys(body)).not.toContain(name);
    }),
  );
});

test('nothing is written exactly where both users say the same, in whatever order', () => {
  fc.assert(
    fc.property(user, user, (one, other) => {
      const same = JSON.stringify(asSaid(one)) === JSON.stringify(asSaid(other));
      expect(differences(one, other, one).length === 0).toBe(same);
    }),
    { numRuns: 2_000 },
  );
});

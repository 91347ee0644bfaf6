/** Filters and resources of every kind, small enough that they often meet: for properties of filters. */
import fc from 'fast-check';
import { EVERY_OPERATOR } from '../../../app/scim/filter/abilities.ts';
import type { Comparison, Filter, FilterLeaf, FilterValue } from '../../../app/scim/filter/expression.ts';
import type { AttributePath, JsonObject } from '../../../app/scim/resource.ts';

export const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';

const COMPARISONS = EVERY_OPERATOR.filter((operator): operator is Comparison => operator !== 'pr');

const path = fc.constantFrom<AttributePath>(
  ['userName'],
  ['USERNAME'],
  ['id'],
  ['externalId'],
  ['active'],
  ['name', 'givenName'],
  ['emails'],
  ['emails', 'type'],
  ['emails', 'value'],
  ['hired'],
  [ENTERPRISE, 'department'],
  [ENTERPRISE, 'manager', 'managerId'],
);

const words = fc.constantFrom('', 'a', 'A', 'ab', 'b', 'work', 'true', '17', '2026-01-01T00:00:00Z');

const value: fc.Arbitrary<FilterValue> = fc.oneof(
  words,
  fc.boolean(),
  fc.constantFrom(0, 1, 17),
  fc.string({ unit: 'binary' }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => !Object.is(number, -0) && isExact(number)),
);

function isExact(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number);
}

const leaf: fc.Arbitrary<FilterLeaf> = fc.oneof(
  path.map((at): FilterLeaf => ({ kind: 'present', path: at })),
  fc
    .tuple(path, fc.constantFrom(...COMPARISONS), value)
    .map(([at, operator, asked]): FilterLeaf => ({ kind: 'compare', path: at, operator, value: asked })),
);

export const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, parts]): Filter => ({ kind, parts })),
  ),
})).filter;

const email = fc.oneof(words, fc.record({ value: words, type: words }, { requiredKeys: [] }));

export const anyResource: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: words,
    externalId: words,
    userName: words,
    active: fc.oneof(fc.boolean(), words),
    name: fc.record({ givenName: words }, { requiredKeys: [] }),
    emails: fc.array(email, { maxLength: 2 }),
    hired: fc.oneof(words, fc.constantFrom(0, 17)),
    [ENTERPRISE]: fc.record({ department: words }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BY_THE_LETTER, EVERY_OPERATOR, type FilterAbilities } from '../../../app/scim/filter/abilities.ts';
import { allOf, anyOf, present, where } from '../../../app/scim/filter/expression.ts';
import { formatFilter } from '../../../app/scim/filter/format.ts';
import { matchesFilter } from '../../../app/scim/filter/matches.ts';
import { parseFilter } from '../../../app/scim/filter/parse.ts';
import { reduceFilter } from '../../../app/scim/filter/reduce.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import { slack } from '../../../app/scim/profiles/slack.ts';
import { anyFilter, anyResource, ENTERPRISE } from './any-filter.ts';

describe('how a filter is written', () => {
  test('a filter that is put together reads as the draft has it', () => {
    const filter = allOf(
      where('userName', 'sw', 'a"b'),
      anyOf(present('title'), where(`${ENTERPRISE}:department`, 'eq', 'Sales')),
      where('active', 'eq', true),
      where('badge', 'ge', 17),
    );
    expect(formatFilter(filter)).toBe(
      `userName sw "a\\"b" and (title pr or ${ENTERPRISE}:department eq "Sales") and active eq true and badge ge 17`,
    );
  });

  test('at AgilePlace, a dot stands behind the URN, and a boolean is in quotes', () => {
    const urn = 'urn:scim:schemas:extension:leankit:user:1.0';
    const filter = allOf(where(`${urn}:administrator`, 'eq', true), where('active', 'eq', false));
    expect(formatFilter(filter, agileplace.filter)).toBe(
      `${urn}.administrator eq "true" and active eq "false"`,
    );
  });

  test('and within or has brackets, since not every server lets and bind tighter', () => {
    expect(formatFilter(parseFilter('a pr or b pr and c pr'))).toBe('a pr or (b pr and c pr)');
  });

  test('one expression alone is no join', () => {
    expect(allOf(present('a'))).toEqual(present('a'));
    expect(anyOf(present('a'))).toEqual(present('a'));
  });

  test('an attribute that is none is refused', () => {
    expect(() => where('emails[0]', 'eq', 'x')).toThrow('an attribute name is needed');
  });
});

const EQ_ONLY: FilterAbilities = { ...BY_THE_LETTER, operators: ['eq'], joins: false };
const NO_JOINS: FilterAbilities = { ...BY_THE_LETTER, joins: false };
const NO_CO: FilterAbilities = { ...BY_THE_LETTER, operators: ['eq', 'pr', 'sw'] };

describe('what a target can be asked', () => {
  test.each<[string, FilterAbilities, string, string | null, boolean]>([
    [
      'everything that it understands',
      BY_THE_LETTER,
      'a pr and (b co "x" or c pr)',
      'a pr and (b co "x" or c pr)',
      false,
    ],
    ['nothing of an operator it has not', EQ_ONLY, 'userName sw "a"', null, true],
    ['the one side of and', EQ_ONLY, 'userName sw "a" and active eq true', 'active eq true', true],
    ['what is left of and', NO_CO, 'a co "x" and b sw "y" and c pr', 'b sw "y" and c pr', true],
    ['what is left of and, within and', NO_CO, 'a pr and (b co "x" and c pr)', 'a pr and c pr', true],
    ['nothing of or, where one side is not understood', NO_CO, 'a co "x" or b pr', null, true],
    [
      'nothing of or, where a part of one side is left out wholly',
      NO_CO,
      'a pr or (b co "x" and c co "y")',
      null,
      true,
    ],
    ['or with the rest of one side', NO_CO, 'a pr or (b co "x" and c pr)', 'a pr or c pr', true],
    [
      'without joins, the expression that finds the fewest',
      NO_JOINS,
      'a pr and b co "x" and c sw "y"',
      'c sw "y"',
      true,
    ],
    [
      'without joins, a text before a boolean',
      EQ_ONLY,
      'active eq true and userName eq "a"',
      'userName eq "a"',
      true,
    ],
    ['without joins, nothing of or', EQ_ONLY, 'userName eq "a" or userName eq "b"', null, true],
    [
      'nothing of an attribute that cannot be asked for',
      agileplace.filter,
      'Timezone eq "Europe/Paris"',
      null,
      true,
    ],
    [
      'only what can be asked for at all',
      slack.filter,
      'username sw "a" and title pr',
      'username sw "a"',
      true,
    ],
  ])('%s', (_what, abilities, text, sent, check) => {
    const reduced = reduceFilter(parseFilter(text), abilities);
    expect(reduced.sent === null ? null : formatFilter(reduced.sent)).toBe(sent);
    expect(reduced.check).toBe(check);
  });

  const anyAbilities: fc.Arbitrary<FilterAbilities> = fc.record({
    operators: fc.subarray([...EVERY_OPERATOR]),
    joins: fc.boolean(),
    afterUrn: fc.constantFrom(':' as const, '.' as const),
    booleans: fc.constantFrom('bare' as const, 'quoted' as const),
    attributes: fc.oneof(
      fc.record({ only: fc.subarray(['USERNAME', 'active', ENTERPRISE]) }),
      fc.record({ allBut: fc.subarray(['userName', 'externalId', ENTERPRISE]) }),
    ),
  });

  test('whatever is left out: what comes back and is checked is what the whole filter finds', () => {
    fc.assert(
      fc.property(anyFilter, anyAbilities, fc.array(anyResource), (filter, abilities, resources) => {
        const { sent, check } = reduceFilter(filter, abilities);
        const answer = resources.filter((each) => sent === null || matchesFilter(sent, each));
        const found = check ? answer.filter((each) => matchesFilter(filter, each)) : answer;
        expect(found).toEqual(resources.filter((each) => matchesFilter(filter, each)));
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing is sent that the target does not understand', () => {
    fc.assert(
      fc.property(anyFilter, anyAbilities, (filter, abilities) => {
        const { sent } = reduceFilter(filter, abilities);
        if (sent === null) return;
        expect(reduceFilter(sent, abilities)).toEqual({ sent, check: false });
        if (!abilities.joins) expect(['present', 'compare']).toContain(sent.kind);
      }),
      { numRuns: 1000 },
    );
  });

  test('a boolean in quotes finds whom the bare one finds', () => {
    fc.assert(
      fc.property(anyFilter, anyResource, (filter, resource) => {
        const quoted = parseFilter(formatFilter(filter, { afterUrn: '.', booleans: 'quoted' }));
        expect(matchesFilter(quoted, resource)).toBe(matchesFilter(filter, resource));
      }),
      { numRuns: 1000 },
    );
  });
});

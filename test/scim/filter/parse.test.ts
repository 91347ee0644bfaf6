import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filter } from '../../../app/scim/filter/expression.ts';
import { FilterError } from '../../../app/scim/filter/filter-error.ts';
import { formatFilter } from '../../../app/scim/filter/format.ts';
import { parseFilter } from '../../../app/scim/filter/parse.ts';
import { anyFilter, ENTERPRISE } from './any-filter.ts';

const isAna: Filter = { kind: 'compare', path: ['userName'], operator: 'eq', value: 'ana' };
const hasTitle: Filter = { kind: 'present', path: ['title'] };
const isActive: Filter = { kind: 'compare', path: ['active'], operator: 'eq', value: true };

describe('what a filter says', () => {
  test.each<[string, Filter]>([
    ['userName eq "ana"', isAna],
    ['  userName\teq\n"ana" ', isAna],
    ['userName Eq "ana"', isAna],
    ['title PR', hasTitle],
    ['active eq true', isActive],
    ['((userName eq "ana"))', isAna],
    [
      'name.familyName co "O\'Neil"',
      { kind: 'compare', path: ['name', 'familyName'], operator: 'co', value: "O'Neil" },
    ],
    ['n.a sw "q\\"\\\\\\u00e9"', { kind: 'compare', path: ['n', 'a'], operator: 'sw', value: 'q"\\é' }],
    ['userName eq "a) or (b pr"', { ...isAna, value: 'a) or (b pr' }],
    ['badge le -1.5e2', { kind: 'compare', path: ['badge'], operator: 'le', value: -150 }],
    [
      'meta.lastModified gt "2011-05-13T04:42:34Z"',
      { kind: 'compare', path: ['meta', 'lastModified'], operator: 'gt', value: '2011-05-13T04:42:34Z' },
    ],
  ])('%s', (text, filter) => expect(parseFilter(text)).toEqual(filter));

  test.each<[string, Filter]>([
    ['title pr and userName eq "ana" or active eq true', anyOf(allOf(hasTitle, isAna), isActive)],
    ['active eq true or title pr AND userName eq "ana"', anyOf(isActive, allOf(hasTitle, isAna))],
    ['title pr and (userName eq "ana" Or active eq true)', allOf(hasTitle, anyOf(isAna, isActive))],
    ['title pr and userName eq "ana" and active eq true', allOf(hasTitle, isAna, isActive)],
    ['(title pr)and(userName eq "ana")', allOf(hasTitle, isAna)],
  ])('and binds tighter than or: %s', (text, filter) => expect(parseFilter(text)).toEqual(filter));

  test.each<[string, string, readonly string[]]>([
    ['a colon behind it', `${ENTERPRISE}:department`, [ENTERPRISE, 'department']],
    ['a dot behind it', `${ENTERPRISE}.department`, [ENTERPRISE, 'department']],
    ['a sub-attribute', `${ENTERPRISE}:manager.managerId`, [ENTERPRISE, 'manager', 'managerId']],
    ['a sub-attribute after a dot', `${ENTERPRISE}.manager.managerId`, [ENTERPRISE, 'manager', 'managerId']],
    ['no version in it', 'urn:example:people:badge', ['urn:example:people', 'badge']],
    ['capitals', 'URN:example:1.0:badge', ['URN:example:1.0', 'badge']],
    ['the core schema, which says nothing', 'urn:scim:schemas:core:1.0:userName', ['userName']],
    ['the core schema in capitals', 'URN:SCIM:Schemas:Core:1.0:name.givenName', ['name', 'givenName']],
  ])('a URN with %s', (_what, attribute, path) => {
    expect(parseFilter(`${attribute} pr`)).toEqual({ kind: 'present', path });
  });
});

describe('what is wrong with a filter is told with its place and the mend', () => {
  const needsOperator = 'an operator is needed; SCIM 1.1 has eq, co, sw, pr, gt, ge, lt, le';
  const needsValue = 'a value is needed: a text in double quotes, a number, true or false';
  const needsName = 'an attribute name is needed: a letter first, then letters and digits';
  test.each<[string, number, string]>([
    ['', 1, 'it ends where an attribute or an opening bracket is needed'],
    ['userName', 9, 'it ends where an operator is needed'],
    ['userName eq', 12, 'it ends where a value is needed'],
    ['userName eq ana', 13, needsValue],
    ["userName eq 'ana'", 13, needsValue],
    ['userName eq null', 13, needsValue],
    ['userName eq TRUE', 13, needsValue],
    ['userName eq (', 13, needsValue],
    ['userName eq "\\x"', 13, needsValue],
    ['userName eq "ana', 13, 'the text in quotes has no end; close it with "'],
    ['userName ne "ana"', 10, needsOperator],
    ['userName "eq" "ana"', 10, needsOperator],
    ['not (title pr)', 5, needsOperator],
    ['emails[type eq "work"] pr', 1, needsName],
    ['"userName" eq "ana"', 1, 'an attribute is needed here, without quotes'],
    ['a.b.c pr', 1, 'name an attribute, or an attribute and one sub-attribute: name.familyName'],
    ['name. pr', 1, needsName],
    [`${ENTERPRISE} pr`, 1, 'an attribute has to follow the URN, after a colon'],
    [`title pr and ${ENTERPRISE}:1x pr`, 14, 'an attribute has to follow the URN, after a colon'],
    ['title pr and', 13, 'it ends where an attribute or an opening bracket is needed'],
    ['title pr title pr', 10, 'the filter goes on after its end; join expressions with and, or'],
    ['title pr)', 9, 'a bracket is closed that was not opened'],
    ['(title pr', 10, 'it ends where a closing bracket is needed'],
    ['(title pr title pr)', 11, 'a closing bracket, and, or is needed here'],
    ['()', 2, 'an attribute is needed before the closing bracket'],
    [
      'badge eq 12345678901234567890',
      10,
      'the number is too large to be kept exactly; put it in double quotes',
    ],
    ['badge eq 1e999', 10, 'the number is too large to be kept exactly; put it in double quotes'],
  ])('%s', (text, position, problem) => {
    const error = errorOf(text);
    expect(error.position).toBe(position);
    expect(error.message).toBe(`the filter cannot be read at character ${position}: ${problem}`);
  });

  test('O-26 e: 10,000 brackets, and as many as a filter may be long', () => {
    for (const many of [10_000, 4096]) expect(errorOf('('.repeat(many))).toBeInstanceOf(FilterError);
    expect(errorOf('('.repeat(2000)).message).toBe(
      'the filter cannot be read at character 65: more than 64 brackets stand in each other',
    );
    expect(errorOf(`${'a.'.repeat(2000)}a pr`).position).toBe(1);
    expect(errorOf(`a eq "${'\\\\'.repeat(2000)}`).position).toBe(6);
  });

  test('O-26 f: 4097 characters are too many, 4096 are not', () => {
    const filter = (length: number) => `userName eq "${'a'.repeat(length - 14)}"`;
    expect(parseFilter(filter(4096))).toMatchObject({ operator: 'eq' });
    expect(filter(4097)).toHaveLength(4097);
    expect(errorOf(filter(4097)).message).toBe(
      'the filter cannot be read at character 4097: it is longer than 4096 characters; ask in several requests',
    );
  });

  test('O-26: names of an object are names like others', () => {
    expect(parseFilter('__proto__ pr or constructor.prototype pr')).toMatchObject({ kind: 'or' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('no value of the filter stands in the message', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('userName eq canary', 'userName is "canary"', 'userName eq "x" "canary"'),
        (text) => {
          expect(errorOf(text).message).not.toContain('canary');
        },
      ),
    );
  });
});

describe('whatever the text is', () => {
  test('it is a filter, or a FilterError says where it is not one', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      'a',
      'a.b',
      'eq',
      'pr',
      'and',
      'or',
      '"x"',
      '"',
      '\\',
      '1',
      'true',
      'urn:a:1.0',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (filter) => {
        try {
          const parsed = parseFilter(filter);
          expect(parseFilter(formatFilter(parsed))).toEqual(parsed);
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(1);
          expect(error.position).toBeLessThanOrEqual(filter.length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('what is written is read as it was meant', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(formatFilter(filter))).toEqual(filter);
        expect(parseFilter(formatFilter(filter, { afterUrn: '.', booleans: 'bare' }))).toEqual(filter);
      }),
      { numRuns: 1000 },
    );
  });
});

function errorOf(text: string): FilterError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`no error for ${text.slice(0, 40)}`);
}

function allOf(...parts: Filter[]): Filter {
  return { kind: 'and', parts };
}

function anyOf(...parts: Filter[]): Filter {
  return { kind: 'or', parts };
}

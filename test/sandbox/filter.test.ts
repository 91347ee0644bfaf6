/**
 * Filters over HTTP against four invented people, and the parser against random text.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FilterError, parseFilter } from '../../sandbox/scim-target/filter.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, refusal, search, userNames } from './scim-request.ts';

const URN = 'urn:scim:schemas:extension:leankit:user:1.0';
const QUOTED = 'ada"o\\b@example.com';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.seedAll([
    {
      userName: 'ana@corp.test',
      externalId: 'hr-17',
      name: { familyName: 'Roe' },
      emails: ['ana@home.test'],
    },
    { userName: 'bob@corp.test', externalId: 'HR-18', active: false, [URN]: { administrator: true } },
    { userName: QUOTED, title: 'Analyst', name: { familyName: 'Doe' } },
    { userName: 'x" or userName pr or userName eq "x' },
  ]);
  const ana = await sandbox.account('ana@corp.test');
  await sandbox.change(ana?.id ?? '', { [URN]: { lastAccess: '2026-02-01T00:00:00Z' } });
});
afterAll(() => sandbox.stop());

const [ANA, BOB, HOSTILE] = ['ana@corp.test', 'bob@corp.test', 'x" or userName pr or userName eq "x'];

describe('finding', () => {
  test.each<[string, string[]]>([
    ['userName eq "ana@corp.test"', [ANA]],
    ['USERNAME EQ "ANA@CORP.TEST"', [ANA]],
    ['urn:scim:schemas:core:1.0:userName eq "ana@corp.test"', [ANA]],
    ['externalId eq "hr-17"', [ANA]],
    ['externalId eq "hr-18"', []],
    ['userName co "CORP"', [ANA, BOB]],
    ['userName sw "b"', [BOB]],
    ['name.familyName gt "doe"', [ANA]],
    ['name.familyName ge "Doe"', [ANA, QUOTED]],
    ['name.familyName lt "Roe"', [QUOTED]],
    ['name.familyName le "roe"', [ANA, QUOTED]],
    ['title pr', [QUOTED]],
    ['emails eq "ana@home.test"', [ANA]],
    ['emails.value sw "ana@"', [ANA]],
    ['active eq false', [BOB]],
    ['active eq "false"', [BOB]],
    [`${URN}:administrator eq "true"`, [BOB]],
    [`${URN}.administrator eq true`, [BOB]],
    [`${URN}.lastaccess gt "2026-01-31T23:00:00-02:00"`, []],
    [`${URN}.lastaccess eq "2026-02-01T02:00:00+02:00"`, [ANA]],
    ['meta.created gt "2020-01-01T00:00:00Z" and title pr', [QUOTED]],
    ['title pr or active eq false and userName sw "ana"', [QUOTED]],
    ['(title pr or active eq false) and userName sw "bob"', [BOB]],
    ['nobody.knows eq "this"', []],
    ['constructor pr', []],
  ])('%s', async (filter, expected) => {
    expect(userNames(await ask(sandbox, 'GET', search(filter)))).toEqual(expected);
  });

  test('O-14 · a quoted userName is one literal', async () => {
    for (const name of [QUOTED, HOSTILE]) {
      expect(userNames(await ask(sandbox, 'GET', search(`userName eq ${JSON.stringify(name)}`)))).toEqual([
        name,
      ]);
    }
  });
});

describe('refusing', () => {
  test.each([
    ['timezone eq "Europe/Paris"', 'timezone cannot be filtered.'],
    ['urn:scim:schemas:core:1.0:TimeZone pr', 'timezone cannot be filtered.'],
    ['userName ne "x"', 'The operator is unknown; known are eq, co, sw, gt, ge, lt, le and pr.'],
    ['userName eq ana', 'A value must be a JSON string in double quotes, a number, true or false.'],
    ['userName eq null', 'A value must be a JSON string in double quotes, a number, true or false.'],
    ['userName eq "ana', 'The string that begins after character 11 has no end.'],
    ['userName', 'The filter ends where an operator is needed.'],
    ['', 'The filter ends where an attribute name or a bracket is needed.'],
    ['(userName pr', 'The filter ends where a closing bracket is needed.'],
    ['userName pr title pr', 'The filter goes on after its end; join expressions with and/or.'],
    ['"userName" pr', 'An attribute name must stand here, without quotes.'],
  ])('%s', async (filter, words) => {
    const { status, body } = await ask(sandbox, 'GET', search(filter));
    expect([status, body]).toEqual([400, refusal(400, `filter: ${words}`)]);
  });

  test.each([
    ['O-26 e · 10 000 brackets', '('.repeat(10_000), 'The filter is longer than 4096 characters.'],
    ['O-26 e · 33 brackets', `${'('.repeat(33)}active pr`, 'The filter has more than 32 nested brackets.'],
    [
      'O-26 f · 4097 characters',
      `userName eq "${'x'.repeat(4083)}"`,
      'The filter is longer than 4096 characters.',
    ],
  ])('%s', async (_what, filter, words) => {
    const { status, body } = await ask(sandbox, 'GET', search(filter));
    expect([status, body]).toEqual([400, refusal(400, `filter: ${words}`)]);
  });

  test('O-26 f · 4096 characters are still read', async () => {
    const filter = `userName eq "${'x'.repeat(4082)}"`;
    expect(filter).toHaveLength(4096);
    expect((await ask(sandbox, 'GET', search(filter))).status).toBe(200);
  });
});

describe('the parser', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '(',
      ')',
      '"',
      '\\',
      'and',
      'or',
      'pr',
      'eq',
      'ge',
      'userName',
      '"x"',
      '1e999',
      '-',
      'true',
      URN,
      ':',
    ),
    fc.string(),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(' ')),
  );

  test('gives a tree or a FilterError for any text, and nothing else', () => {
    fc.assert(
      fc.property(text, (filter) => {
        try {
          expect(['and', 'or', 'present', 'compare']).toContain(parseFilter(filter).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('reads back any string that was written as a JSON literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (value) => {
        expect(parseFilter(`userName eq ${JSON.stringify(value)}`)).toEqual({
          kind: 'compare',
          path: ['userName'],
          operator: 'eq',
          value,
        });
      }),
    );
  });
});

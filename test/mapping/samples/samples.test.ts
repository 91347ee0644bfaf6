import { expect, test } from 'vitest';
import type { Around } from '../../../app/mapping/index.ts';
import { formatMappingProblem, loadMapping } from '../../../app/mapping/index.ts';
import { around, MAIN, main, told, warned } from '../folder.ts';
import { NOW } from '../people.ts';

/** Its attributes begin in line 7, its tests in line 19; each test in the file is given by its lines. */
function written(...tests: readonly string[]): string {
  return main(
    `scope: '= e.employeeType != "external"'`,
    'lifecycle: { protect: { groups: [Break glass] } }',
    'attributes:',
    `  externalId: '= id'`,
    `  userName: '= e.mail.lower()'`,
    `  name: { familyName: '= e.sn' }`,
    `  title: { from: title, sensitive: true }`,
    `  active: { value: '= e.status != "off"', required: true }`,
    `  emails: [{ value: '= e.mail', type: work, primary: true }]`,
    '  urn:scim:schemas:extension:enterprise:1.0: { manager: { managerId: { accountOf: manager } } }',
    '  urn:scim:schemas:extension:leankit:user:1.0:',
    `    boardCreator: '= inGroup("Boards")'`,
    'tests:',
    ...tests,
  );
}

const ADA = `person: { id: 4711, dn: 'uid=ada,dc=example,dc=test', attributes: { mail: Ada@example.test, sn: [' ', Lovelace], title: Countess, status: 'on', manager: 'UID=grace, dc=example,dc=test' }, groups: [Staff, 'cn=Boards,ou=groups,dc=example,dc=test'] }`;
const ACCOUNT = [
  '    account:',
  '      externalId: "4711"',
  '      userName: ada@example.test',
  '      name: { familyName: Lovelace }',
  '      title: Countess',
  '      active: true',
  '      emails: [{ value: Ada@example.test, type: work, primary: true }]',
  "      urn:scim:schemas:extension:enterprise:1.0: { manager: { managerId: { accountOf: 'uid=grace,dc=example,dc=test' } } }",
  '      urn:scim:schemas:extension:leankit:user:1.0: { boardCreator: true }',
];

function ran(text: string, more: Partial<Around> = {}) {
  const loaded = loadMapping(MAIN, text, around({}, more));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatMappingProblem).join('\n'));
  return loaded.mapping.tests.flatMap((one) => one.faults(NOW));
}

function shown(text: string, more: Partial<Around> = {}): readonly string[] {
  return ran(text, more).map((fault) => `${fault.line}: ${fault.shown}`);
}

test('a person gives exactly the account of the test, with whom it refers to by name', () => {
  expect(shown(written('  - name: a colleague', `    ${ADA}`, ...ACCOUNT))).toEqual([]);
});

test('each attribute that differs is told with its place, and sensitive values are masked', () => {
  const other = ACCOUNT.map((line) => line.replace('familyName: Lovelace', 'familyName: Byron'))
    .map((line) => line.replace('title: Countess', 'title: Queen'))
    .map((line) => line.replace('type: work', 'type: home'))
    .filter((line) => !line.includes('active'))
    .concat('      nickName: Ada');
  const text = written('  - name: a colleague', `    ${ADA}`, ...other);
  expect(shown(text)).toEqual([
    '24: name.familyName: "Byron" is expected, and "Lovelace" comes out.',
    '25: title: [redacted] is expected, and [redacted] comes out.',
    '26: emails[0].type: "home" is expected, and "work" comes out.',
    '29: nickName: "Ada" is expected, and nothing comes out.',
    '21: active: nothing is expected, and true comes out.',
  ]);
});

test('what goes into a log names the attribute and no value', () => {
  const other = ACCOUNT.map((line) => line.replace('familyName: Lovelace', 'familyName: Byron'));
  const [fault] = ran(written('  - name: a colleague', `    ${ADA}`, ...other));
  expect(fault === undefined ? '' : formatMappingProblem(fault)).toBe(
    `${MAIN}:24:15 test "a colleague": name.familyName comes out otherwise than expected.`,
  );
});

const PASSING = [
  ['out of scope', `    person: { id: 1, attributes: { employeeType: external } }`, '    outOfScope: true'],
  ['protected', '    person: { id: 1, groups: [break glass] }', '    protected: true'],
  ['cannot be mapped', '    person: { id: 1 }', '    fails: no-userName'],
] as const;

test.each(PASSING)('a test for somebody who is %s passes', (_what, person, outcome) => {
  expect(shown(written('  - name: x', person, outcome))).toEqual([]);
});

test.each([
  [
    '    outOfScope: true',
    '21: outOfScope is expected, and the person cannot be mapped: userName: no-userName.',
  ],
  [
    '    protected: true',
    '21: protected is expected, and the person cannot be mapped: userName: no-userName.',
  ],
  ['    fails: the moon', '21: fails otherwise than expected: userName: no-userName.'],
  ['    account: {}', '21: an account is expected, and the person cannot be mapped: userName: no-userName.'],
])('another outcome than the expected one is told: %s', (outcome, words) => {
  expect(shown(written('  - name: x', '    person: { id: 1 }', outcome))).toEqual([words]);
});

test('warnings are those of the test, no more and no less', () => {
  const person = '    person: { id: 1, attributes: { mail: a@example.test } }';
  const account = [
    "    account: { externalId: '1', userName: a@example.test, emails: [{ value: a@example.test, type: work, primary: true }], 'urn:scim:schemas:extension:leankit:user:1.0': { boardCreator: false } }",
  ];
  const told = 'active: cannot be told, since the person has no status; the account keeps what it has';
  expect(shown(written('  - name: x', person, ...account, '    warnings: [has no status]'))).toEqual([]);
  expect(shown(written('  - name: x', person, ...account, '    warnings: []'))).toEqual([
    `22: an unexpected warning comes out: ${told}.`,
  ]);
  expect(shown(written('  - name: x', person, ...account, '    warnings: [has no status, moon]'))).toEqual([
    `22: no such warning comes out: ${told}.`,
  ]);
});

const TIMED = (at: string) =>
  main(
    'attributes:',
    "  userName: '= id'",
    "  active: '= reached(e.startDate)'",
    'tests:',
    '  - name: before the first day',
    ...(at === '' ? [] : [`    at: ${at}`]),
    "    person: { id: '1', attributes: { startDate: 2026-04-01 } }",
    "    account: { userName: '1', active: false }",
  );

test('a test says which time it is, and one that depends on the time has to', () => {
  expect(shown(TIMED('2026-03-31T23:59:59Z'))).toEqual([]);
  expect(shown(TIMED('2026-04-01T00:00:00Z'))).toEqual([
    '13: active: false is expected, and true comes out.',
  ]);
  expect(shown(TIMED(''))).toEqual([
    '10: depends on the time, and comes out otherwise from 2026-04-01T00:00:00.000Z on. Add at: with the time it is.',
  ]);
});

test('a test about one environment runs there alone', () => {
  const text = main(
    "attributes: { userName: '= id', active: true }",
    'environments: { test: { attributes: { userName: \'= "test-" + id\' } }, live: {} }',
    'tests:',
    "  - { name: live, environments: [live], person: { id: 1 }, account: { userName: '1', active: true } }",
    '  - { name: test, environments: [test], person: { id: 1 }, account: { userName: test-1, active: true } }',
    '  - { name: each, person: { id: 1, groups: [] }, account: { active: true } }',
  );
  const nothing = '11: userName: nothing is expected, and';
  expect(shown(text, { environment: 'live' })).toEqual([`${nothing} "1" comes out.`]);
  expect(shown(text, { environment: 'test' })).toEqual([`${nothing} "test-1" comes out.`]);
  expect(shown(text)).toEqual([`${nothing} "1" comes out.`]);
});

const IN_ORDER = '    person: { id: 1 }';
test.each([
  [
    'no outcome',
    [IN_ORDER],
    `${MAIN}:19:5 tests.0: says nothing of what comes of it. Add one of account, outOfScope, protected or fails.`,
  ],
  [
    'two outcomes',
    [IN_ORDER, '    outOfScope: true', '    fails: x'],
    `${MAIN}:19:5 tests.0: says outOfScope and fails, and only one of them can be. Keep one of account, outOfScope, protected or fails.`,
  ],
  [
    'no moment',
    [IN_ORDER, '    at: tomorrow', '    outOfScope: true'],
    `${MAIN}:21:5 tests.0.at: must be a moment with its offset, as in 2026-03-01T12:00:00Z.`,
  ],
  [
    'an environment that is not there',
    [IN_ORDER, '    environments: [live]', '    outOfScope: true'],
    `${MAIN}:21:20 tests: there is no environment "live". Name one of the environments of this file.`,
  ],
  [
    'a slip in a key',
    ['    persom: { id: 1 }', '    outOfScope: true'],
    `${MAIN}:20:5 tests.0.persom: unknown key. Did you mean "person"?`,
  ],
  [
    'a number as an attribute',
    ['    person: { id: 1, attributes: { employeeNumber: 0042 } }', '    account: {}'],
    `${MAIN}:20:36 tests.0.person.attributes.employeeNumber: must be text or a list, not a number. Put it in quotes.`,
  ],
])('a test with %s is refused at its place', (_what, lines, line) => {
  expect(told(written('  - name: x', ...lines))).toContain(line);
});

test('an attribute of a sample that nothing reads is warned of', () => {
  const person = '    person: { id: 1, attributes: { maill: a@example.test } }';
  expect(warned(written('  - name: x', person, '    fails: no-userName'))).toEqual([
    `${MAIN}:20:36 tests: nothing in this mapping reads "maill". Did you mean "mail"?`,
  ]);
});

const JOINED = (joined: string) =>
  main(
    'join: { hr: { on: employeeNumber, to: id } }',
    'attributes:',
    "  userName: '= id'",
    '  title: { from: title }',
    '  active: true',
    'tests:',
    '  - name: with what another source says',
    `    person: { id: '1', attributes: { employeeNumber: '17' }, joined: { ${joined} } }`,
    "    account: { userName: '1', title: Countess, active: true }",
  );

test('a sample has what the sources say that the mapping joins', () => {
  expect(shown(JOINED('hr: { title: Countess }'))).toEqual([]);
  expect(shown(JOINED(''))).toEqual(['14: title: "Countess" is expected, and nothing comes out.']);
  expect(told(JOINED('hrm: { title: Countess }'))).toEqual([
    `${MAIN}:13:72 tests: the mapping joins no source "hrm". Did you mean "hr"?`,
  ]);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type MappingsTestCommand, mappingsTestCommand } from '../../app/cli/mappings-test.ts';
import { loadInstallation } from '../../app/installation.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MAPPING = 'mappings/agileplace.yaml';

const HEAD = `version: 1
source: corp
target: agileplace
resource: User
match: [userName]
attributes: { userName: '= e.mail', active: true }
environments: { test: { attributes: { userName: '= "test-" + e.mail' } }, live: {} }
tests:
`;
const PASSING = `  - name: mail
    person: { id: 1, attributes: { mail: a@example.test } }
    environments: [live]
    account: { userName: a@example.test, active: true }
`;
const FAILING = `  - name: off
    person: { id: 2, attributes: { mail: canary@example.test } }
    account: { userName: canary@example.test, active: false }
`;

function installed(mapping: string, config = RIGHT): string {
  const folder = temporaryFolder();
  for (const [name, text] of [
    ['landbridge.yaml', config],
    [MAPPING, mapping],
  ] as const) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, 'landbridge.yaml');
}

function run(file: string, more: Partial<MappingsTestCommand> = {}) {
  const lines: string[] = [];
  const code = mappingsTestCommand({
    file,
    env: { ...ENV, LANDBRIDGE_ENVIRONMENT: 'live' },
    files: [],
    environment: null,
    json: false,
    write: (text) => void lines.push(text),
    now: () => new Date('2026-03-01T12:00:00Z'),
    ...more,
  });
  return { code, text: lines.join('\n') };
}

test('all tests pass: 0', () => {
  expect(run(installed(HEAD + PASSING))).toEqual({ code: 0, text: `${MAPPING} (live): 1 of 1 test passes` });
});

test('one that fails is shown with its place and both values: 1', () => {
  expect(run(installed(HEAD + PASSING + FAILING))).toEqual({
    code: 1,
    text: [
      `${MAPPING}:15:47 test "off": active: false is expected, and true comes out.`,
      `${MAPPING} (live): 1 of 2 tests pass`,
    ].join('\n'),
  });
});

test('in another environment other tests run, and other accounts come out', () => {
  const { code, text } = run(installed(HEAD + PASSING + FAILING), { environment: 'test' });
  expect({ code, last: text.split('\n').at(-1) }).toEqual({
    code: 1,
    last: `${MAPPING} (test): 0 of 1 test passes`,
  });
  expect(text).toContain('"test-canary@example.test" comes out.');
});

test('secrets that are not there keep nobody from testing a mapping', () => {
  expect(run(installed(HEAD + PASSING), { env: { LANDBRIDGE_ENVIRONMENT: 'live' } }).code).toBe(0);
});

test('one file is tested by its path, also where no configuration names it', () => {
  const file = installed(HEAD + PASSING);
  const path = join(dirname(file), 'other.yaml');
  writeFileSync(path, HEAD + FAILING);
  const { code, text } = run(file, { files: [path] });
  expect(code).toBe(1);
  expect(text).toContain('other.yaml (live): 0 of 1 test passes');
});

test('a file with mistakes is told with them: 1', () => {
  const { code, text } = run(installed(HEAD.replace('e.mail', 'e.mail +') + PASSING));
  expect(code).toBe(1);
  expect(text).toContain(`${MAPPING}:6:`);
  expect(text).toContain(`${MAPPING} (live): not tested, since it has mistakes`);
});

test('the same as JSON, for a program to read', () => {
  const { text } = run(installed(HEAD + PASSING + FAILING), { json: true });
  expect(JSON.parse(text)).toEqual({
    files: [
      {
        file: MAPPING,
        environment: 'live',
        problems: [],
        tests: [
          { name: 'mail', passes: true, faults: [] },
          {
            name: 'off',
            passes: false,
            faults: [{ where: `${MAPPING}:15:47`, words: 'active: false is expected, and true comes out.' }],
          },
        ],
      },
    ],
  });
});

test('a failing test refuses the start, without a value, unless it is only to warn', () => {
  const env = { ...ENV, LANDBRIDGE_ENVIRONMENT: 'live' };
  const lines = [
    `${MAPPING}:15:47 test "off": active comes out otherwise than expected. (1 of 2 tests fails. "landbridge mappings test" shows the values; with policy.mappingTests: warn it starts all the same.)`,
  ];
  const refused = loadInstallation(installed(HEAD + PASSING + FAILING), env);
  expect(refused).toEqual({ ok: false, problems: lines, files: [MAPPING] });
  const warn = `${RIGHT}policy: { mappingTests: warn }\n`;
  const warned = loadInstallation(installed(HEAD + PASSING + FAILING, warn), env);
  expect(warned.ok ? warned.installation.warnings : []).toEqual(lines);
});

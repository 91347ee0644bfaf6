import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { hashToken } from '../../app/config/index.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MAIN = resolve('app/cli/main.ts');
const PROGRAM = pathToFileURL(resolve('app/cli/program.ts')).href;
const LOADER = import.meta.resolve('tsx');

function landbridge(cwd: string, ...args: readonly string[]) {
  const env = { PATH: process.env['PATH'], ...ENV };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', LOADER, MAIN, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function installation(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'landbridge.yaml'), text);
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  return folder;
}

test('check config says that a right file is in order', () => {
  expect(landbridge(installation(RIGHT), 'check', 'config')).toEqual({
    status: 0,
    stdout: 'landbridge.yaml is in order: 1 source, 1 target, 1 mapping\n',
    stderr: '',
  });
});

test('mappings test runs the tests of the mappings, and fails with them', () => {
  const folder = installation(RIGHT);
  const mapping = join(folder, 'mappings', 'agileplace.yaml');
  writeFileSync(
    mapping,
    `version: 1
source: corp
target: agileplace
resource: User
match: [userName]
attributes: { userName: '= id', active: true }
tests: [{ name: on, person: { id: 1 }, account: { userName: '1', active: false } }]
`,
  );
  expect(landbridge(folder, 'mappings', 'test', mapping)).toEqual({
    status: 1,
    stdout: [
      'mappings/agileplace.yaml:7:66 test "on": active: false is expected, and true comes out.',
      'mappings/agileplace.yaml: 0 of 1 test passes',
      '',
    ].join('\n'),
    stderr: '',
  });
  expect(landbridge(folder, 'mappings', 'explain')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'Name either a person, or with --file a file that holds one.\n',
  });
});

test('init writes what check config finds in order', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'people.csv'), 'id,mail\n');
  const options = [
    '--source-file',
    'people.csv',
    '--target-profile',
    'generic',
    '--token',
    'TARGET_PASSWORD',
  ];
  const made = landbridge(folder, 'init', ...options, '--target-url', 'http://127.0.0.1:9/scim');
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(landbridge(folder, 'check', 'config').stdout).toBe(
    'landbridge.yaml is in order: 1 source, 1 target, 1 mapping\n',
  );
});

test('check config shows every problem and fails', () => {
  const text = RIGHT.replace('version: 1', 'version: 2').replace('kind: ldap', 'kind: ldpa');
  expect(landbridge(installation(text), 'check', 'config')).toEqual({
    status: 1,
    stdout: '',
    stderr: [
      'landbridge.yaml:1:1 version: must be one of: 1.',
      'landbridge.yaml:4:5 sources.corp.kind: must be one of: ldap, file, events. Did you mean "ldap"?',
      '2 problems in landbridge.yaml',
      '',
    ].join('\n'),
  });
});

test('check config counts problems in several files over all of them', () => {
  const folder = installation(RIGHT.replace('version: 1', 'version: 2'));
  const mapping = join(folder, 'mappings', 'agileplace.yaml');
  writeFileSync(mapping, readFileSync(mapping, 'utf8').replace('version: 1', 'version: 3'));
  const { stderr } = landbridge(folder, 'check', 'config');
  expect(stderr.trimEnd().split('\n').slice(-1)).toEqual([
    '2 problems in landbridge.yaml and mappings/agileplace.yaml',
  ]);
});

test.each([['check', 'config'], ['dev']])('%s without a configuration file says what to copy', (...args) => {
  expect(landbridge(temporaryFolder(), ...args)).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'landbridge.yaml:1:1 the configuration file does not exist. Copy landbridge.example.yaml, or name another with LANDBRIDGE_CONFIG.\n1 problem in landbridge.yaml\n',
  });
});

test('token new shows the token once, with a line for the configuration that lets it in', () => {
  const { status, stdout } = landbridge(
    temporaryFolder(),
    'token',
    'new',
    'hr-system',
    '--scope',
    'events:write',
    'read',
  );
  const token = /lb_[A-Za-z0-9_-]{43}/.exec(stdout)?.[0] ?? '';
  const line = `  - { name: hr-system, scopes: [events:write, read], sha256: ${hashToken(token)} }`;
  expect(status).toBe(0);
  expect(stdout.split('\n').slice(1)).toEqual([
    `  ${token}`,
    'The line for inbound.tokens in landbridge.yaml:',
    line,
    '',
  ]);
  const folder = installation(`${RIGHT}inbound:\n  tokens:\n${line}\n`);
  expect(landbridge(folder, 'check', 'config').stderr).toBe('');
});

test.each([
  ['an unknown command', ['start'], "error: unknown command 'start'"],
  [
    'an unknown scope',
    ['token', 'new', 'hr', '--scope', 'write'],
    "'write' is invalid. Allowed choices are events:write, reprovision, read, admin.",
  ],
  ['no scope', ['token', 'new', 'hr'], "error: required option '-s, --scope <scope...>' not specified"],
  [
    'a wrong name',
    ['token', 'new', 'HR', '--scope', 'read'],
    'It must be a name of lower-case letters, digits and hyphens',
  ],
])('a wrong command line is explained and gives exit code 2: %s', (_what, args, words) => {
  const { status, stderr } = landbridge(temporaryFolder(), ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(words);
});

test('schemas writes the schemas for editors', () => {
  const folder = temporaryFolder();
  const { stdout } = landbridge(folder, 'schemas', '--dir', 'out');
  expect(stdout).toBe(
    'wrote out/landbridge.schema.json\nwrote out/mapping.schema.json\nwrote out/group-mapping.schema.json\nwrote out/mapping-fragment.schema.json\n',
  );
  expect(readFileSync(join(folder, 'out', 'landbridge.schema.json'), 'utf8')).toBe(
    readFileSync('schemas/landbridge.schema.json', 'utf8'),
  );
});

test('a checkout that was never built says how to build it', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'landbridge.js'), readFileSync('bin/landbridge.js'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { status, stderr } = spawnSync(process.execPath, ['bin/landbridge.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toBe('Landbridge is not built yet. Run: npm run setup\n');
});

test.runIf(process.getuid?.() === 0)(
  'a user who has a number and no name, as in a container, has all commands',
  () => {
    // The files are read before, since nobody but root may be let into the folder of the checkout.
    const asNobody = `
      const { landbridge } = await import(${JSON.stringify(PROGRAM)});
      process.setuid(54321);
      await landbridge().parseAsync(['apply', '--help'], { from: 'user' }).catch(() => {});
    `;
    const args = ['--import', LOADER, '--input-type=module', '--eval', asNobody];
    const { stdout } = spawnSync(process.execPath, args, {
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(/default: "(.*)"/.exec(stdout)?.[1]).toBe('user 54321');
  },
);

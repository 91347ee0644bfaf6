/**
 * The example mappings, as they are shipped, in an installation of their own: each loads without a warning, says by its
 * own tests what it makes of whom, and passes them.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { type Installation, loadInstallation } from '../../app/installation.ts';
import { groupFileJsonSchema, mappingFileJsonSchema } from '../../app/mapping/index.ts';
import { PROFILE_NAMES } from '../../app/scim/index.ts';
import { EXAMPLES } from '../support/example-mapping.ts';
import { NOW } from './people.ts';

const FILES = readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'));
const PEOPLE_FILES = FILES.filter((file) => !file.endsWith('-groups.yaml'));

/** What each example calls its target. */
const TARGETS: Readonly<Record<string, string>> = {
  agileplace: 'agileplace',
  generic: 'service',
  'okta-style': 'application',
  pingdirectory: 'pingdirectory',
  slack: 'slack',
  uaa: 'uaa',
  wso2: 'wso2',
};

const directory = (name: string) => `  ${name}:
    kind: ldap
    urls: ['ldaps://ldap.example.com']
    bindDn: cn=reader,dc=example,dc=com
    password: '\${env:PASSWORD}'
    people: { base: 'ou=people,dc=example,dc=com' }
    groups: { base: 'ou=groups,dc=example,dc=com' }
`;
const target = ([profile, name]: readonly [string, string]) => `  ${name}:
    profile: ${profile}
    baseUrl: https://${name}.example.com/scim/v1
    auth: { kind: bearer, token: '\${env:PASSWORD}' }
`;
const CONFIG = `version: 1
sources:
${directory('corp')}${directory('ad')}  hr: { kind: events }
targets:
${Object.entries(TARGETS).map(target).join('')}mappings: ${JSON.stringify(FILES.map((file) => `mappings/${file}`))}
`;

let folder: string;
let installation: Installation;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-examples-'));
  cpSync(fileURLToPath(EXAMPLES), join(folder, 'mappings'), { recursive: true });
  writeFileSync(join(folder, 'landbridge.yaml'), CONFIG);
  const loaded = loadInstallation(join(folder, 'landbridge.yaml'), { PASSWORD: 'example-password' });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  installation = loaded.installation;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (file: string) => readFileSync(new URL(file, EXAMPLES), 'utf8');

function testsOf(file: string) {
  const { mappings, groupMappings } = installation;
  const found = [...mappings, ...groupMappings].find((mapping) => mapping.file === `mappings/${file}`);
  return found?.tests ?? [];
}

test('each profile has an example of its name', () => {
  expect(PROFILE_NAMES.filter((profile) => !PEOPLE_FILES.includes(`${profile}.yaml`))).toEqual([]);
  expect(Object.keys(TARGETS).sort()).toEqual([...PROFILE_NAMES].sort());
});

test('all of them load without a warning', () => {
  expect(installation.warnings).toEqual([]);
});

test.each(FILES)('%s passes its own tests', (file) => {
  const tests = testsOf(file);
  expect(tests.length).toBeGreaterThanOrEqual(2);
  expect(tests.flatMap((one) => one.faults(NOW)).map(({ shown }) => shown)).toEqual([]);
});

test.each(PEOPLE_FILES)('%s shows somebody active, somebody inactive and somebody out of scope', (file) => {
  const { tests }: { tests: readonly { account?: { active?: boolean }; outOfScope?: true }[] } = parse(
    textOf(file),
  );
  expect(tests.some(({ account }) => account?.active === true)).toBe(true);
  expect(tests.some(({ account }) => account?.active === false)).toBe(true);
  expect(tests.some(({ outOfScope }) => outOfScope === true)).toBe(true);
});

test.each(FILES)('editors find %s in order', (file) => {
  const schema = PEOPLE_FILES.includes(file) ? mappingFileJsonSchema() : groupFileJsonSchema();
  expect(z.fromJSONSchema({ ...schema }).safeParse(parse(textOf(file))).success).toBe(true);
});

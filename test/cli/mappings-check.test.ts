import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MappingsCheckCommand, mappingsCheckCommand } from '../../app/cli/mappings-check.ts';
import { createLogger } from '../../app/signals/log.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { personLdif } from '../support/people.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

let directory: Directory;
let sandbox: Sandbox;
let redis: TestRedis;
beforeAll(async () => {
  [directory, sandbox, redis] = await Promise.all([
    startDirectory({ ldif: personLdif('ada') + personLdif('bea') }),
    startSandbox({ dialect: 'generic' }),
    startRedis(),
  ]);
});
afterAll(async () => {
  await Promise.all([directory.stop(), sandbox.stop(), redis.stop()]);
});

const MAPPING = 'mappings/crm.yaml';

function mapping(attributes: string, more = ''): string {
  return `version: 1
source: corp
target: crm
resource: User
match: [userName]
attributes:
  userName: '= e.mail'
  active: true
${attributes}${more}`;
}

function installed(text: string): string {
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const auth = sandbox.authorization.startsWith('Bearer')
    ? `{ kind: bearer, token: '\${env:SCIM_TOKEN}' }`
    : `{ kind: basic, username: ${sandbox.user}, password: '\${env:SCIM_PASSWORD}' }`;
  writeFileSync(
    file,
    `version: 1
sources:
  corp:
    kind: ldap
    urls: ['${directory.ldapsUrl}']
    tls: { ca: '${directory.caFile}' }
    bindDn: ${directory.reader.dn}
    password: '\${env:LDAP_PASSWORD}'
    people: { base: '${directory.peopleBase}' }
targets:
  crm: { profile: generic, baseUrl: '${sandbox.baseUrl}', auth: ${auth} }
mappings: [${MAPPING}]
`,
  );
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, MAPPING), text);
  return file;
}

async function run(text: string, more: Partial<MappingsCheckCommand> = {}) {
  const lines: string[] = [];
  const code = await mappingsCheckCommand({
    file: installed(text),
    env: {
      ...process.env,
      LDAP_PASSWORD: directory.reader.password,
      SCIM_PASSWORD: sandbox.password,
      SCIM_TOKEN: sandbox.token,
      REDIS_URL: redis.url,
    },
    log: createLogger({ level: 'error', name: 'test' }),
    files: [],
    live: false,
    json: false,
    stop: new AbortController().signal,
    write: (line) => void lines.push(line),
    note: () => {},
    ...more,
  });
  return { code, lines: lines.join('\n').split('\n') };
}

test('every environment is checked, whichever is chosen', async () => {
  const environments = 'environments: { test: {}, live: { vars: { idle: "= e.sn" } } }\n';
  const right = await run(
    mapping("  title: '= e.title'\n", environments.replace(', live: { vars: { idle: "= e.sn" } }', '')),
  );
  expect(right).toEqual({ code: 0, lines: [`${MAPPING} (test): in order`] });
  const wrong = await run(mapping("  title: '= e.title +'\n", environments));
  expect(wrong.code).toBe(1);
  expect(wrong.lines.filter((line) => line.endsWith('has mistakes'))).toEqual([
    `${MAPPING} (test): has mistakes`,
    `${MAPPING} (live): has mistakes`,
  ]);
});

test('a warning is told: 2', async () => {
  expect(await run(mapping("  nickName: '= e.telephonNumber'\n"))).toEqual({
    code: 2,
    lines: [
      `warning: ${MAPPING}:9:13 reads.telephonNumber: is no usual attribute of a directory. Did you mean "telephoneNumber"?`,
      `${MAPPING}: in order`,
    ],
  });
});

test('live, the source says which attributes it has and on how many people, the target which it knows', async () => {
  const { code, lines } = await run(
    mapping("  title: '= e.titel'\n  nickName: '= e.pager'\n  urn:x:y:1.0: { badge: '= e.sn' }\n"),
    { live: true },
  );
  expect(code).toBe(2);
  expect(lines).toContain('source corp: attribute mail is on 2 of 2 people');
  expect(lines).toContain('source corp: attribute sn is on 2 of 2 people');
  expect(lines).toContain(
    'lacking: source corp: attribute titel is not in the schema. Nobody will ever have it: correct the mapping; did you mean title?',
  );
  expect(lines).toContain(
    'lacking: source corp: attribute pager is on 0 of 2 people. Either nobody has it, or our account may not read it',
  );
  expect(lines).toContain('target crm: title is in its schema');
  expect(lines).toContain(
    `lacking: target crm: urn:x:y:1.0:badge is not in its schema. It may ignore or refuse what ${MAPPING} gives it`,
  );
});

test('live, a directory that does not let us in: 1', async () => {
  const env = {
    ...process.env,
    LDAP_PASSWORD: 'canary',
    SCIM_PASSWORD: 'x',
    SCIM_TOKEN: 'x',
    REDIS_URL: redis.url,
  };
  const { code, lines } = await run(mapping(''), { live: true, env });
  expect(code).toBe(1);
  expect(lines.join()).toContain('wrong: source corp: cannot be asked:');
  expect(lines.join()).not.toContain('canary');
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type InitCommand, initCommand } from '../../app/cli/init.ts';
import { mappingsTestCommand } from '../../app/cli/mappings-test.ts';
import { planCommand } from '../../app/cli/plan.ts';
import { createLogger } from '../../app/signals/log.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { groupLdif, personLdif } from '../support/people.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

let directory: Directory;
let sandbox: Sandbox;
let redis: TestRedis;
beforeAll(async () => {
  const people = [personLdif('ada'), personLdif('bea'), personLdif('cy')];
  [directory, sandbox, redis] = await Promise.all([
    startDirectory({ ldif: people.join('') + groupLdif('team', ['ada']) }),
    startSandbox({ dialect: 'generic' }),
    startRedis(),
  ]);
});
afterAll(async () => {
  await Promise.all([directory.stop(), sandbox.stop(), redis.stop()]);
});

const never = new AbortController().signal;

function around() {
  return {
    env: {
      ...process.env,
      LDAP_PASSWORD: directory.reader.password,
      SCIM_PASSWORD: sandbox.password,
      SCIM_TOKEN: sandbox.token,
      REDIS_URL: redis.url,
    },
    log: createLogger({ level: 'error', name: 'test' }),
    note: () => {},
  };
}

async function init(more: Partial<InitCommand> & Pick<InitCommand, 'options'>) {
  const lines: string[] = [];
  const dir = more.dir ?? temporaryFolder();
  await initCommand({
    ...around(),
    dir,
    force: false,
    ask: null,
    stopping: { stop: never, hurry: never },
    write: (text) => void lines.push(text),
    now: () => new Date(),
    ...more,
  });
  return { dir, text: lines.join('\n'), file: join(dir, 'landbridge.yaml') };
}

/** What the written installation would do. */
async function planned(file: string) {
  const lines: string[] = [];
  const wish = { source: null, target: null, people: [], group: null, filter: null, fresh: true, out: null };
  const code = await planCommand({
    ...around(),
    ...wish,
    file,
    stop: never,
    json: true,
    write: (text) => void lines.push(text),
  });
  return { code, items: JSON.parse(lines.join('\n')).items };
}

function tested(file: string) {
  const lines: string[] = [];
  const command = { file, files: [], environment: null, json: false, now: () => new Date() };
  const code = mappingsTestCommand({ ...around(), ...command, write: (text) => void lines.push(text) });
  return { code, text: lines.join('\n') };
}

const fromLdap = () => ({
  sourceUrl: directory.ldapsUrl,
  sourceCa: directory.caFile,
  bindDn: directory.reader.dn,
  base: directory.peopleBase,
});
const toSandbox = () => ({
  targetProfile: 'generic',
  targetUrl: sandbox.baseUrl,
  ...(sandbox.authorization.startsWith('Bearer') ? {} : { targetUser: sandbox.user }),
});

describe('landbridge init', () => {
  test('from a directory: asks what people have, and what it writes tests and plans as it stands', async () => {
    const { dir, text, file } = await init({ options: { ...fromLdap(), ...toSandbox() } });
    expect(text).toContain(`corp: OpenLDAP, 3 people below ${directory.peopleBase}, with groups`);
    expect(text).toContain('mail (3)');
    expect(text).toContain('landbridge.yaml is in order: 1 source, 1 target, 1 mapping');
    expect(text).toContain('mappings/generic.yaml: 2 of 2 tests pass');
    expect(text).toMatch(/generic: of what its profile says, \d+ agree, 0 differ/);
    expect(text).toContain(`landbridge -c ${file} check source corp`);
    expect(tested(file)).toEqual({ code: 0, text: 'mappings/generic.yaml: 2 of 2 tests pass' });
    const config = parse(readFileSync(file, 'utf8'));
    expect(config).toMatchObject({
      sources: { corp: { password: `\${env:LDAP_PASSWORD}`, people: { base: directory.peopleBase } } },
      targets: { generic: { adoption: 'reviewed' } },
    });
    expect(readFileSync(file, 'utf8')).not.toContain(directory.reader.password);
    expect(readFileSync(join(dir, 'mappings/generic.yaml'), 'utf8')).toContain(
      "userName: '= v.address.lower()'",
    );
    const { code, items } = await planned(file);
    expect(code).toBe(2);
    expect(items.map((item: { action: string }) => item.action)).toEqual(['create', 'create', 'create']);
  });

  test('without a base people are looked for where the directory says that entries stand', async () => {
    const { base: _base, ...options } = fromLdap();
    const { text } = await init({ options: { ...options, ...toSandbox() } });
    expect(text).toContain('3 people below dc=');
  });

  test('from a CSV file: its columns are found by their headings', async () => {
    const dir = temporaryFolder();
    const path = join(dir, 'people.csv');
    writeFileSync(
      path,
      'Personnel no.;First name;Last name;E-mail;Department;Manager ID;Shoe size\n1;Ada;Byron;ada@example.test;Engines;;38\n',
    );
    const { text, file } = await init({ dir, options: { sourceFile: path, ...toSandbox() } });
    expect(text).toContain('hr: a CSV file with ids in Personnel no.');
    expect(text).toContain('  mail is the column E-mail');
    expect(text).toContain('  not used yet: Shoe size (e.shoe_size)');
    expect(tested(file).code).toBe(0);
    const config = readFileSync(file, 'utf8').replace(
      '    csv:',
      '    complete: { settle: 100ms }\n    csv:',
    );
    writeFileSync(file, config);
    const { items } = await planned(file);
    expect(items).toMatchObject([
      {
        action: 'create',
        person: 'hr:1',
        userName: 'ada@example.test',
      },
    ]);
  });

  test.each(['agileplace', 'slack', 'uaa', 'wso2', 'pingdirectory', 'okta-style'])(
    'a mapping for %s is in order, without a warning, and its tests pass',
    async (targetProfile) => {
      const dir = temporaryFolder();
      const path = join(dir, 'people.csv');
      writeFileSync(path, 'id,login,mail,givenName,sn,title,phone,department,manager\n');
      const user = ['wso2', 'pingdirectory', 'agileplace'].includes(targetProfile) ? { targetUser: 'x' } : {};
      const target = { targetProfile, targetUrl: 'http://127.0.0.1:9/scim', ...user };
      const { text } = await init({ dir, options: { sourceFile: path, ...target } });
      expect(text).not.toContain('warning');
      expect(text).toContain(`mappings/${targetProfile}.yaml: 2 of 2 tests pass`);
      expect(text).toContain(`${targetProfile} could not be asked: `);
    },
  );

  test('a file that is there is overwritten only with --force', async () => {
    const { dir } = await init({ options: { ...fromLdap(), ...toSandbox() } });
    const again = { dir, options: { ...fromLdap(), ...toSandbox() } };
    await expect(init(again)).rejects.toThrow('landbridge.yaml is there already.');
    mkdirSync(join(dir, 'schemas'));
    writeFileSync(join(dir, 'schemas', 'mapping.schema.json'), '{}');
    await init({ ...again, force: true });
    // Where the schemas are, editors are told of them.
    expect(readFileSync(join(dir, 'mappings', 'generic.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schemas\/mapping\.schema\.json\n/,
    );
  });

  test('nothing is written where the directory does not let us in, or something is not said', async () => {
    const dir = temporaryFolder();
    onTestFinished(() => {
      expect(readdirSync(dir)).toEqual(['people.csv']);
    });
    const path = join(dir, 'people.csv');
    writeFileSync(path, 'id,mail\n');
    const unencrypted = { ...toSandbox(), targetUrl: 'http://scim.example.test/v1' };
    await expect(init({ dir, options: { sourceFile: path, ...unencrypted } })).rejects.toThrow(
      'targets.generic.baseUrl: would send the credential unencrypted.',
    );
    writeFileSync(path, 'id,name\n');
    const slack = { targetProfile: 'slack', targetUrl: 'http://127.0.0.1:9/scim' };
    await expect(init({ dir, options: { sourceFile: path, ...slack } })).rejects.toThrow(
      'Targets with profile slack make no account without a mail address, and none was found.',
    );
    writeFileSync(path, 'mail,name\n');
    await expect(init({ dir, options: { sourceFile: path, ...toSandbox() } })).rejects.toThrow(
      'Say it with --id-column, as one of: mail, name.',
    );
    const env = { ...around().env, LDAP_PASSWORD: 'canary-wrong' };
    await expect(init({ dir, env, options: { ...fromLdap(), ...toSandbox() } })).rejects.toThrow(
      `the password for ${directory.reader.dn} is wrong`,
    );
    await expect(init({ dir, options: {} })).rejects.toThrow('say it with --source-url.');
    await expect(init({ dir, options: { ...fromLdap(), targetProfile: 'moon' } })).rejects.toThrow(
      'There is no profile moon.',
    );
    await expect(
      init({ dir, env: { ...env, LDAP_PASSWORD: '' }, options: { ...fromLdap(), ...toSandbox() } }),
    ).rejects.toThrow('sources.corp.password: is empty: the environment variable LDAP_PASSWORD is not set.');
  });

  test('at a terminal it asks for what no option says; an empty answer is what is usual', async () => {
    const asked: string[] = [];
    const answers = [
      directory.ldapsUrl,
      directory.reader.dn,
      '',
      'generic',
      sandbox.baseUrl,
      sandbox.user,
      '',
    ];
    const ask = async (question: string, usual: string | null) => {
      asked.push(question);
      const answer = answers.shift() ?? '';
      return answer === '' ? (usual ?? '') : answer;
    };
    await init({ ask, options: { sourceCa: directory.caFile } });
    expect(asked).toEqual([
      'Where people are: ldaps://host, or a CSV or LDIF file',
      'The account that reads the directory, as a DN',
      'Where its password is: the name of an environment variable, or file:PATH',
      'The profile of the target (agileplace, slack, uaa, wso2, pingdirectory, okta-style, generic)',
      'Where its SCIM service begins: what stands before /Users',
      'Our account at the target; empty: a token is there',
      'Where its password is: the name of an environment variable, or file:PATH',
    ]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CheckSourceCommand, checkSourceCommand } from '../../app/cli/check-source.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { groupLdif, personLdif } from '../support/people.ts';
import { temporaryFolder } from './temporary-folder.ts';

let directory: Directory;
beforeAll(async () => {
  const people = [personLdif('ada'), personLdif('bea'), personLdif('cy', { employeeType: 'external' })];
  directory = await startDirectory({ ldif: people.join('') + groupLdif('team', ['ada']) });
});
afterAll(() => directory.stop());

const MAPPING = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string, employeeType: string, title: string }
scope: '= e.employeeType != "external"'
attributes:
  externalId: '= id'
  active: true
  userName: { value: '= e.mail', required: true }
  name: { familyName: '= e.sn' }
  title: '= e.title'
`;

/** A mapping that reads nothing that nobody has. */
const WITHOUT_TITLE = MAPPING.replace(', title: string', '').replace("  title: '= e.title'\n", '');

function installed(change: (text: string) => string = (text) => text, mapping = MAPPING): string {
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const text = RIGHT.replace('ldaps://ldap.example.test', directory.ldapsUrl)
    .replace('cn=reader,dc=example,dc=test', `${directory.reader.dn}\n    tls: { ca: '${directory.caFile}' }`)
    .replace(
      `{ base: 'ou=people,dc=example,dc=test' }`,
      `{ base: '${directory.peopleBase}' }\n    groups: { base: '${directory.groupsBase}' }`,
    );
  writeFileSync(file, change(text));
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), mapping);
  return file;
}

/** Runs the command. @returns its exit code and what it wrote */
async function run(file: string, more: Partial<CheckSourceCommand> = {}) {
  const lines: string[] = [];
  const notes: string[] = [];
  const code = await checkSourceCommand({
    source: 'corp',
    file,
    env: { ...process.env, ...ENV, LDAP_PASSWORD: directory.reader.password, REDIS_URL: '' },
    person: null,
    showValues: false,
    json: false,
    write: (text) => void lines.push(text),
    note: (line) => void notes.push(line),
    stop: new AbortController().signal,
    ...more,
  });
  return { code, text: lines.join('\n'), notes };
}

describe('landbridge check source', () => {
  test('what is lacking is told with the mend: 2, without Redis; progress goes elsewhere', async () => {
    const { code, text, notes } = await run(installed());
    expect(code).toBe(2);
    expect(text).toMatch(/^source corp, kind ldap\n/);
    expect(text).toContain('\nagileplace  2         1             0\n');
    expect(text).toContain(
      `- attribute title: let ${directory.reader.dn} read it, unless nobody is meant to have it`,
    );
    expect(text).toMatch(/\n\d+ good, 1 lacking, 0 wrong$/);
    expect(notes).toContain('reading everybody');
  });

  test('nothing is lacking: 0', async () => {
    expect(await run(installed(undefined, WITHOUT_TITLE))).toMatchObject({
      code: 0,
      text: expect.stringMatching(/, 0 lacking, 0 wrong$/),
    });
  });

  test('O-27: values are masked unless they are asked for, and the password never shows', async () => {
    const file = installed();
    const masked = await run(file, { person: 'ada', json: true });
    expect(masked.text).not.toContain('ada@example.test');
    const open = await run(file, { person: 'ada', json: true, showValues: true });
    expect(open.text).toContain('ada@example.test');
    for (const { text, notes } of [masked, open]) {
      expect(text + notes.join()).not.toContain(directory.reader.password);
    }
  });

  test('the same as JSON, for a program to read', async () => {
    const { text } = await run(installed(), { json: true });
    expect(JSON.parse(text)).toMatchObject({
      source: 'corp',
      kind: 'ldap',
      findings: expect.arrayContaining([
        { what: 'people', shows: '3 people', verdict: 'good' },
        { what: 'groups', shows: '1, with up to 1 member', verdict: 'good' },
      ]),
      scopes: [
        {
          target: 'agileplace',
          inScope: 2,
          outOfScope: 1,
          failed: 0,
          reasons: [],
          mapping: expect.any(String),
        },
      ],
      brokenOff: null,
    });
  });

  test('people who cannot be mapped: 2, with file and line and how many', async () => {
    const mapping = MAPPING.replace('= e.mail', '= e.title');
    const { code, text } = await run(installed(undefined, mapping));
    expect(code).toBe(2);
    expect(text).toMatch(/- target agileplace, 2 of the people: \S+agileplace\.yaml:11:\d+ userName: /);
  });

  test('a directory that does not let us in: 1', async () => {
    const env = { ...process.env, ...ENV, LDAP_PASSWORD: 'canary-wrong', REDIS_URL: '' };
    const { code, text } = await run(installed(), { env });
    expect(code).toBe(1);
    expect(text).toContain(`the password for ${directory.reader.dn} is wrong`);
    expect(text).toMatch(/The check was broken off: no server lets us in$/);
    expect(text).not.toContain('canary');
  });

  test('a read that cannot be complete: 1', async () => {
    const { code } = await run(installed((text) => text.replace(directory.peopleBase, directory.formerBase)));
    expect(code).toBe(1);
  });

  test('a file is checked like a directory', async () => {
    const people = join(temporaryFolder(), 'people.csv');
    writeFileSync(people, 'id,mail,sn,employeeType,title\n1,ada@example.test,Byron,staff,Dr\n');
    const source = `sources:\n  corp: { kind: file, path: '${people}', csv: { id: id }, complete: { settle: 100ms } }\n`;
    const file = installed((text) => text.replace(/sources:\n(?: .*\n)+/, source));
    const { code, text } = await run(file);
    expect(text).toContain('people.csv, 64 bytes, 0 h old');
    expect({ code, kind: text.split('\n')[0] }).toEqual({ code: 0, kind: 'source corp, kind file' });
  });

  test('a feed of events, or an unknown source, cannot be asked', async () => {
    const feed = installed((text) => text.replace('sources:\n', 'sources:\n  hr: { kind: events }\n'));
    await expect(run(feed, { source: 'hr' })).rejects.toThrow(
      'Source hr is told by events and cannot be asked. See docs/api.md.',
    );
    for (const source of ['other', 'constructor']) {
      await expect(run(feed, { source })).rejects.toThrow(`There is no source ${source}. Known: hr, corp.`);
    }
  });

  test('from a shell: the report on standard output, progress on standard error', () => {
    const command = ['--import', import.meta.resolve('tsx'), resolve('app/cli/main.ts')];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...command,
        '--config',
        installed(undefined, WITHOUT_TITLE),
        'check',
        'source',
        'corp',
        '--person',
        'ada',
      ],
      {
        env: { ...process.env, ...ENV, LDAP_PASSWORD: directory.reader.password, REDIS_URL: '' },
        encoding: 'utf8',
      },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^source corp, kind ldap\n.*\nA person as mappings see them, in 1 group:\n/s);
    expect(stderr.split('\n')).toContain(`logging in at ${directory.ldapsUrl}`);
  });
});

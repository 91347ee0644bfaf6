/** What a mapping names outside itself, on a real disk, and what the configuration around it says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadInstallation } from '../app/installation.ts';
import { temporaryFolder } from './cli/temporary-folder.ts';
import { ENV, RIGHT } from './config/example.ts';

const MAPPING = 'mappings/agileplace.yaml';
const HEAD = 'version: 1\nsource: corp\ntarget: agileplace\nresource: User\nmatch: [userName]\n';
const ATTRIBUTES = "attributes: { userName: '= id', active: true }\n";

type Files = Readonly<Record<string, string | Uint8Array>>;

function loadedWith(files: Files, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries({ 'landbridge.yaml': RIGHT, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const loaded = loadInstallation(join(folder, 'landbridge.yaml'), { ...ENV, ...env });
  const short = (text: string) => text.replaceAll(`${folder}/`, '');
  return loaded.ok
    ? { ...loaded.installation, warnings: loaded.installation.warnings.map(short) }
    : { problems: loaded.problems.map(short), files: loaded.files.map(short) };
}

test('fragments and tables are read from the disk, and their mistakes told with their files', () => {
  const files = {
    [MAPPING]: `${HEAD}include: [shared/names.yaml]\n${ATTRIBUTES}`,
    'mappings/shared/names.yaml': `tables: { t: { csv: ../../data/t.csv, key: k, value: v } }
attributes: { title: '= lookup("t", e.titel)' }\n`,
    'data/t.csv': 'k,v\na,b\n',
  };
  expect(loadedWith(files)).toMatchObject({ mappings: [{ file: MAPPING, reads: ['titel'] }] });
  expect(loadedWith({ ...files, 'data/t.csv': 'k,v\na,b\nA,c\n' })).toEqual({
    problems: [
      'data/t.csv:3:1 tables.t: the key of this row stands in line 2 already: case makes no difference. Keep one.',
    ],
    files: ['data/t.csv'],
  });
});

describe('a file that cannot be read is told where it is named', () => {
  const files = { [MAPPING]: `${HEAD}include: [x.yaml]\n${ATTRIBUTES}` };
  test.each([
    ['is missing', {}, 'does not exist'],
    ['is a folder', { 'mappings/x.yaml/y': '' }, 'is no file'],
    ['is not UTF-8', { 'mappings/x.yaml': Uint8Array.of(0x61, 0x3a, 0x20, 0xe9) }, 'is not UTF-8'],
  ])('%s', (_what, more, reason) => {
    expect(loadedWith({ ...files, ...more })).toMatchObject({
      problems: [
        `${MAPPING}:6:11 include: names a file that ${reason}. Correct the path; it starts at the folder of this file.`,
      ],
    });
  });
});

describe('the environment', () => {
  const text = `${HEAD}${ATTRIBUTES}environments: { test: { match: [externalId], attributes: { externalId: '= id' } }, production: {} }\n`;
  const files = { [MAPPING]: text };
  const inTest = { 'landbridge.yaml': RIGHT.replace('version: 1', 'version: 1\nenvironment: test') };

  test('is that of landbridge.yaml, unless LANDBRIDGE_ENVIRONMENT names another', () => {
    const matched = (more: Files, env: Readonly<Record<string, string>> = {}) => {
      const loaded = loadedWith({ ...files, ...more }, env);
      return 'mappings' in loaded ? loaded.mappings[0]?.matchOn : loaded;
    };
    expect(matched({})).toEqual(['userName']);
    expect(matched(inTest)).toEqual(['externalId']);
    expect(matched(inTest, { LANDBRIDGE_ENVIRONMENT: 'production' })).toEqual(['userName']);
    expect(matched({}, { LANDBRIDGE_ENVIRONMENT: 'test' })).toEqual(['externalId']);
    expect(matched(inTest, { LANDBRIDGE_ENVIRONMENT: '' })).toEqual(['externalId']);
  });

  test('is told where a mapping lacks it, beside the mistakes of the configuration', () => {
    const wrong = { 'landbridge.yaml': `environment: tset\n${RIGHT.replace('version: 1', 'version: 2')}` };
    expect(loadedWith({ ...files, ...wrong })).toMatchObject({
      problems: [
        'landbridge.yaml:2:1 version: must be one of: 1.',
        `${MAPPING}:7:1 environments: has no "tset", which landbridge.yaml or LANDBRIDGE_ENVIRONMENT chooses. Did you mean "test"?`,
      ],
    });
  });

  test('has a name', () => {
    const rule =
      'must begin with a letter and have at most 64 letters, digits, "-" and "_". Write the name as mapping files have it.';
    const wrong = { 'landbridge.yaml': RIGHT.replace('version: 1', 'version: 1\nenvironment: my test') };
    expect(loadedWith({ ...files, ...wrong })).toMatchObject({
      problems: [`landbridge.yaml:2:1 environment: ${rule}`],
    });
    expect(loadedWith(files, { LANDBRIDGE_ENVIRONMENT: 'my test' })).toMatchObject({
      problems: [`landbridge.yaml:1:1 environment: comes from LANDBRIDGE_ENVIRONMENT and ${rule}`],
    });
  });
});

describe('what is known of target and source is held against the mapping', () => {
  test('the profile of the target', () => {
    const files = { [MAPPING]: `${HEAD}attributes: { userName: '= id', active: true, origin: ldap }\n` };
    expect(loadedWith(files)).toMatchObject({
      problems: [
        `${MAPPING}:6:47 attributes.origin: is an attribute of Cloud Foundry UAA alone, not of profile agileplace. Remove it.`,
      ],
    });
  });

  test('the usual names of a directory', () => {
    const files = { [MAPPING]: `${HEAD}attributes: { userName: '= e.emploeeNumber', active: true }\n` };
    expect(loadedWith(files)).toMatchObject({
      warnings: [
        `${MAPPING}:6:25 reads.emploeeNumber: is no usual attribute of a directory. Did you mean "employeeNumber"?`,
      ],
    });
  });

  const PEOPLE = `
    kind: file
    path: people.csv
    csv: { id: Personnel No, delimiter: ';', columns: { given: First name } }
`;
  const fromFile = {
    'landbridge.yaml': RIGHT.replace(/corp:.*?(?=targets:)/s, `corp:${PEOPLE}`),
    [MAPPING]: `${HEAD}attributes: { userName: '= e.mail', timezone: '= e.given + e.town', active: true }\n`,
  };

  test('the headings of a file', () => {
    const people = '\ufeffPersonnel No;Mail;First name;Twon\r\n1;a@example.test;Ada;London\r\n';
    expect(loadedWith({ ...fromFile, 'people.csv': people })).toMatchObject({
      warnings: [`${MAPPING}:6:47 reads.town: no column of people.csv gives it. Did you mean "twon"?`],
    });
  });

  test.each([
    ['is not there yet', {}],
    ['has no headings that can be used', { 'people.csv': 'No;Mail\n' }],
    ['is no CSV', { 'people.csv': '"a"b;c\n' }],
  ])('nothing is said of a file that %s', (_what, more) => {
    expect(loadedWith({ ...fromFile, ...more })).toMatchObject({ warnings: [] });
  });
});

test('the mistakes of a fragment that two mappings include are told once', () => {
  const files = {
    'landbridge.yaml': RIGHT.replace(`[${MAPPING}]`, `[${MAPPING}, mappings/second.yaml]`),
    [MAPPING]: `${HEAD}include: [x.yaml]\n${ATTRIBUTES}`,
    'mappings/second.yaml': `${HEAD}include: [x.yaml]\n${ATTRIBUTES}`,
    'mappings/x.yaml': 'attributes: { titel: x }\n',
  };
  expect(loadedWith(files)).toEqual({
    problems: [
      'mappings/x.yaml:1:15 attributes.titel: SCIM 1.1 has no such attribute. Did you mean "title"?',
    ],
    files: ['mappings/x.yaml'],
  });
});

test('the fingerprint covers every file that a mapping reads, and nothing else of the disk', () => {
  const files = {
    [MAPPING]: `${HEAD}include: [shared/names.yaml]\n${ATTRIBUTES}`,
    'mappings/shared/names.yaml': `tables: { t: { csv: ../../data/t.csv, key: k, value: v } }
attributes: { title: '= lookup("t", e.titel)' }\n`,
    'data/t.csv': 'k,v\na,b\n',
  };
  const of = (more: Files) => {
    const loaded = loadedWith({ ...files, ...more });
    return 'fingerprint' in loaded ? loaded.fingerprint : null;
  };
  const before = of({});
  expect(before).toMatch(/^[\w-]{43}$/);
  expect(of({ 'data/other.csv': 'k,v\n' })).toBe(before);
  expect(of({ 'data/t.csv': 'k,v\na,c\n' })).not.toBe(before);
  const fragment = `# looked at\n${files['mappings/shared/names.yaml']}`;
  expect(of({ 'mappings/shared/names.yaml': fragment })).not.toBe(before);
});

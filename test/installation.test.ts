import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadInstallation } from '../app/installation.ts';
import { temporaryFolder } from './cli/temporary-folder.ts';
import { ENV, RIGHT } from './config/example.ts';
import { written } from './mapping/people.ts';

const MAPPING = 'mappings/agileplace.yaml';

/** @returns what an operator is told, with the folder taken off, and in which files it stands */
function told(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = ENV) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const loaded = loadInstallation(join(folder, 'landbridge.yaml'), env);
  const short = (text: string) => text.replaceAll(`${folder}/`, '');
  return loaded.ok ? null : { lines: loaded.problems.map(short), files: loaded.files.map(short) };
}

/** A right configuration with these places spoilt, and a mapping. */
function spoilt(changes: readonly (readonly [string, string])[], mapping = written({})) {
  const text = changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the example has no ${from}`);
    return before.replace(from, to);
  }, RIGHT);
  return { 'landbridge.yaml': text, [MAPPING]: mapping };
}

describe('all mistakes are told at once', () => {
  test('those of the configuration, of its profile and its LDAP options, and those of the mappings', () => {
    const files = spoilt(
      [
        ['version: 1', 'version: 2'],
        ['kind: ldap\n', 'kind: ldap\n    lookupBase: people\n'],
        [
          "people: { base: 'ou=people,dc=example,dc=test' }",
          "people: { base: 'people', filter: '(&(uid=a)' }",
        ],
        ['profile: agileplace', 'profile: agileplac'],
        [`[${MAPPING}]`, `[${MAPPING}, mappings/missing.yaml]`],
      ],
      written({ attributes: "  title: '= e.titel'\n  __proto__: x\n  nickName: '= e.mial'" }),
    );
    expect(told(files, { TARGET_PASSWORD: 'x' })).toEqual({
      lines: [
        'landbridge.yaml:1:1 version: must be one of: 1.',
        'landbridge.yaml:5:5 sources.corp.lookupBase: is not a DN. Write it like ou=people,dc=example,dc=com.',
        'landbridge.yaml:8:5 sources.corp.password: is empty: the environment variable LDAP_PASSWORD is not set. Set it before the start.',
        'landbridge.yaml:9:15 sources.corp.people.base: is not a DN. Write it like ou=people,dc=example,dc=com.',
        'landbridge.yaml:9:31 sources.corp.people.filter: cannot be read: the parenthesis opened at character 1 is not closed here (character 10). Write it like (objectClass=person).',
        'landbridge.yaml:12:5 targets.agileplace.profile: must be one of: agileplace, slack, uaa, wso2, pingdirectory, okta-style, generic. Did you mean "agileplace"?',
        "landbridge.yaml:15:38 mappings[1]: names a file that does not exist. Correct the path; it starts at this file's folder.",
        `${MAPPING}:9:13 attributes.title: attribute "titel" is not declared under reads. Add it there: "titel: string".   in: e.titel`,
        `${MAPPING}:10:3 "__proto__" cannot be used as a name. Rename it.`,
        `${MAPPING}:11:16 attributes.nickName: attribute "mial" is not declared under reads. Did you mean "mail"?   in: e.mial`,
      ],
      files: ['landbridge.yaml', MAPPING],
    });
  });

  test('a kind of credential that targets of the profile do not take', () => {
    const minted = `kind: minted, username: ops@example.test, password: '\${env:TARGET_PASSWORD}', keep: { file: t }`;
    const files = spoilt([
      ['profile: agileplace', 'profile: generic'],
      [`kind: basic, username: ops@example.test, password: '\${env:TARGET_PASSWORD}'`, minted],
    ]);
    expect(told(files)?.lines).toEqual([
      'landbridge.yaml targets.agileplace.auth.kind: minted, which targets with profile generic do not take. Use bearer, basic or oauth2.',
    ]);
  });

  test('a mapping for a source and a target that are not there, beside a mistake of the configuration', () => {
    const files = spoilt(
      [['version: 1', 'version: 2']],
      written({}).replace('source: corp', 'source: crop').replace('target: agileplace', 'target: other'),
    );
    expect(told(files)).toEqual({
      lines: [
        'landbridge.yaml:1:1 version: must be one of: 1.',
        `${MAPPING}: source crop is not in landbridge.yaml, which has corp. Rename one of them.`,
        `${MAPPING}: target other is not in landbridge.yaml, which has agileplace. Rename one of them.`,
      ],
      files: ['landbridge.yaml', MAPPING],
    });
  });

  test('a look-up that would not find everybody', () => {
    const files = spoilt([['kind: ldap\n', "kind: ldap\n    lookupBase: 'ou=former,dc=example,dc=test'\n"]]);
    expect(told(files)).toEqual({
      lines: [
        'landbridge.yaml:5:5 sources.corp.lookupBase: does not hold people.base, so that people would be taken for gone. Name a DN above it.',
      ],
      files: ['landbridge.yaml'],
    });
  });

  test('a configuration that is no YAML, and what its mapping files say for themselves', () => {
    const files = {
      ...spoilt([['mappings:', 'other: "x\nmappings:']], written({ attributes: '  titel: x' })),
      'landbridge.yaml': `mappings: [${MAPPING}]\nsources: [\n`,
    };
    const { lines = [], files: places } = told(files) ?? {};
    expect(lines.slice(-1)).toEqual([
      `${MAPPING}:9:3 attributes.titel: SCIM 1.1 has no such attribute. Did you mean "title"?`,
    ]);
    expect(lines.length).toBeGreaterThan(1);
    expect(places).toEqual(['landbridge.yaml', MAPPING]);
  });

  test('only the mapping is wrong', () => {
    expect(told(spoilt([], written({ attributes: '  titel: x' })))).toEqual({
      lines: [`${MAPPING}:9:3 attributes.titel: SCIM 1.1 has no such attribute. Did you mean "title"?`],
      files: [MAPPING],
    });
  });
});

test('a right installation is loaded', () => {
  expect(told(spoilt([]))).toBeNull();
});

describe('a proxy of the environment that is none is named, and its password never shown', () => {
  test.each([
    ['HTTPS_PROXY', 'http://bob:canary-proxy@proxy bad'],
    ['https_proxy', 'bob:canary-proxy@proxy:8080'],
    ['HTTP_PROXY', 'socks5://bob:canary-proxy@proxy:1080'],
  ])('%s=%s', (name, text) => {
    expect(told(spoilt([]), { ...ENV, [name]: text })?.lines).toEqual([
      `environment variable ${name}: must be the address of an HTTP proxy. Write it like http://proxy.example.com:3128; special characters in a name or password are percent-encoded.`,
    ]);
  });

  test('a right one, or none, is taken', () => {
    const env = { ...ENV, HTTPS_PROXY: 'http://bob:p%40ss@proxy.example.com:3128', HTTP_PROXY: '' };
    expect(told(spoilt([]), env)).toBeNull();
  });

  test('it is nobody’s business where each target names its own', () => {
    const own = spoilt([
      ['profile: agileplace', 'profile: agileplace\n    proxy: http://proxy.example.com:3128'],
    ]);
    expect(told(own, { ...ENV, HTTPS_PROXY: 'proxy:8080' })).toBeNull();
  });
});

/** A right configuration for tests to spoil, and its loading with invented surroundings. */
import { formatProblem, type LoadedConfig, loadConfig } from '../../app/config/index.ts';
import { KNOWLEDGE } from '../../app/installation.ts';

export const RIGHT = `version: 1
sources:
  corp:
    kind: ldap
    urls: [ldaps://ldap.example.test]
    bindDn: cn=reader,dc=example,dc=test
    password: \${env:LDAP_PASSWORD}
    people: { base: 'ou=people,dc=example,dc=test' }
targets:
  agileplace:
    profile: agileplace
    baseUrl: https://account.example.test/io/scim/v1
    auth: { kind: basic, username: ops@example.test, password: '\${env:TARGET_PASSWORD}' }
mappings: [mappings/agileplace.yaml]
`;

export const ENV = { LDAP_PASSWORD: 'canary-bind', TARGET_PASSWORD: 'canary-pw' };

const FILES: Readonly<Record<string, string>> = {
  '/etc/landbridge/mappings/agileplace.yaml': 'version: 1\n',
  '/etc/landbridge/ca.pem': '-----BEGIN CERTIFICATE-----\ninvented\n-----END CERTIFICATE-----\n',
  '/etc/landbridge/secret': 'canary-file\n',
  '/etc/landbridge/empty': '\n',
};

export function readInvented(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return text;
}

export function load(text: string, env: Readonly<Record<string, string>> = {}): LoadedConfig {
  return loadConfig({
    file: '/etc/landbridge/landbridge.yaml',
    text,
    env: { ...ENV, ...env },
    readFile: readInvented,
    knowledge: KNOWLEDGE,
  });
}

/** The lines an operator would see, with the folder taken off. */
export function linesFor(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const loaded = load(text, env);
  return loaded.ok
    ? []
    : loaded.problems.map((problem) => formatProblem(problem).replace('/etc/landbridge/', ''));
}

/** Spoils one place of the right file. */
export function spoilt(before: string, after: string): string {
  if (!RIGHT.includes(before)) throw new Error(`the example has no ${before}`);
  return RIGHT.replace(before, after);
}

export const LDAPS = 'urls: [ldaps://ldap.example.test]';
export const PASSWORD = `password: \${env:LDAP_PASSWORD}`;
export const HTTPS = 'https://account.example.test/io/scim/v1';
export const END = 'mappings: [mappings/agileplace.yaml]\n';
export const HASH = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
export const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
export const token = (fields: string) => `${END}inbound: { tokens: [{ ${fields} }] }\n`;

/** The one line an operator sees for this mistake, without its place. */
export function refusalOf(before: string, after: string): string {
  const lines = linesFor(spoilt(before, after), { BLANK: '  ', KEY: 'k'.repeat(32) });
  const [line = ''] = lines;
  if (lines.length !== 1 || !/^landbridge\.yaml:\d+:\d+ /.test(line)) throw new Error(lines.join('\n'));
  return line.replace(/^\S+ /, '');
}

/** How a source gets into its directory: log-in by password or by certificate, and what goes with what. */
import { beforeAll, describe, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../app/config/index.ts';
import { KNOWLEDGE, ldapOptions } from '../../app/installation.ts';
import { selfSigned } from '../scim/wire/tls.ts';
import { ENV, PASSWORD, readInvented, refusalOf, spoilt } from './example.ts';

const files = new Map<string, string>();
beforeAll(() => {
  const { cert, key } = selfSigned('landbridge');
  files.set('/etc/landbridge/ours.pem', cert);
  files.set('/etc/landbridge/ours.key', key);
});

const LOG_IN = `bindDn: cn=reader,dc=example,dc=test\n    ${PASSWORD}`;
const CERTIFICATE = `clientCertificate: { cert: ours.pem, key: '\${file:ours.key}' }`;

function loadWith(logIn: string) {
  return loadConfig({
    file: '/etc/landbridge/landbridge.yaml',
    text: spoilt(LOG_IN, logIn),
    env: ENV,
    readFile: (path) => files.get(path) ?? readInvented(path),
    knowledge: KNOWLEDGE,
  });
}

function optionsWith(logIn: string) {
  const loaded = loadWith(logIn);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const source = loaded.config.sources['corp'];
  if (source?.kind !== 'ldap') throw new Error('an LDAP source expected');
  return { source, options: ldapOptions('corp', source, [], () => new Date(0)) };
}

function refusalsWith(logIn: string): readonly string[] {
  const loaded = loadWith(logIn);
  return loaded.ok ? [] : loaded.problems.map((problem) => formatProblem(problem).replace(/^\S+ /, ''));
}

describe('a source logs in', () => {
  test('by a name and a password, where nothing else is said', () => {
    const { options } = optionsWith(LOG_IN);
    expect(options).toMatchObject({
      bind: 'simple',
      bindDn: 'cn=reader,dc=example,dc=test',
      referrals: 'refuse',
    });
    expect(options.password?.()).toBe('canary-bind');
    expect(options.clientCertificate).toBe(undefined);
  });

  test('by a name and a password, with a certificate besides', () => {
    const { options } = optionsWith(`${LOG_IN}\n    tls: { ${CERTIFICATE} }`);
    expect(options.password?.()).toBe('canary-bind');
    expect(options.clientCertificate?.().key).toContain('PRIVATE KEY');
  });

  test('by its certificate, which nothing that is printed shows the key of', () => {
    const { source, options } = optionsWith(
      `bind: external\n    tls: { ${CERTIFICATE} }\n    referrals: ignore`,
    );
    expect(options).toMatchObject({ bind: 'external', referrals: 'ignore' });
    expect([options.bindDn, options.password]).toEqual([undefined, undefined]);
    expect(options.clientCertificate?.().cert).toContain('BEGIN CERTIFICATE');
    expect(JSON.stringify([source, options])).not.toContain('PRIVATE');
  });
});

describe('what does not go together is refused', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'no name and no password',
      'lookupBase: dc=example,dc=test',
      [
        'sources.corp.bindDn: is missing. Add it: The account that reads the directory, as a DN. Needed with bind simple.',
        'sources.corp.password: is missing. Add it: The password of bindDn. Needed with bind simple.',
      ],
    ],
    [
      'external without a certificate, with a name and a password',
      `bind: external\n    ${LOG_IN}`,
      [
        'sources.corp.bindDn: is not used with bind external. Remove it, or set bind to simple.',
        'sources.corp.password: is not used with bind external. Remove it, or set bind to simple.',
        'sources.corp.tls.clientCertificate: is missing. Add it: The certificate to show to the directory, where it wants one or bind is external.',
      ],
    ],
    [
      'a certificate without TLS',
      `${LOG_IN}\n    tls: { mode: none, allowPlaintext: true, ${CERTIFICATE} }`,
      [
        'sources.corp.urls[0]: is an ldaps:// address, but tls.mode is none. Set tls.mode to ldaps.',
        'sources.corp.tls.clientCertificate: is shown over TLS only. Set tls.mode to ldaps or starttls, or remove it.',
      ],
    ],
  ])('%s', (_, logIn, refusals) => {
    expect([...refusalsWith(logIn)].sort()).toEqual([...refusals].sort());
  });

  test('a mistyped bindDn is one mistake', () => {
    expect(refusalOf('bindDn:', 'bindDN:')).toBe('sources.corp.bindDN: unknown key. Did you mean "bindDn"?');
  });

  test('an unknown way to log in, and to take referrals', () => {
    expect(refusalOf(PASSWORD, `${PASSWORD}\n    bind: sasl`)).toContain(
      'sources.corp.bind: must be one of: simple, external',
    );
    expect(refusalOf(PASSWORD, `${PASSWORD}\n    referrals: follow`)).toContain(
      'sources.corp.referrals: must be one of: refuse, ignore',
    );
  });
});

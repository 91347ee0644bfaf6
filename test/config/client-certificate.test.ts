import { beforeAll, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../app/config/index.ts';
import { KNOWLEDGE } from '../../app/installation.ts';
import { encrypted, selfSigned } from '../scim/wire/tls.ts';
import { ENV, readInvented, spoilt } from './example.ts';

const files = new Map<string, string>();
beforeAll(() => {
  const [ours, other] = [selfSigned('landbridge'), selfSigned('other')];
  files.set('/etc/landbridge/ours.pem', ours.cert);
  files.set('/etc/landbridge/ours.key', ours.key);
  files.set('/etc/landbridge/other.key', other.key);
  files.set('/etc/landbridge/locked.key', encrypted(ours.key, 'canary-phrase'));
});

function loaded(certificate: string) {
  const text = spoilt(
    'profile: agileplace',
    `profile: agileplace\n    clientCertificate: { ${certificate} }`,
  );
  return loadConfig({
    file: '/etc/landbridge/landbridge.yaml',
    text,
    env: { ...ENV, PHRASE: 'canary-phrase', WRONG: 'canary-wrong' },
    readFile: (path) => files.get(path) ?? readInvented(path),
    knowledge: KNOWLEDGE,
  });
}

test.each([
  ['its key', `cert: ours.pem, key: '\${file:ours.key}'`],
  ['its key encrypted', `cert: ours.pem, key: '\${file:locked.key}', passphrase: '\${env:PHRASE}'`],
  [
    'a key that needs no passphrase',
    `cert: ours.pem, key: '\${file:ours.key}', passphrase: '\${env:PHRASE}'`,
  ],
])('a certificate goes with %s', (_what, certificate) => {
  const config = loaded(certificate);
  if (!config.ok) throw new Error(config.problems.map(formatProblem).join('\n'));
  const { clientCertificate } = config.config.targets['agileplace'] ?? {};
  expect(clientCertificate?.cert).toContain('BEGIN CERTIFICATE');
  expect(JSON.stringify(clientCertificate)).not.toContain('PRIVATE');
});

test.each([
  [
    'another key',
    `cert: ours.pem, key: '\${file:other.key}'`,
    'key: does not belong to the certificate in cert',
  ],
  [
    'a locked key',
    `cert: ours.pem, key: '\${file:locked.key}'`,
    'key: is encrypted. Name what opens it as passphrase.',
  ],
  [
    'a wrong passphrase',
    `cert: ours.pem, key: '\${file:locked.key}', passphrase: '\${env:WRONG}'`,
    'key: is no private key as PEM, or passphrase does not open it.',
  ],
  ['a certificate as key', `cert: ours.pem, key: '\${file:ours.pem}'`, 'key: is no private key as PEM.'],
  [
    'a key as certificate',
    `cert: ours.key, key: '\${file:ours.key}'`,
    'cert: names a file without a PEM certificate.',
  ],
  ['no such file', `cert: none.pem, key: '\${file:ours.key}'`, 'cert: names a file that does not exist.'],
  [
    'the key in the file itself',
    `cert: ours.pem, key: canary`,
    'key: is a secret and must not stand in this file',
  ],
  ['no key', 'cert: ours.pem', 'key: is missing. Add it: The private key of cert, as PEM.'],
])('refused: %s', (_what, certificate, message) => {
  const config = loaded(certificate);
  const lines = config.ok ? [] : config.problems.map(formatProblem);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`targets.agileplace.clientCertificate.${message}`);
  expect(lines[0]).not.toContain('canary');
});

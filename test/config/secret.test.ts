import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../app/config/index.ts';
import { findSecret } from '../../app/config/secret.ts';
import { KNOWLEDGE } from '../../app/installation.ts';
import { load, RIGHT } from './example.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function secretInFile(text: string) {
  writeFileSync(join(folder, 'secret'), text);
  const found = findSecret(`\${file:secret}`, {
    env: {},
    folder,
    readFile: (path) => readFileSync(path, 'utf8'),
    knowledge: KNOWLEDGE,
  });
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

test('a secret shows itself in no printed, logged or serialised form (O-27)', () => {
  const secret = secretInFile('canary-bind\n');
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join()).not.toContain('canary');
  expect(shown.slice(0, 3)).toEqual(['[redacted]', '[redacted]', '{"secret":"[redacted]"}']);
});

test('a whole configuration can be printed without showing a secret (O-27)', () => {
  const loaded = load(RIGHT, { REDIS_URL: 'redis://:canary@127.0.0.1:1' });
  expect(loaded.ok).toBe(true);
  expect(JSON.stringify(loaded) + inspect(loaded, { depth: 20 })).not.toContain('canary');
});

test('a secret from a file loses the line break at its end, and nothing else', () => {
  expect(secretInFile(' a b \r\n').reveal()).toBe(' a b ');
  expect(secretInFile('a\n\n').reveal()).toBe('a\n');
});

test('a rotated secret file takes effect at the next use', () => {
  const secret = secretInFile('first\n');
  expect(secret.reveal()).toBe('first');
  writeFileSync(join(folder, 'secret'), 'second\n');
  expect(secret.reveal()).toBe('second');
});

test('a secret file that went away is named, at the time of use', () => {
  const secret = secretInFile('first\n');
  rmSync(join(folder, 'secret'));
  expect(() => secret.reveal()).toThrow(
    `the secret \${file:secret} cannot be read: the file secret does not exist. Create it, readable for this user.`,
  );
});

test('a secret file beside the configuration is found from there', () => {
  writeFileSync(join(folder, 'pw'), 'from-file\n');
  writeFileSync(join(folder, 'm.yaml'), '');
  const text = RIGHT.replace(`\${env:LDAP_PASSWORD}`, `\${file:pw}`).replace(
    'mappings/agileplace.yaml',
    'm.yaml',
  );
  const loaded = loadConfig({
    file: join(folder, 'landbridge.yaml'),
    text,
    env: { TARGET_PASSWORD: 'x' },
    readFile: (path) => readFileSync(path, 'utf8'),
    knowledge: KNOWLEDGE,
  });
  const corp = loaded.ok ? loaded.config.sources['corp'] : undefined;
  expect(corp?.kind === 'ldap' && corp.password?.reveal()).toBe('from-file');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initCommand } from '../../app/cli/init.ts';
import { createLogger } from '../../app/signals/log.ts';
import { PROVISIONING_MS, personLdif, type Samba, STAFF, startSamba } from '../support/samba.ts';
import { temporaryFolder } from './temporary-folder.ts';

let samba: Samba;
beforeAll(async () => {
  samba = await startSamba(personLdif('ada', { mail: 'ada@example.test' }));
}, PROVISIONING_MS);
afterAll(() => samba.stop());

test('init from Active Directory: the account there decides who has access', async () => {
  const dir = temporaryFolder();
  const lines: string[] = [];
  const never = new AbortController().signal;
  const { dn, password } = samba.accounts.reader;
  await initCommand({
    dir,
    force: false,
    ask: null,
    env: { ...process.env, LDAP_PASSWORD: password, SCIM_TOKEN: 'x' },
    options: {
      sourceUrl: samba.ldapsUrl,
      sourceCa: samba.caFile,
      bindDn: dn,
      base: STAFF,
      targetProfile: 'generic',
      targetUrl: 'http://127.0.0.1:9/scim/v1',
    },
    log: createLogger({ level: 'error', name: 'test' }),
    stopping: { stop: never, hurry: never },
    write: (text) => void lines.push(text),
    note: () => {},
    now: () => new Date(),
  });
  const text = lines.join('\n');
  expect(text).toContain(`corp: Active Directory, 1 person below ${STAFF}`);
  expect(text).toContain('mappings/generic.yaml: 3 of 3 tests pass');
  const mapping = readFileSync(join(dir, 'mappings', 'generic.yaml'), 'utf8');
  expect(mapping).toContain("active: '= activeFromAD()'");
  expect(mapping).toContain("address: '= primaryMail()'");
});

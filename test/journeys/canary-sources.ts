/**
 * Sources whose servers and files betray whatever they know: servers that quote our secrets and people's in what they
 * say, and files with people's data where there should be none. For secrets.test.ts.
 */
import { createPrivateKey } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSourceCommand } from '../../app/cli/check-source.ts';
import { openAuthority } from '../support/certificates.ts';
import { done, drop, entry, raw, reference } from '../support/ldap-peer/answers.ts';
import { message, octets, tlv } from '../support/ldap-peer/encoding.ts';
import { ROOT_DSE } from '../support/ldap-peer/habits.ts';
import { type PeerScript, startLdapPeer } from '../support/ldap-peer.ts';

const BIND_PASSWORD = 'canary-mute-bind';
const PASSPHRASE = 'canary-key-passphrase';
/** What stands in entries, messages and files. */
const VALUE = 'canary-of-a-person';
const BASE = 'ou=people,dc=example,dc=test';
const SAID = `${VALUE}, by ${BIND_PASSWORD} or ${PASSPHRASE}`;

export type CanarySources = {
  /** From now on both servers quote what they know there. */
  betray(point: Point): void;
  /** Indented lines of YAML, for `sources`. */
  readonly yaml: string;
  readonly secrets: readonly (readonly [string, string])[];
  deliver(name: string, content: string): Promise<void>;
  stop(): Promise<void>;
};

/** @param folder there is nothing of interest in it yet */
export async function startCanarySources(folder: string): Promise<CanarySources> {
  const authority = await openAuthority();
  const server = await authority.issue({ commonName: 'localhost', use: 'serverAuth' });
  const client = await authority.issue({ commonName: 'reader', use: 'clientAuth' });
  const tls = { ...server, secure: true };
  const mute = await startLdapPeer(betrayal('the log-in'));
  const vault = await startLdapPeer({ ...betrayal('the log-in'), tls });
  const key = createPrivateKey(client.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: PASSPHRASE,
  });
  const files = {
    'ca.pem': authority.ca,
    'cert.pem': client.cert,
    key,
    pass: PASSPHRASE,
    bind: BIND_PASSWORD,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const inbox = join(folder, 'inbox');
  await mkdir(inbox);
  return {
    betray: (point) => {
      mute.become(betrayal(point));
      vault.become({ ...betrayal(point), tls });
    },
    yaml: yaml(folder, mute.url, vault.url),
    secrets: [
      ['bind password of another source', BIND_PASSWORD],
      ['passphrase of a key', PASSPHRASE],
      ['private key', client.key.split('\n')[1] ?? ''],
      ['encrypted private key', String(key).split('\n')[2] ?? ''],
      ['value of a person', VALUE],
    ],
    deliver: (name, content) => writeFile(join(inbox, name), content),
    stop: async () => {
      await Promise.all([mute.stop(), vault.stop(), authority.close()]);
    },
  };
}

/** Where in a read they begin to. */
const POINTS = {
  'the log-in': { bind: () => [done({ code: 49, diagnostic: SAID, matchedDn: SAID })] },
  'an unknown result': { bind: () => [done({ code: 80, diagnostic: SAID })] },
  'a refusal': { search: () => [done({ code: 1, diagnostic: SAID })] },
  'a limit': { search: () => [person(), done({ code: 4, diagnostic: SAID })] },
  'a referral': {
    search: () => [reference(`ldap://${BIND_PASSWORD}:${PASSPHRASE}@localhost/${SAID}`), done()],
  },
  'the middle of an entry': { search: () => [person(), drop] },
  nonsense: { search: ({ id }) => [raw(message(id, tlv(0x64, octets(SAID))))] },
  'no id': { search: () => [entry(`uid=${VALUE},${BASE}`, { uid: VALUE, mail: VALUE }), done()] },
} as const satisfies Record<string, PeerScript>;

export type Point = keyof typeof POINTS;

function betrayal(point: Point): PeerScript {
  return { rootDse: ROOT_DSE.openldap, whoAmI: () => 'dn:cn=reader', ...POINTS[point] };
}

/** All that `landbridge check source` says of a source with which something is wrong. */
export async function checkSource(
  source: string,
  folder: string,
  secrets: Readonly<Record<string, string>>,
): Promise<string> {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const code = await checkSourceCommand({
    source,
    file: join(folder, 'landbridge.yaml'),
    env: { TEST_SCIM_PASSWORD: 'canary-scim-password', ...secrets },
    person: null,
    showValues: false,
    json: false,
    write: say,
    note: say,
    stop: new AbortController().signal,
  });
  if (code === 0) throw new Error(`nothing is wrong with ${source}`);
  return said.join('\n');
}

/** Whoever is read is known from then on, values and all. */
function person() {
  const entryUUID = 'a1b2c3d4-0000-4000-8000-000000000001';
  return entry(`uid=somebody,${BASE}`, { uid: 'somebody', mail: 'somebody@example.test', entryUUID });
}

function yaml(folder: string, mute: string, vault: string): string {
  const poll = '{ every: 1s, sweepEvery: 1s, timeout: 1s }';
  return `  mute:
    kind: ldap
    urls: ['${mute}']
    tls: { mode: none }
    bindDn: cn=reader
    password: '\${file:${folder}/bind}'
    people: { base: '${BASE}' }
    poll: ${poll}
  vault:
    kind: ldap
    urls: ['${vault}']
    tls:
      ca: '${folder}/ca.pem'
      clientCertificate: { cert: '${folder}/cert.pem', key: '\${file:${folder}/key}', passphrase: '\${file:${folder}/pass}' }
    bind: external
    people: { base: '${BASE}' }
    poll: ${poll}
  payroll:
    kind: file
    path: '${folder}/inbox/*.csv'
    csv: { id: id, groups: { column: groups } }
    complete: { settle: 100ms }
    poll: { every: 1s, sweepEvery: 1s }
`;
}

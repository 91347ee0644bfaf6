/**
 * A whole installation in which every secret is a canary: a text that is easy to find where it must not be. For
 * secrets.test.ts.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { READER_DN } from '../../sandbox/directory/configuration.ts';
import { type InstallationUnderTest, startInstallation, TOKEN } from '../support/installation.ts';
import { personLdif } from '../support/people.ts';
import type { Process } from '../support/processes.ts';
import { type CanarySources, startCanarySources } from './canary-sources.ts';

const SIGN_IN = { user: 'ops@example.test', password: 'canary-scim-password' };
const BASIC = Buffer.from(`${SIGN_IN.user}:${SIGN_IN.password}`).toString('base64');
/** Targets that cannot be reached: no such name, and nobody who listens. */
const ELSEWHERE = { nowhere: 'https://no-such-host.invalid', closed: 'http://127.0.0.1:1' };

const KNOWN_AT_START: readonly (readonly [string, string])[] = [
  ['inbound token', TOKEN],
  ['SCIM password', SIGN_IN.password],
  ['SCIM password as Basic has it', BASIC],
  ['Redis password', 'canary-redis-password'],
  ['userPassword in the directory', 'canary-user-password'],
  ['password in an event', 'canary-event-password'],
  ['header of a caller', 'canary-header'],
  ['guessed token', 'lb_canary-guess'],
  ['wrong bind password', 'canary-new-bind'],
];

type Answer = { readonly status: number; readonly text: string };

export type Canaries = InstallationUnderTest & {
  readonly client: Redis;
  readonly others: CanarySources;
  readonly processes: Process[];
  /** Everything that the API said. */
  readonly answers: readonly string[];
  /** Asks as a caller with a secret header of their own. */
  ask(method: string, path: string, body?: string, token?: string): Promise<Answer>;
  /** The list at this address. */
  items(path: string): Promise<readonly Record<string, unknown>[]>;
  /** The token that is kept now, which is a canary from then on. */
  mintedToken(): Promise<string>;
  /** The canaries that stand in a text, by name. */
  found(text: string): readonly string[];
};

export async function startCanaries(people: readonly string[]): Promise<Canaries> {
  const mappings = await mkdtemp(join(tmpdir(), 'landbridge-mappings-'));
  const others = await startCanarySources(mappings);
  const installation = await startInstallation(await optionsFor(people, mappings, others));
  const client = new Redis(installation.redis.url, { retryStrategy: () => 200, maxRetriesPerRequest: null });
  const processes = [await installation.startWeb(), await installation.startWorker()];
  const canaries = new Map([
    ...KNOWN_AT_START,
    ...others.secrets,
    ['bind password', installation.directory.reader.password],
  ]);
  const answers: string[] = [];
  const ask = async (method: string, path: string, body?: string, token = TOKEN): Promise<Answer> => {
    const response = await fetch(`${installation.webUrl()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-api-key': 'canary-header',
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    return { status: response.status, text };
  };
  return {
    ...installation,
    client,
    others,
    processes,
    answers,
    ask,
    items: async (path) => JSON.parse((await ask('GET', path)).text).items,
    mintedToken: async () => {
      const { token } = JSON.parse(await readFile(join(installation.folder, 'target.token'), 'utf8'));
      canaries.set(`minted token ${canaries.size}`, token);
      return token;
    },
    found: (text) => [...canaries].filter(([, secret]) => isIn(text, secret)).map(([name]) => name),
    stop: async () => {
      client.disconnect();
      await installation.stop();
      await others.stop();
      await rm(mappings, { recursive: true, force: true });
    },
  };
}

/** As it is, in an address, or in base64. */
function isIn(text: string, secret: string): boolean {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, encodeURIComponent(secret), base64].some((spelling) => text.includes(spelling));
}

async function optionsFor(people: readonly string[], mappings: string, others: CanarySources) {
  const targets = Object.entries(ELSEWHERE);
  const files = await Promise.all([
    mappingFile(mappings, 'hr', 'agileplace'),
    ...targets.map(([target]) => mappingFile(mappings, 'corp', target)),
    ...['mute', 'vault', 'payroll'].map((source) => mappingFile(mappings, source, 'closed')),
  ]);
  return {
    directory: {
      ldif: people.map((uid) => personLdif(uid, { userPassword: 'canary-user-password' })).join(''),
      // Our account could read the passwords if it asked.
      access: [`access to attrs=userPassword by dn.exact="${READER_DN}" read by anonymous auth by * none`],
    },
    sandbox: { signIns: [SIGN_IN] },
    redisPassword: 'canary-redis-password',
    logLevel: 'debug',
    poll: '{ every: 1s, sweepEvery: 3s, timeout: 2s }',
    timeout: '1s',
    policy: '{ lease: 3s, retry: { base: 50ms, longest: 100ms, attempts: 2 } }',
    more: {
      sources: `  hr: { kind: events }\n${others.yaml}`,
      targets: targets.map(([name, origin]) => targetYaml(name, origin)).join(''),
      mappings: files,
    },
  };
}

async function mappingFile(folder: string, source: string, target: string): Promise<string> {
  const file = join(folder, `${source}-${target}.yaml`);
  await writeFile(
    file,
    `version: 1
source: ${source}
target: ${target}
resource: User
match: [externalId]
reads: { mail: string, sn: string }
attributes: { externalId: '= id', userName: '= e.mail', name: { familyName: '= e.sn' }, active: true }
`,
  );
  return file;
}

function targetYaml(name: string, origin: string): string {
  const auth = `{ kind: basic, username: ${SIGN_IN.user}, password: '\${env:TEST_SCIM_PASSWORD}' }`;
  return `  ${name}: { profile: agileplace, baseUrl: '${origin}/io/scim/v1', auth: ${auth}, timeout: 1s }\n`;
}

/**
 * O-19 over real parts: two workers, each with five people in hand, write a hundred updates, and from the fiftieth
 * request on the target answers 401 until another credential is used. One attempt is all that anybody has, so whoever
 * lost one would be on the dead-letter list.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type Gatekeeper, startGatekeeper } from '../support/gatekeeper.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, personLdif, uids } from '../support/people.ts';
import type { Process } from '../support/processes.ts';
import { redisContents } from '../support/redis-contents.ts';

const PEOPLE = uids(100);
const FROM = 50;
const KEY = 'k'.repeat(40);

let gate: Gatekeeper;
let folder: string;
let installation: InstallationUnderTest;
let workers: Process[];
/** Everything that workers have said since the start of the test. */
const said = () => workers.map(({ output }) => output()).join('\n');

async function startWith(auth: string): Promise<void> {
  gate = await startGatekeeper();
  folder = await mkdtemp(join(tmpdir(), 'landbridge-credentials-'));
  const mapping = join(folder, 'generic.yaml');
  const example = await readFile('mappings/generic.yaml', 'utf8');
  await writeFile(mapping, example.replace('target: service', 'target: agileplace'));
  await writeFile(join(folder, 'token'), 'canary-first-token');
  process.env.TEST_TOKEN_KEY = KEY;
  installation = await startInstallation({
    directory: { ldif: PEOPLE.map((uid) => personLdif(uid)).join('') },
    sandbox: { dialect: 'generic', tokenLifetime: 3600 },
    mapping,
    target: [
      'profile: generic',
      `baseUrl: ${gate.origin}/scim/v1`,
      `auth: ${auth.replaceAll('GATE', gate.origin).replaceAll('FOLDER', folder)}`,
      'concurrency: 5',
    ].join('\n    '),
    policy: '{ lease: 10s, retry: { attempts: 1 } }',
    logLevel: 'debug',
  });
  gate.upstream = installation.sandbox.origin;
  workers = [];
}

async function stop(): Promise<void> {
  await installation.stop();
  await gate.stop();
  await rm(folder, { recursive: true });
}

async function everybodyIs(sn: string): Promise<void> {
  await until(
    `everybody is called ${sn}`,
    async () => {
      const names = (await installation.sandbox.accounts()).map(({ user }) => user);
      return (
        names.length === PEOPLE.length &&
        names.every(({ name }) => (name as { familyName?: string }).familyName === sn)
      );
    },
    120_000,
  );
}

async function startWorkers(): Promise<void> {
  workers = await Promise.all([installation.startWorker(), installation.startWorker()]);
}

/** A hundred updates wait when the workers start, so that all of them are busy at once. */
async function updateEverybody(sn: string): Promise<void> {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  for (const uid of PEOPLE) await installation.directory.modify(dnOf(uid), { replace: { sn } });
  gate.requests = 0;
  gate.tokenRequests = 0;
  await startWorkers();
}

async function firstLoad(): Promise<void> {
  await Promise.all([installation.startWeb(), startWorkers()]);
  await everybodyIs('Byron');
}

async function deadLetters(): Promise<unknown> {
  return (await installation.api('GET', '/v1/dead-letters?limit=500')).body.items;
}

function alerts(): readonly string[] {
  return said()
    .split('\n')
    .filter((line) => line.includes('was paused'));
}

async function isPaused(): Promise<void> {
  await until('the target is paused', async () => alerts().length > 0);
  await until('nobody is at the target any more', async () => {
    const before = gate.requests;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return gate.requests === before;
  });
}

/** Neither a token nor the secret, as it is or in base64. */
async function nothingLeaked(secret: string): Promise<void> {
  const client = new Redis(installation.redis.url);
  const { text } = await redisContents(client);
  client.disconnect();
  const seen = [...gate.credentials, secret].filter((credential) => credential.length > 5);
  expect(seen.length).toBeGreaterThan(1);
  const shown = `${said()}\n${text}\n${JSON.stringify(await deadLetters())}`;
  const spellings = seen.flatMap((credential) => [credential, Buffer.from(credential).toString('base64')]);
  expect(spellings.filter((credential) => shown.includes(credential))).toEqual([]);
}

describe('with OAuth client credentials', () => {
  const auth = `{ kind: oauth2, tokenUrl: 'GATE/oauth/token', clientId: admin@sandbox.test, clientSecret: '\${env:TEST_SCIM_PASSWORD}', keep: { encryptedWith: '\${env:TEST_TOKEN_KEY}' } }`;
  beforeAll(async () => {
    await startWith(auth);
    await firstLoad();
    expect(gate.tokenRequests).toBe(1);
  }, 120_000);
  afterAll(() => stop());
  beforeEach(async () => {
    await installation.sandbox.clearJournal();
  });
  afterEach(async () => {
    await nothingLeaked('sandbox-password');
    gate.admit = async ({ shown }) => shown;
  });

  /** The fiftieth request finds every token revoked. */
  const revokeOnce: Gatekeeper['admit'] = async ({ number, shown }) => {
    if (number === FROM) await installation.sandbox.revokeTokens();
    return shown;
  };

  test('O-19 a: one token request for all, the refused calls are repeated, everybody is right', async () => {
    gate.admit = revokeOnce;
    await updateEverybody('Lovelace');
    await everybodyIs('Lovelace');
    expect(gate.tokenRequests).toBe(1);
    expect(gate.requests).toBeGreaterThan(PEOPLE.length);
    expect(await deadLetters()).toEqual([]);
    expect(alerts()).toEqual([]);
  }, 180_000);

  test('O-19 d: the same, where the token endpoint is out of order twice', async () => {
    gate.admit = revokeOnce;
    await installation.sandbox.fault({ kind: 'status', status: 500, path: '/oauth/token', count: 2 });
    await updateEverybody('Hopper');
    await everybodyIs('Hopper');
    expect(gate.tokenRequests).toBe(3);
    const asked = (await installation.sandbox.journal()).filter(({ path }) => path === '/oauth/token');
    const waits = asked.slice(1).map((entry, n) => {
      const before = asked[n]?.answeredAt ?? '';
      return Date.parse(entry.receivedAt) - Date.parse(before);
    });
    expect(waits.map((wait) => wait >= 450)).toEqual([true, true]);
    expect(await deadLetters()).toEqual([]);
    expect(alerts()).toEqual([]);
  }, 180_000);

  test('O-19 b: after one refresh the target pauses with one alert; afterwards all arrive', async () => {
    let mended = false;
    gate.admit = async ({ number, shown }) => (number < FROM || mended ? shown : null);
    await updateEverybody('Turing');
    await isPaused();
    expect(gate.tokenRequests).toBe(1);
    expect(alerts()).toHaveLength(1);
    expect(await deadLetters()).toEqual([]);
    mended = true;
    await installation.api('POST', '/v1/targets/agileplace/resume');
    await everybodyIs('Turing');
    expect(alerts()).toHaveLength(1);
    expect(await deadLetters()).toEqual([]);
  }, 180_000);
});

describe('with a token made by hand', () => {
  beforeAll(async () => {
    await startWith(`{ kind: bearer, token: '\${file:FOLDER/token}' }`);
    gate.admit = async ({ shown }) => letIn(shown, 'canary-first-token');
    await firstLoad();
  }, 120_000);
  afterAll(() => stop());

  const letIn = (shown: string, accepted: string) =>
    shown === `Bearer ${accepted}` ? `Bearer ${installation.sandbox.token}` : null;

  test('O-19 c: the target pauses with one alert and without a refresh; with the new token all arrive', async () => {
    gate.admit = async ({ number, shown }) =>
      letIn(shown, number < FROM ? 'canary-first-token' : 'canary-second-token');
    await updateEverybody('Lovelace');
    await isPaused();
    // Those who were under way, and whoever followed them before the pause was known.
    expect(gate.requests).toBeLessThan(FROM + 2 * 10);
    expect(alerts()).toHaveLength(1);
    expect(await deadLetters()).toEqual([]);
    await writeFile(join(folder, 'token'), 'canary-second-token');
    await installation.api('POST', '/v1/targets/agileplace/resume');
    await everybodyIs('Lovelace');
    expect(alerts()).toHaveLength(1);
    expect(await deadLetters()).toEqual([]);
    await nothingLeaked('canary-first-token');
  }, 180_000);
});

/**
 * Sets the demo's stage: a private slapd, a private Redis, the sandbox target and the web process; a worker when the
 * story wants one. All on free loopback ports, with data in one temporary folder, and all gone when it is struck.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { hashToken, newToken } from '../app/config/index.ts';
import { GROUPS_BASE, PEOPLE_BASE } from '../sandbox/directory/configuration.ts';
import { type Directory, startDirectory } from '../sandbox/directory/slapd.ts';
import { type ControlClient, createControlClient } from '../sandbox/scim-target/control-client.ts';
import { type Api, createApi } from './api.ts';
import { ldif } from './cast.ts';
import { runCommand, type Said } from './commands.ts';
import { landbridgeYaml } from './configuration.ts';
import { demoMapping, ENVIRONMENT } from './mapping.ts';
import type { Narrator } from './narrator.ts';
import { startProcess } from './processes.ts';

export type Stage = {
  readonly directory: Directory;
  readonly api: Api;
  readonly control: ControlClient;
  readonly apiUrl: string;
  readonly scimUrl: string;
  readonly token: string;
  readonly folder: string;
  /** Nothing is written before. */
  startWorker(): Promise<void>;
  /** Runs a command of `landbridge` on this installation. */
  landbridge(...args: readonly string[]): Promise<Said>;
  strike(): Promise<void>;
};

const SCIM_USER = 'provisioner@example.test';
const DIST = fileURLToPath(new URL('..', import.meta.url));
const MAPPING = new URL('../../mappings/agileplace.yaml', import.meta.url);

export async function setStage(narrator: Narrator): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-demo-'));
  const stops: (() => Promise<unknown>)[] = [];
  const strike = async () => {
    for (const stop of stops.reverse()) await stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return await build(folder, stops, strike, narrator);
  } catch (error) {
    narrator.say(`The logs of what was running are in ${folder}.`);
    for (const stop of stops.reverse()) await stop();
    throw error;
  }
}

async function build(
  folder: string,
  stops: (() => Promise<unknown>)[],
  strike: () => Promise<void>,
  narrator: Narrator,
): Promise<Stage> {
  const directory = await startDirectory({ ldif: ldif(PEOPLE_BASE, GROUPS_BASE) });
  stops.push(() => directory.stop());
  narrator.say(`directory: OpenLDAP at ${directory.ldapsUrl}`);
  const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
  stops.push(() => redis.stop());
  narrator.say('Redis: a private one, append-only');

  const { sandbox, password } = await startTarget(folder);
  stops.push(() => sandbox.stop());
  narrator.say(`target: SCIM 1.1 sandbox with the habits of AgilePlace at ${sandbox.answer.scim}`);

  const token = newToken(randomBytes);
  const env = {
    ...process.env,
    LANDBRIDGE_CONFIG: await configure(folder, directory, sandbox.answer.scim, token),
    REDIS_URL: redis.url,
    DEMO_LDAP_PASSWORD: directory.reader.password,
    DEMO_SCIM_PASSWORD: password,
  };
  const web = await startProcess('web', join(DIST, 'app/main.js'), [], env, join(folder, 'web.log'), address);
  stops.push(() => web.stop());
  narrator.say(`Landbridge: web at ${web.answer}`);
  return {
    directory,
    api: createApi(web.answer, token),
    control: createControlClient(sandbox.answer.control),
    apiUrl: web.answer,
    scimUrl: sandbox.answer.scim,
    token,
    folder,
    async startWorker() {
      const log = join(folder, 'worker.log');
      const starting = startProcess('worker', join(DIST, 'workers/main.js'), [], env, log, isReady);
      // Known before it is ready, so that a stage that is struck meanwhile leaves none behind.
      stops.push(() =>
        starting.then(
          (worker) => worker.stop(),
          () => {},
        ),
      );
      await starting;
    },
    landbridge: async (...args) => await runCommand(join(DIST, 'app/cli/main.js'), args, env),
    strike,
  };
}

async function startTarget(folder: string) {
  const password = randomBytes(12).toString('hex');
  const sandbox = await startProcess(
    'sandbox',
    join(DIST, 'sandbox/scim-target/main.js'),
    ['--user', SCIM_USER, '--password', password, '--points', '1000'],
    process.env,
    join(folder, 'sandbox.log'),
    listeningAddresses,
  );
  return { sandbox, password };
}

/** Writes landbridge.yaml and the mapping. @returns the path of the former */
async function configure(
  folder: string,
  directory: Directory,
  scimUrl: string,
  token: string,
): Promise<string> {
  const { ldapsUrl, caFile, reader, peopleBase, groupsBase, suffix } = directory;
  const [config, mappingFile] = [join(folder, 'landbridge.yaml'), join(folder, 'agileplace.yaml')];
  await writeFile(mappingFile, demoMapping(await readFile(MAPPING, 'utf8')));
  const text = landbridgeYaml({
    ldapsUrl,
    caFile,
    readerDn: reader.dn,
    peopleBase,
    groupsBase,
    suffix,
    scimUrl,
    scimUser: SCIM_USER,
    tokenFile: join(folder, 'agileplace.token'),
    mappingFile,
    environment: ENVIRONMENT,
    tokenHash: hashToken(token),
  });
  await writeFile(config, text);
  return config;
}

function listeningAddresses(line: string): { scim: string; control: string } | null {
  return parsed<{ listening?: { scim: string; control: string } }>(line)?.listening ?? null;
}

/** The web process says in its log where it listens. */
function address(line: string): string | null {
  return parsed<{ msg?: string; url?: string }>(line)?.url ?? null;
}

function isReady(line: string): true | null {
  return parsed<{ msg?: string }>(line)?.msg === 'working' ? true : null;
}

function parsed<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}

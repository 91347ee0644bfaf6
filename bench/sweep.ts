/**
 * How much a full sweep costs, against reading the same directory with OpenLDAP's own client: a private slapd, a
 * private Redis, everything real but the target, which is never reached. Prints a table of ratios measured in this one
 * run and writes them to bench/results.
 *
 *   npm run bench:sweep -- 20000
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { loadMapping, type Mapping } from '../app/mapping/index.ts';
import { createBell } from '../app/queue/bell.ts';
import { createQueues } from '../app/queue/queues.ts';
import { createLdapSource } from '../app/sources/ldap/index.ts';
import type { Source } from '../app/sources/source.ts';
import { connect, createStore } from '../app/store/connection.ts';
import { createStores } from '../app/store/stores.ts';
import { type ReadDeps, readSource } from '../app/sync/reading/read-source.ts';
import type { Signals } from '../app/sync/signals.ts';
import { ldifEntry } from '../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../sandbox/directory/slapd.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const people = Number(process.argv[2] ?? 20_000);
const ROUNDS = 3;

const silent: Signals = {
  alert: ({ kind }) => console.error(`alert: ${kind}`),
  applied: () => {},
  held: () => {},
  targetResumed: () => {},
  mappingWarning: () => {},
  runEnded: () => {},
};

const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
const directory = await startDirectory({ ldif: ldif(people) });
const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
try {
  const rows = await measure(directory, redis.url);
  console.table(rows);
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/sweep.json'), `${JSON.stringify({ people, rows }, null, 2)}\n`);
} finally {
  await redis.stop();
  await directory.stop();
  await rm(folder, { recursive: true, force: true });
}

type Row = {
  readonly what: string;
  readonly seconds: number;
  readonly ratio: number;
  readonly peakMiB: number;
};

async function measure(target: Directory, redisUrl: string): Promise<Row[]> {
  const connection = connect(redisUrl);
  const store = createStore(connection, 'bench');
  const queues = createQueues(connection, 'bench', ['agileplace'], [], () => {});
  const now = () => new Date();
  const names = { targets: ['agileplace'], sources: ['corp'] };
  const mapping = await shippedMapping();
  const deps: ReadDeps = {
    ...createStores(store, names, { firstMs: 1, longestMs: 1 }, now),
    mappings: [mapping],
    bell: createBell(queues, 1),
    guard: { share: 0.1, atLeast: 5, windowMs: 3_600_000 },
    signals: silent,
    leaseMs: 60_000,
    now,
    newId: randomUUID,
  };
  const source = await ldapSource(target, mapping);
  const base = await fastest(() => ldapsearch(target, mapping.reads));
  const rows = [row('ldapsearch, the same attributes', base, base)];
  rows.push(row('first sweep: everybody new and due', await timed(() => sweep(source, deps)), base));
  rows.push(row('sweep, nothing changed', await fastest(() => sweep(source, deps)), base));
  rows.push(row('poll, nothing changed', await fastest(() => poll(source, deps)), base));
  await queues.close();
  connection.disconnect();
  return rows;
}

function row(what: string, seconds: number, base: number): Row {
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  return { what, seconds: Number(seconds.toFixed(3)), ratio: Number((seconds / base).toFixed(1)), peakMiB };
}

async function sweep(source: Source, deps: ReadDeps): Promise<void> {
  await mustBeOk(await readSource(source, 'sweep', deps, new AbortController().signal));
}

async function poll(source: Source, deps: ReadDeps): Promise<void> {
  await mustBeOk(await readSource(source, 'poll', deps, new AbortController().signal));
}

async function mustBeOk(ended: Awaited<ReturnType<typeof readSource>>): Promise<void> {
  if (ended?.state !== 'ok') throw new Error(`the read is ${ended?.state}: ${ended?.reason}`);
}

async function ldapsearch(
  { ldapUrl, reader, peopleBase }: Directory,
  reads: readonly string[],
): Promise<void> {
  const filter = '(objectClass=inetOrgPerson)';
  const bind = ['-x', '-H', ldapUrl, '-D', reader.dn, '-w', reader.password];
  const options = { maxBuffer: 1024 ** 3 };
  const attributes = ['entryUUID', 'entryCSN', 'uid', ...reads];
  await run(
    'ldapsearch',
    [...bind, '-LLL', '-E', 'pr=500/noprompt', '-b', peopleBase, filter, ...attributes],
    options,
  );
}

async function fastest(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(work));
  return Math.min(...times);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function shippedMapping(): Promise<Mapping> {
  const file = 'mappings/agileplace.yaml';
  const loaded = loadMapping(file, await readFile(join(ROOT, file), 'utf8'));
  if (!loaded.ok) throw new Error(`${file} does not load`);
  return loaded.mapping;
}

async function ldapSource(target: Directory, mapping: Mapping): Promise<Source> {
  return createLdapSource({
    name: 'corp',
    urls: [target.ldapsUrl],
    tls: 'ldaps',
    ca: await readFile(target.caFile, 'utf8'),
    serverName: 'localhost',
    bindDn: target.reader.dn,
    password: () => target.reader.password,
    people: { base: target.peopleBase, filter: '(objectClass=inetOrgPerson)' },
    groups: {
      base: target.groupsBase,
      filter: '(objectClass=groupOfNames)',
      memberAttribute: 'member',
      nameAttribute: 'cn',
    },
    reads: mapping.reads,
    now: () => new Date(),
  });
}

function ldif(count: number): string {
  const dn = (n: number) => `uid=p${n},ou=people,dc=example,dc=test`;
  const records = Array.from({ length: count }, (_, n) =>
    ldifEntry(dn(n), {
      objectClass: 'inetOrgPerson',
      uid: `p${n}`,
      givenName: 'Ada',
      sn: `Byron ${n}`,
      cn: `Ada Byron ${n}`,
      mail: `p${n}@example.test`,
      l: 'Paris',
      employeeType: 'staff',
      // Long ago: a poll reads again what is newer than its overlap, and a directory is rarely all new.
      entryCSN: '20250101000000.000000Z#000000#000#000000',
      modifyTimestamp: '20250101000000Z',
    }),
  );
  const member = Array.from({ length: Math.min(count, 2_000) }, (_, n) => dn(n));
  const group = ldifEntry('cn=AgilePlace board creators,ou=groups,dc=example,dc=test', {
    objectClass: 'groupOfNames',
    cn: 'AgilePlace board creators',
    member,
  });
  return records.join('') + group;
}

/**
 * What a directory costs: reading everybody, and following changes, against OpenLDAP's own client reading the same
 * attributes in the same run; memory; and the time from a change in the directory to the request at the target. A
 * private slapd and a private Redis, everything real.
 *
 *   npm run bench:directory              20,000 and 100,000 people
 *   npm run bench:directory -- 20000
 *
 * Rounds take turns, so that what else the machine does meets all of them; the median of each counts.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPrivateRedis } from '../app/cli/private-redis.ts';
import { TRACKING_NAMES } from '../app/sources/ldap/index.ts';
import { type Directory, startDirectory } from '../sandbox/directory/slapd.ts';
import { measureLatencies } from './directory-parts/latency.ts';
import { ATTRIBUTES, directoryLdif } from './directory-parts/people.ts';
import { type Answer, type Order, type Reader, type Setting, startReader } from './directory-parts/reader.ts';
import { measureWhole } from './directory-parts/whole.ts';
import { report } from './report.ts';

const run = promisify(execFile);
const SIZES = process.argv[2] === undefined ? [20_000, 100_000] : [Number(process.argv[2])];
const ROUNDS = 5;
/** Those that OpenLDAP has. */
const TRACKINGS = (['content-sync', 'time-stamps'] as const).filter((name) => TRACKING_NAMES.includes(name));

/** So many have accounts of their own where latency is measured. */
const FOR_LATENCY = 500;
/** Seeding more accounts than this takes longer than it is worth; `bench:reconcile` compares 100,000. */
const MOST_COMPARED = 20_000;

for (const people of SIZES) {
  await report(
    `directory-${people}`,
    people,
    await withDirectory(people, (directory) => measured(people, directory)),
  );
}
const latencies = await withDirectory(FOR_LATENCY, (directory) => measureLatencies(directory, FOR_LATENCY));
await report('directory-latency', FOR_LATENCY, latencies);

type Row = {
  readonly what: string;
  readonly seconds: number;
  readonly ratio: number;
  readonly cpuSeconds?: number;
  readonly peakMiB?: number;
  readonly goal?: string;
};

async function withDirectory<T>(people: number, work: (directory: Directory) => Promise<T>): Promise<T> {
  const directory = await startDirectory({ ldif: directoryLdif(people) });
  try {
    return await work(directory);
  } finally {
    await directory.stop();
  }
}

async function measured(people: number, directory: Directory): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const redis = await startPrivateRedis({ dir: join(folder, 'redis') });
  const rows: Row[] = [];
  try {
    for (const tracking of TRACKINGS) {
      const setting = await settingFor(directory, redis.url, tracking);
      rows.push(...(await measureTracking(directory, setting)));
    }
  } finally {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return people > MOST_COMPARED ? rows : [...rows, ...(await wholeRound(directory))];
}

async function wholeRound(directory: Directory): Promise<readonly Row[]> {
  const { sweep, comparison, writes } = await measureWhole(directory);
  const base = await ldapsearch(directory);
  if (writes > 0) throw new Error(`${writes} writes, although nothing has changed`);
  const row = (what: string, seconds: number): Row => ({
    what,
    seconds: rounded(seconds, 3),
    ratio: rounded(seconds / base, 2),
  });
  return [
    row('whole round: sweep', sweep),
    row('whole round: comparison with the sandbox target', comparison),
  ];
}

async function measureTracking(directory: Directory, setting: Setting): Promise<readonly Row[]> {
  const { tracking } = setting.source;
  const reading = startReader(setting);
  const alone = await inTurns(directory, reading, 'read');
  await reading.stop();
  const reader = startReader(setting);
  const first = await reader.give('sweep');
  const sweeps = await inTurns(directory, reader, 'sweep');
  const polls = await inTurns(directory, reader, 'poll');
  await reader.stop();
  const row = (what: string, answer: Answer, base: number, goal?: string): Row => ({
    what: `${tracking}: ${what}`,
    seconds: rounded(answer.seconds, 3),
    ratio: rounded(answer.seconds / base, 2),
    cpuSeconds: rounded(answer.cpuSeconds, 2),
    peakMiB: answer.peakMiB,
    ...(goal === undefined ? {} : { goal }),
  });
  return [
    { what: `${tracking}: ldapsearch, the same attributes`, seconds: rounded(alone.base, 3), ratio: 1 },
    row('reading alone', alone.ours, alone.base, '1.6 times'),
    row('first sweep: everybody new and due', first, sweeps.base),
    row('sweep, nothing changed', sweeps.ours, sweeps.base, '3 times, 300 MiB'),
    row('poll, nothing changed', polls.ours, polls.base, '50 ms'),
  ];
}

/** Ours and ldapsearch in turn, the median of each. */
async function inTurns(
  directory: Directory,
  reader: Reader,
  order: Order,
): Promise<{ readonly base: number; readonly ours: Answer }> {
  const base: number[] = [];
  const ours: Answer[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    base.push(await ldapsearch(directory));
    ours.push(await reader.give(order));
  }
  const sorted = ours.sort((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(ROUNDS / 2)];
  if (middle === undefined) throw new Error('no rounds');
  const peakMiB = Math.max(...ours.map((answer) => answer.peakMiB));
  return { base: base.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0, ours: { ...middle, peakMiB } };
}

/** @returns seconds */
async function ldapsearch({ ldapsUrl, caFile, reader, peopleBase }: Directory): Promise<number> {
  const words = ['-x', '-LLL', '-H', ldapsUrl, '-D', reader.dn, '-w', reader.password, '-b', peopleBase];
  const wanted = ['(objectClass=inetOrgPerson)', 'entryUUID', 'entryCSN', 'modifyTimestamp', ...ATTRIBUTES];
  const startedAt = performance.now();
  // By a shell, so that nobody has to read what it prints.
  await run(
    'sh',
    ['-c', 'exec ldapsearch "$@" > /dev/null', 'ldapsearch', ...words, '-E', 'pr=1000/noprompt', ...wanted],
    {
      env: { ...process.env, LDAPTLS_CACERT: caFile, LDAPTLS_REQCERT: 'demand' },
    },
  );
  return (performance.now() - startedAt) / 1000;
}

async function settingFor(
  directory: Directory,
  redisUrl: string,
  tracking: (typeof TRACKINGS)[number],
): Promise<Setting> {
  return {
    redisUrl,
    prefix: `bench-${tracking}`,
    password: directory.reader.password,
    source: {
      name: 'corp',
      urls: [directory.ldapsUrl],
      tls: 'ldaps',
      ca: await readFile(directory.caFile, 'utf8'),
      serverName: 'localhost',
      bindDn: directory.reader.dn,
      tracking,
      people: { base: directory.peopleBase },
      groups: { base: directory.groupsBase },
      reads: ATTRIBUTES,
    },
  };
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}

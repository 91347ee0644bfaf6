/**
 * The crash test of invariants 1 and 2: while 500 people are provisioned and 100 of them change, a worker is killed
 * with SIGKILL every second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEntry } from '../../sandbox/scim-target/journal.ts';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, mailOf, personLdif, uids } from '../support/people.ts';
import type { Process } from '../support/processes.ts';

const PEOPLE = uids(500);
const CHANGED = PEOPLE.slice(0, 100);
const WORKERS = 3;
const LEAST_KILLS = 8;

let installation: InstallationUnderTest;

beforeAll(async () => {
  installation = await startInstallation({
    directory: { ldif: PEOPLE.map((uid) => personLdif(uid)).join('') },
    // Two accounts of one name would be accepted: nothing but our own care keeps them apart.
    sandbox: { unique: false },
    timeout: '1s',
    policy: '{ lease: 2s, retry: { base: 100ms, longest: 2s }, guard: { atLeast: 5 } }',
  });
  await installation.sandbox.fault({ kind: 'latency', milliseconds: 30, path: '/Users' });
});
afterAll(async () => {
  await installation.stop();
});

test('500 people, a worker killed every second: nobody lost, no account twice, no two writers at once', async () => {
  const { sandbox, directory } = installation;
  const workers: Process[] = await Promise.all(
    Array.from({ length: WORKERS }, () => installation.startWorker()),
  );
  const changes = change(CHANGED);
  let kills = 0;
  while (kills < LEAST_KILLS || !(await isRight())) {
    await sleep(1_000);
    const victim = workers.shift();
    await victim?.end('SIGKILL');
    kills += 1;
    workers.push(await installation.startWorker());
    if (kills > 120) throw new Error('the workers do not get through');
  }
  await changes;
  await until('everybody is as the directory says', isRight, 60_000);

  const accounts = await sandbox.accounts();
  expect(accounts).toHaveLength(PEOPLE.length);
  expect(new Set(accounts.map(({ user }) => user.userName)).size).toBe(PEOPLE.length);
  expect(accounts.filter(({ user }) => user.active !== true)).toEqual([]);
  const names = new Map(accounts.map(({ id, user }) => [id, String(user.userName)]));
  const journal = await sandbox.journal();
  // Also a request whose sender was killed is over by now, so that every write can be compared.
  expect(journal.filter(({ answeredAt }) => answeredAt === null)).toEqual([]);
  expect(overlaps(journal, names)).toEqual([]);
  expect((await directory.read(dnOf(CHANGED[0] ?? ''))).sn).toEqual(['Lovelace']);

  async function isRight(): Promise<boolean> {
    const all = await sandbox.accounts();
    const surnames = new Map(
      all.map(({ user }) => [user.userName, (user.name as { familyName: string }).familyName]),
    );
    return (
      all.length >= PEOPLE.length &&
      PEOPLE.every((uid) => surnames.get(mailOf(uid)) === (CHANGED.includes(uid) ? 'Lovelace' : 'Byron'))
    );
  }
}, 300_000);

async function change(people: readonly string[]): Promise<void> {
  for (const uid of people) {
    await installation.directory.modify(dnOf(uid), { replace: { sn: 'Lovelace' } });
    await sleep(20);
  }
}

type Write = { readonly who: string; readonly from: number; readonly to: number };

/** Pairs of writes about one person of which the second began before the first was over. */
function overlaps(journal: readonly JournalEntry[], names: ReadonlyMap<string, string>): [Write, Write][] {
  const writes = journal.flatMap((entry): Write[] => {
    const { method, path, body, receivedAt, answeredAt } = entry;
    if (answeredAt === null) return [];
    const span = { from: Date.parse(receivedAt), to: Date.parse(answeredAt) };
    if (method === 'PATCH') return [{ who: names.get(path.split('/').at(-1) ?? '') ?? path, ...span }];
    const created = (body as { userName?: string } | null)?.userName;
    return method === 'POST' && created !== undefined ? [{ who: created, ...span }] : [];
  });
  const found: [Write, Write][] = [];
  const last = new Map<string, Write>();
  for (const write of writes.sort((a, b) => a.from - b.from)) {
    const before = last.get(write.who);
    if (before !== undefined && write.from < before.to) found.push([before, write]);
    last.set(write.who, write);
  }
  return found;
}

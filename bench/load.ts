/**
 * How fast a first load goes, against a bare keep-alive client that sends the same requests to the same target at the
 * same concurrency: everything else that Landbridge does, in Redis and by itself, is what is lost. Real Redis, real
 * queues, one worker process, a sandbox target with 20 ms latency and no limit. The people come in rounds, in which the
 * two take turns, and the ratio is the median of the rounds': a machine that is busy with other work is busy for both.
 *
 *   npm run bench:load -- 10000
 */
import { Pool } from 'undici';
import type { Context } from '../app/context.ts';
import { personKey } from '../app/person/anchor.ts';
import { markDue } from '../app/sync/announce.ts';
import { absorbEntry } from '../app/sync/reading/absorb.ts';
import type { JournalEntry } from '../sandbox/scim-target/journal.ts';
import { until } from '../sandbox/until.ts';
import { startProvisionWorkers } from '../workers/provision-worker.ts';
import { report } from './report.ts';
import { type BenchStage, CONCURRENCY, personNumber, SIGN_IN, setStage, timed } from './stage.ts';

const people = Number(process.argv[2] ?? 10_000);
const LATENCY_MS = 20;
const ROUND = 1_000;

type Round = { requests: number; ours: number; bare: number; cpuMs: number };

const stage = await setStage();
try {
  await stage.control.fault({ kind: 'latency', milliseconds: LATENCY_MS });
  const rounds: Round[] = [];
  for (let start = 0; start < people; start += ROUND) {
    rounds.push(await round(start, Math.min(people, start + ROUND), stage));
  }
  const ratios = rounds.map(({ ours, bare }) => bare / ours).sort((one, other) => one - other);
  const [least = 0, median = 0, most = 0] = [0, ratios.length >> 1, ratios.length - 1].map((n) => ratios[n]);
  const cpuMs = total(rounds, 'cpuMs') / people;
  await report('load', people, [
    { ...row('a bare client, the same requests', rounds, 'bare'), ratio: 1 },
    {
      ...row('Landbridge', rounds, 'ours'),
      ratio: Number(median.toFixed(2)),
      rounds: `${least.toFixed(2)} to ${most.toFixed(2)}`,
      cpuMsPerPerson: Number(cpuMs.toFixed(2)),
    },
  ]);
} finally {
  await stage.strike();
}

function total(rounds: readonly Round[], what: keyof Round): number {
  return rounds.reduce((sum, round) => sum + round[what], 0);
}

function row(what: string, rounds: readonly Round[], whose: 'ours' | 'bare') {
  const requests = total(rounds, 'requests');
  const seconds = total(rounds, whose);
  return { what, requests, seconds: Number(seconds.toFixed(2)), perSecond: Math.round(requests / seconds) };
}

async function round(start: number, end: number, { context, control, scim }: BenchStage): Promise<Round> {
  await makeDue(start, end, context);
  await control.clearJournal();
  const before = process.cpuUsage();
  const workers = startProvisionWorkers('agileplace', context, new AbortController().signal);
  const ours = await timed(() => everybodyProvisioned(context));
  const { user, system } = process.cpuUsage(before);
  await Promise.all(workers.map((worker) => worker.close()));
  const journal = await control.journal();
  await control.clearAccounts();
  const bare = await timed(() => sendAll(journal, scim));
  await control.clearAccounts();
  return { requests: journal.length, ours, bare, cpuMs: (user + system) / 1000 };
}

async function makeDue(start: number, end: number, { reading }: Context): Promise<void> {
  for (let n = start; n < end; n += 1) {
    const entry = personNumber(n);
    await absorbEntry('hr', entry, reading);
    await markDue(personKey('hr', entry.stableId), { lane: 'bulk' }, reading);
  }
}

async function everybodyProvisioned(context: Context): Promise<void> {
  const isDone = async () => (await context.stores.due.count('agileplace')) === 0;
  await until('everybody is provisioned', isDone, 30 * 60_000);
}

/** The same requests in the same order, by as many senders, and nothing else. */
async function sendAll(journal: readonly JournalEntry[], scim: string): Promise<void> {
  const pool = new Pool(new URL(scim).origin, { connections: CONCURRENCY });
  const authorization = `Basic ${Buffer.from(`${SIGN_IN.user}:${SIGN_IN.password}`).toString('base64')}`;
  const waiting = [...journal].reverse();
  const sender = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const body = next.body === null ? null : JSON.stringify(next.body);
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await pool.request({
        method: next.method as 'GET' | 'POST',
        path: next.path,
        headers,
        body,
      });
      await answer.body.text();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  await pool.close();
}

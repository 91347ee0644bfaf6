/**
 * How fast a first load goes, against a bare keep-alive client that sends the same requests to the same target at the
 * same concurrency: everything else that Landbridge does, in Redis and by itself, is what is lost. Real Redis, real
 * queues, one worker process, a sandbox target with 20 ms latency and no limit. The people come in rounds, and the two
 * take turns, so that a machine that is busy with other work is busy for both.
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
import { type BenchStage, CONCURRENCY, personNumber, report, SIGN_IN, setStage, timed } from './stage.ts';

const people = Number(process.argv[2] ?? 10_000);
const LATENCY_MS = 20;
const ROUND = 2_000;

type Sum = { requests: number; ours: number; bare: number; cpu: number };

const stage = await setStage();
try {
  await stage.control.fault({ kind: 'latency', milliseconds: LATENCY_MS });
  const sum: Sum = { requests: 0, ours: 0, bare: 0, cpu: 0 };
  for (let start = 0; start < people; start += ROUND) {
    await round(start, Math.min(people, start + ROUND), sum, stage);
  }
  await report('load', people, [
    row('a bare client, the same requests', sum.requests, sum.bare, sum.bare),
    {
      ...row('Landbridge', sum.requests, sum.ours, sum.bare),
      cpuMsPerPerson: Number((sum.cpu / people).toFixed(2)),
    },
  ]);
} finally {
  await stage.strike();
}

function row(what: string, requests: number, seconds: number, bare: number) {
  const perSecond = Math.round(requests / seconds);
  const ratio = Number((bare / seconds).toFixed(2));
  return { what, requests, seconds: Number(seconds.toFixed(2)), perSecond, ratio };
}

async function round(start: number, end: number, sum: Sum, { context, control, scim }: BenchStage) {
  await makeDue(start, end, context);
  await control.clearJournal();
  const before = process.cpuUsage();
  const workers = startProvisionWorkers('agileplace', context, new AbortController().signal);
  sum.ours += await timed(() => everybodyProvisioned(context));
  const { user, system } = process.cpuUsage(before);
  sum.cpu += (user + system) / 1000;
  await Promise.all(workers.map((worker) => worker.close()));
  const journal = await control.journal();
  sum.requests += journal.length;
  await control.clearAccounts();
  sum.bare += await timed(() => sendAll(journal, scim));
  await control.clearAccounts();
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

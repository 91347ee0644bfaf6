/**
 * How fast a first load goes, against a bare keep-alive client that sends the same requests to the same target at the
 * same concurrency: everything else that Landbridge does, in Redis and by itself, is what is lost. Real Redis, real
 * queue, one worker, a sandbox target with 20 ms latency and no limit.
 *
 *   npm run bench:load -- 2000
 */
import { Pool } from 'undici';
import type { Context } from '../app/context.ts';
import { personKey } from '../app/person/anchor.ts';
import { markDue } from '../app/sync/announce.ts';
import { absorbEntry } from '../app/sync/reading/absorb.ts';
import type { JournalEntry } from '../sandbox/scim-target/journal.ts';
import { until } from '../sandbox/until.ts';
import { startProvisionWorker } from '../workers/provision-worker.ts';
import { CONCURRENCY, personNumber, report, SIGN_IN, setStage, timed } from './stage.ts';

const people = Number(process.argv[2] ?? 2_000);
const LATENCY_MS = 20;

const stage = await setStage();
try {
  await makeDue(stage.context);
  await stage.control.fault({ kind: 'latency', milliseconds: LATENCY_MS });
  const ours = await timed(() => provisionAll(stage.context));
  const journal = await stage.control.journal();
  await stage.control.clearAccounts();
  const bare = await timed(() => sendAll(journal, stage.scim));
  await report('load', people, [
    row('a bare client, the same requests', journal, bare, bare),
    row('Landbridge', journal, ours, bare),
  ]);
} finally {
  await stage.strike();
}

function row(what: string, journal: readonly JournalEntry[], seconds: number, bare: number) {
  const perSecond = Math.round(journal.length / seconds);
  const ratio = Number((bare / seconds).toFixed(2));
  return { what, requests: journal.length, seconds: Number(seconds.toFixed(2)), perSecond, ratio };
}

async function makeDue({ reading }: Context): Promise<void> {
  for (let n = 0; n < people; n += 1) {
    const entry = personNumber(n);
    await absorbEntry('hr', entry, reading);
    await markDue(personKey('hr', entry.stableId), 'hr', { lane: 'bulk' }, reading);
  }
}

async function provisionAll(context: Context): Promise<void> {
  const worker = startProvisionWorker('agileplace', context, new AbortController().signal);
  const isDone = async () => (await context.stores.due.count('agileplace')) === 0;
  await until('everybody is provisioned', isDone, 30 * 60_000);
  await worker.close();
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

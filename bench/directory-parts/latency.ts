/**
 * From a change in the directory to the request at the target: a worker process as in production, the sandbox target in
 * its own. The target's journal says when the request came; the clock starts when the change is sent to the directory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory } from '../../sandbox/directory/slapd.ts';
import type { BenchStage } from '../stage.ts';
import { setDirectoryStage } from './installed.ts';
import { dnOf } from './people.ts';

const CHANGES = 40;
const NO_SWEEPS = '1d';

export type Latency = { readonly what: string; readonly p50Ms: number; readonly p95Ms: number };

export async function measureLatencies(directory: Directory, people: number): Promise<readonly Latency[]> {
  return [
    await measured('by polls each second', directory, people, `{ every: 1s, sweepEvery: ${NO_SWEEPS} }`),
    await measured(
      'by push, polls each hour',
      directory,
      people,
      `{ every: 1h, sweepEvery: ${NO_SWEEPS}, push: true }`,
    ),
  ];
}

async function measured(what: string, directory: Directory, people: number, poll: string): Promise<Latency> {
  const stage = await setDirectoryStage(directory, poll);
  try {
    await stage.context.start();
    await stage.startWorker();
    await settled(stage, people);
    const waits = await waitsFor(directory, people, stage);
    const at = (share: number) => Math.round(waits[Math.ceil(waits.length * share) - 1] ?? Number.NaN);
    return { what: `change to request, ${what}`, p50Ms: at(0.5), p95Ms: at(0.95) };
  } finally {
    await stage.strike();
  }
}

/** Everybody has an account, and nothing is left to do. */
async function settled({ control, context }: BenchStage, people: number): Promise<void> {
  for (;;) {
    await sleep(500);
    const due = await context.stores.due.count('agileplace');
    if (due === 0 && (await control.accounts()).length >= people) break;
  }
  // A listener begins after the first sweep at the latest.
  await sleep(6_000);
  await control.clearJournal();
}

async function waitsFor(directory: Directory, people: number, { control }: BenchStage): Promise<number[]> {
  const sent = new Map<string, number>();
  for (let n = 0; n < CHANGES; n += 1) {
    const sn = `Changed ${n} ${Date.now()}`;
    sent.set(sn, Date.now());
    await directory.modify(dnOf(n % people), { replace: { sn } });
    // Not in step with the polls.
    await sleep(300 + ((n * 137) % 1_000));
  }
  await sleep(3_000);
  const journal = await control.journal();
  const waits = [...sent].map(([sn, at]) => {
    const request = journal.find(({ method, body }) => method !== 'GET' && JSON.stringify(body).includes(sn));
    if (request === undefined) throw new Error('a change did not reach the target');
    return Date.parse(request.receivedAt) - at;
  });
  return waits.sort((a, b) => a - b);
}

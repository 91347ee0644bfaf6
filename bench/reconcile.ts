/**
 * What a comparison of everybody costs where nothing has changed: requests to the target against the pages there are,
 * writes, and time against listing the same pages with nothing else to do. Real Redis, the sandbox target, everybody
 * linked.
 *
 *   npm run bench:reconcile            20,000 and 100,000 people
 *   npm run bench:reconcile -- 5000
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../app/context.ts';
import { reconcile } from '../app/sync/reconciling/reconcile.ts';
import { report } from './report.ts';
import { linkEverybody, setStage, timed } from './stage.ts';

const SIZES = process.argv[2] === undefined ? [20_000, 100_000] : [Number(process.argv[2])];
const PAGE = 200;
/** The goal: so many requests for N people. */
const allowed = (people: number) => Math.ceil(people / PAGE) + 5;
const never = new AbortController().signal;

for (const people of SIZES) await report(`reconcile-${people}`, people, await measured(people));

async function measured(people: number): Promise<readonly object[]> {
  const stage = await setStage();
  try {
    await linkEverybody(people, stage);
    const { context, control } = stage;
    const listing = await timed(() => listOnly(context));
    await control.clearJournal();
    const before = process.cpuUsage();
    const comparing = await timed(() => compareAll(people, context));
    const { user, system } = process.cpuUsage(before);
    const journal = await control.journal();
    return [
      { what: 'allowed', requests: allowed(people), writes: 0 },
      { what: 'listing alone', seconds: Number(listing.toFixed(2)), ratio: 1 },
      {
        what: 'comparison',
        requests: journal.length,
        writes: journal.filter(({ method }) => method !== 'GET').length,
        seconds: Number(comparing.toFixed(2)),
        ratio: Number((comparing / listing).toFixed(1)),
        cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
        peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      },
    ];
  } finally {
    await stage.strike();
  }
}

async function listOnly(context: Context): Promise<void> {
  const call = {
    signal: never,
    lane: 'bulk',
    beforeRequest: async () => {},
    waitUntil: async () => {},
  } as const;
  for await (const item of context.target('agileplace').list(call)) {
    if (item.kind === 'end' && !item.complete) throw new Error(item.problem);
  }
}

async function compareAll(people: number, context: Context): Promise<void> {
  const run = await reconcile(context.target('agileplace'), randomUUID(), context.reconciling, never);
  if (run?.state !== 'ok' || run.counts.asWanted !== people) throw new Error(JSON.stringify(run));
}

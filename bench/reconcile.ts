/**
 * What a comparison of everybody costs where nothing has changed: requests to the target against the pages there are,
 * writes, and time against listing the same pages with nothing else to do. Real Redis, the sandbox target, everybody
 * linked.
 *
 *   npm run bench:reconcile -- 20000
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../app/context.ts';
import { personKey } from '../app/person/anchor.ts';
import { absorbEntry } from '../app/sync/reading/absorb.ts';
import { reconcile } from '../app/sync/reconciling/reconcile.ts';
import type { ControlClient } from '../sandbox/scim-target/control-client.ts';
import { personNumber, report, setStage, timed } from './stage.ts';

const people = Number(process.argv[2] ?? 20_000);
const PAGE = 200;
const SEED_BATCH = 1_000;
const never = new AbortController().signal;

const stage = await setStage();
try {
  await linkEverybody(stage.context, stage.control);
  const { context, control } = stage;
  await control.clearJournal();
  const listing = await timed(() => listOnly(context));
  await control.clearJournal();
  const comparing = await timed(() => compareAll(context));
  const journal = await control.journal();
  await report('reconcile', people, [
    { what: 'pages there are', requests: Math.ceil(people / PAGE) },
    { what: 'listing alone', seconds: Number(listing.toFixed(2)), ratio: 1 },
    {
      what: 'comparison',
      requests: journal.length,
      writes: journal.filter(({ method }) => method !== 'GET').length,
      seconds: Number(comparing.toFixed(2)),
      ratio: Number((comparing / listing).toFixed(1)),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    },
  ]);
} finally {
  await stage.strike();
}

async function linkEverybody({ reading, stores }: Context, control: ControlClient): Promise<void> {
  for (let start = 0; start < people; start += SEED_BATCH) {
    const entries = Array.from({ length: Math.min(SEED_BATCH, people - start) }, (_, n) =>
      personNumber(start + n),
    );
    const users = entries.map(({ stableId }) => ({
      userName: `${stableId}@example.test`,
      externalId: stableId,
      active: true,
      name: { familyName: 'Byron' },
    }));
    const accounts = await control.seedAll(users);
    for (const [index, entry] of entries.entries()) {
      await absorbEntry('hr', entry, reading);
      const key = personKey('hr', entry.stableId);
      const lease = await stores.leases.acquire(`write:agileplace:${key}`, 60_000);
      const user = users[index];
      const id = accounts[index]?.id;
      if (lease === null || user === undefined || id === undefined) throw new Error('not seeded');
      const at = new Date().toISOString();
      const link = { target: 'agileplace', key, id, madeBy: 'created', madeAt: at, confirmedAt: at } as const;
      await stores.links.put({ ...link, desired: user, echo: user, certain: true }, lease);
      await stores.leases.release(lease);
    }
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

async function compareAll(context: Context): Promise<void> {
  const run = await reconcile(context.target('agileplace'), randomUUID(), context.reconciling, never);
  if (run?.state !== 'ok' || run.counts.asWanted !== people) throw new Error(JSON.stringify(run));
}

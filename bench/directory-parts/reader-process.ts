/**
 * The process that reads in `bench:directory`, so that its memory is its own: does what it is told over the channel to
 * its parent and answers with what that took. Everything real but the target, which is never reached.
 */
import { randomUUID } from 'node:crypto';
import { createBell } from '../../app/queue/bell.ts';
import { createQueues } from '../../app/queue/queues.ts';
import { createLdapSource } from '../../app/sources/ldap/index.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createStores } from '../../app/store/stores.ts';
import { type ReadDeps, readSource } from '../../app/sync/reading/read-source.ts';
import type { Signals } from '../../app/sync/signals.ts';
import { benchMapping } from './mapping.ts';
import type { Answer, Order, Setting } from './reader.ts';

const setting = JSON.parse(process.argv[2] ?? '') as Setting;
const never = new AbortController().signal;
const silent: Signals = {
  alert: ({ kind }) => console.error(`alert: ${kind}`),
  applied: () => {},
  groupApplied: () => {},
  held: () => {},
  targetResumed: () => {},
  mappingWarning: () => {},
  trackingChanged: () => {},
  runEnded: () => {},
};

const redis = connect(setting.redisUrl);
const queues = createQueues(redis, setting.prefix, ['agileplace'], [], () => {});
const now = () => new Date();
const names = { targets: ['agileplace'], sources: ['corp'] };
const deps: ReadDeps = {
  ...createStores(createStore(redis, setting.prefix), names, { firstMs: 1, longestMs: 1 }, now),
  mappings: [benchMapping()],
  groupMappings: [],
  bell: createBell(queues, 1),
  guard: { share: 0.1, atLeast: 5, windowMs: 3_600_000, holdForMs: 604_800_000 },
  signals: silent,
  leaseMs: 60_000,
  now,
  newId: randomUUID,
};
const source = createLdapSource({ ...setting.source, password: () => setting.password, now });

async function obey(order: Order): Promise<void> {
  if (order === 'read') {
    for await (const item of source.read({ since: null, everyone: true }, never)) {
      if (item.kind === 'end' && !item.complete) throw new Error(item.problems.join('; '));
    }
    return;
  }
  const run = await readSource(source, order, deps, never);
  if (run?.state !== 'ok') throw new Error(`the read is ${run?.state}: ${run?.reason}`);
}

process.on('message', (order: Order) => {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  obey(order).then(
    () => {
      const { user, system } = process.cpuUsage(before);
      const answer: Answer = {
        seconds: (performance.now() - startedAt) / 1000,
        cpuSeconds: (user + system) / 1e6,
        peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      process.send?.(answer);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

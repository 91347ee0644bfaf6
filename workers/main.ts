/**
 * Worker process: takes work from the queues until it is told to stop. On SIGTERM it takes nothing new, breaks reads
 * off, lets running writes finish, and hands back what takes too long.
 */
import { setMaxListeners } from 'node:events';
import type { Worker } from 'bullmq';
import { begin, endOnSignal, GRACE_MS } from '../app/begin.ts';
import { configFile } from '../app/config/index.ts';
import { createContext } from '../app/context.ts';
import { startProvisionWorkers } from './provision-worker.ts';
import { startReconcileWorker } from './reconcile-worker.ts';
import { watchSource } from './source-watch.ts';
import { startSourceWorker } from './source-worker.ts';
import { startTimersWorker } from './timers-worker.ts';
import { startUpkeepWorker } from './upkeep-worker.ts';

const { installation, redisUrl, log } = begin('worker', configFile(process.env), process.env);
const context = createContext(installation, redisUrl, log);
const stopReading = new AbortController();
const stopWriting = new AbortController();
// Every request and every wait listens to it, for as long as it takes; Node.js takes more than ten for a leak.
setMaxListeners(0, stopWriting.signal);
await context.start();

const workers: Worker[] = [
  ...context.sources.map((source) => startSourceWorker(source, context, stopReading.signal)),
  ...context.targetNames.flatMap((name) => startProvisionWorkers(name, context, stopWriting.signal)),
  ...context.targetNames.map((name) => startReconcileWorker(name, context, stopReading.signal)),
  startUpkeepWorker(context),
  startTimersWorker(context),
];
for (const worker of workers) {
  worker.on('error', (error) => log.warn({ queue: worker.name, err: error }, 'worker error'));
}
const {
  requestPoll,
  stores: { watches },
} = context;
const listeners = context.pushing.map((source) =>
  watchSource(source, { ...context.reading, watches, requestPoll, log }, stopReading.signal),
);
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
log.info({ targets: context.targetNames, sources: context.sources.map(({ name }) => name) }, 'working');

endOnSignal(log, async () => {
  stopReading.abort();
  const handBack = setTimeout(() => stopWriting.abort(), GRACE_MS);
  await Promise.all([...workers.map((worker) => worker.close()), ...listeners]);
  clearTimeout(handBack);
  await context.close();
});

/**
 * Records of runs: what was read, what came of it, and what waits for an operator. Kept for 30 days; held runs have
 * an index of their own, so that none is overlooked however many runs came after it.
 */
import type { Store } from './connection.ts';
import type { Run, Runs } from './ports/index.ts';

const RETENTION_SECONDS = 30 * 24 * 3600;
/** Runs in the list; a filtered list looks back as far. */
const LISTED = 5_000;
const READ_BATCH = 100;

export function createRuns(store: Store): Runs {
  const { redis, key } = store;
  const byTime = key('runs');
  const held = key('runs-held');
  const runKey = (id: string) => key('run', id);
  return {
    async put(run) {
      const startedAt = Date.parse(run.startedAt);
      const write = redis
        .multi()
        .zadd(byTime, startedAt, run.id)
        .zremrangebyrank(byTime, 0, -LISTED - 1);
      if (run.state === 'held') write.set(runKey(run.id), JSON.stringify(run)).zadd(held, startedAt, run.id);
      else write.set(runKey(run.id), JSON.stringify(run), 'EX', RETENTION_SECONDS).zrem(held, run.id);
      await write.exec();
    },
    async get(id) {
      const text = await redis.get(runKey(id));
      return text === null ? null : (JSON.parse(text) as Run);
    },
    async list(filter) {
      const ids = await redis.zrevrange(filter.state === 'held' ? held : byTime, 0, LISTED - 1);
      const found: Run[] = [];
      for (let start = 0; start < ids.length && found.length < filter.limit; start += READ_BATCH) {
        const texts = await redis.mget(...ids.slice(start, start + READ_BATCH).map(runKey));
        const runs = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Run]));
        found.push(...runs.filter((run) => fits(run, filter)));
      }
      return found.slice(0, filter.limit);
    },
  };
}

function fits(run: Run, filter: Parameters<Runs['list']>[0]): boolean {
  return (
    (filter.state === undefined || run.state === filter.state) &&
    (filter.kind === undefined || run.kind === filter.kind) &&
    (filter.source === undefined || run.source === filter.source)
  );
}

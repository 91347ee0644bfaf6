/**
 * Records of runs: what was read, what came of it, and what waits for an operator. Kept for 30 days; held runs have
 * an index of their own, so that none is overlooked however many runs came after it, and of each target one guard run
 * at most is held.
 */
import type { Store } from './connection.ts';
import { holdKey } from './holds.ts';
import type { Run, Runs } from './ports/index.ts';
import { script } from './script.ts';

const RETENTION_SECONDS = 30 * 24 * 3600;
/** Runs in the list; a filtered list looks back as far. */
const LISTED = 5_000;
const READ_BATCH = 100;

// KEYS: the run, the list by time, the held ones; whatever a script needs beside them follows. ARGV: id, record, when it
// began, whether it is held; whatever it needs beside them follows.
const STORE = `
local function store()
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -${LISTED} - 1)
  if ARGV[4] == '1' then
    redis.call('SET', KEYS[1], ARGV[2])
    redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
  else
    redis.call('SET', KEYS[1], ARGV[2], 'EX', ${RETENTION_SECONDS})
    redis.call('ZREM', KEYS[3], ARGV[1])
  end
end
`;

const put = script(`${STORE}
store()
return 1
`);

const replace = script(`${STORE}
if redis.call('GET', KEYS[1]) ~= ARGV[5] then return 0 end
store()
return 1
`);

const end = script(`${STORE}
if redis.call('HLEN', KEYS[4]) > 0 then return 0 end
store()
return 1
`);

/** One that is held is kept without end, and stays so. */
const keep = script(`
if redis.call('TTL', KEYS[1]) < 0 then return 0 end
return redis.call('EXPIRE', KEYS[1], ${RETENTION_SECONDS})
`);

const openGuard = script(`${STORE}
local current = redis.call('HGET', KEYS[4], ARGV[5])
local known = current and redis.call('GET', ARGV[6] .. current)
if known and cjson.decode(known).state == 'held' then return known end
store()
redis.call('HSET', KEYS[4], ARGV[5], ARGV[1])
return ARGV[2]
`);

export function createRuns(store: Store): Runs {
  const { redis, key } = store;
  const byTime = key('runs');
  const held = key('runs-held');
  const runKey = (id: string) => key('run', id);
  const keysOf = (run: Run) => [runKey(run.id), byTime, held];
  const argsOf = (run: Run) => [
    run.id,
    JSON.stringify(run),
    Date.parse(run.startedAt) || 0,
    run.state === 'held' ? 1 : 0,
  ];
  return {
    async put(run) {
      await put(redis, keysOf(run), argsOf(run));
    },
    async replace(before, after) {
      return (await replace(redis, keysOf(after), [...argsOf(after), JSON.stringify(before)])) === 1;
    },
    async end(ended) {
      return (await end(redis, [...keysOf(ended), holdKey(store, ended.id)], argsOf(ended))) === 1;
    },
    async openGuard(run) {
      const keys = [...keysOf(run), key('guard-runs')];
      const text = await openGuard(redis, keys, [...argsOf(run), run.target, runKey('')]);
      return JSON.parse(String(text)) as Run;
    },
    async keep(id) {
      await keep(redis, [runKey(id)], []);
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

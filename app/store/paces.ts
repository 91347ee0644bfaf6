/**
 * How many requests at once each process lets go to each target: a hash for each target, a field for each process.
 * Only told, never obeyed; a process that has not told for a while has nothing to send, or is no more.
 */
import type { Store } from './connection.ts';
import type { Paces } from './ports/index.ts';
import { script } from './script.ts';

/** Longer than most windows of a request limit: a process that waits for the next one is still there. */
const FORGOTTEN_AFTER_MS = 300_000;

// A process that is restarted comes back under another name.
const tell = script(`
local now = tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. '@' .. ARGV[3])
local told = redis.call('HGETALL', KEYS[1])
for i = 1, #told, 2 do
  if now - tonumber(told[i + 1]:match('@(.+)')) >= ${FORGOTTEN_AFTER_MS} then redis.call('HDEL', KEYS[1], told[i]) end
end
return 1
`);

export function createPaces(store: Store, now: () => Date): Paces {
  const { redis } = store;
  const paceKey = (target: string) => store.key('pace', target);
  return {
    async tell(target, process, requests) {
      await tell(redis, [paceKey(target)], [process, requests, now().getTime()]);
    },
    async view(target) {
      const told = Object.values(await redis.hgetall(paceKey(target))).flatMap((text) => {
        const [requests = 0, at = 0] = text.split('@').map(Number);
        return now().getTime() - at < FORGOTTEN_AFTER_MS ? [requests] : [];
      });
      return told.length === 0 ? null : told.reduce((sum, requests) => sum + requests, 0);
    },
  };
}

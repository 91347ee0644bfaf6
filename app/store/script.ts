/** A Lua script that Redis runs as one step, sent by its digest once Redis has it. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LeaseLost } from '../errors.ts';

export type Script = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Prepares a script. Its `LEASE_LOST` error reply becomes the LeaseLost exception. */
export function script(lua: string): Script {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      if (message.includes('NOSCRIPT')) return await runFirst(redis, lua, keys, args);
      throw translated(error, message);
    }
  };
}

async function runFirst(
  redis: Redis,
  lua: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.eval(lua, keys.length, ...keys, ...args);
  } catch (error) {
    throw translated(error, error instanceof Error ? error.message : '');
  }
}

function translated(error: unknown, message: string): unknown {
  return message.includes('LEASE_LOST') ? new LeaseLost('the lease has passed to another process') : error;
}

/** First lines of each script that may only run for the holder of a lease: KEYS[1] is the lease, ARGV[1] its value. */
export const ONLY_FOR_LEASE_HOLDER = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('LEASE_LOST') end
`;

/** Takes fields out of a hash, each unless its value is another one by now: KEYS[1], then field, value, field, value … */
export const removeUnchanged = script(`
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1
`);

/** Everything that a Redis holds, as one text: for tests that look for what must not be there. */
import type { Redis } from 'ioredis';

type RedisContents = { readonly text: string; readonly types: ReadonlySet<string> };

/** @throws Error where a value has a type that is not looked into */
export async function redisContents(redis: Redis): Promise<RedisContents> {
  const types = new Set<string>();
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    // It was there a moment ago and has run out since.
    if (type === 'none') continue;
    types.add(type);
    texts.push(`${key} ${JSON.stringify(await contentOf(redis, key, type))}`);
  }
  return { text: texts.join('\n'), types };
}

async function contentOf(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'string':
      return await redis.get(key);
    case 'hash':
      return await redis.hgetall(key);
    case 'list':
      return await redis.lrange(key, 0, -1);
    case 'set':
      return await redis.smembers(key);
    case 'zset':
      return await redis.zrange(key, '0', '-1');
    case 'stream':
      return await redis.xrange(key, '-', '+');
    default:
      throw new Error(`${key} is a ${type}, which is not looked into`);
  }
}

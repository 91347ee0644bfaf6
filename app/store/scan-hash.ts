/** Walks through a large hash without holding Redis up. */
import type { Redis } from 'ioredis';

const BATCH = 500;

/** Fields and values, in no order, in batches; what is there all the time comes at least once, and may come twice. */
export async function* scanHash(
  redis: Redis,
  name: string,
): AsyncGenerator<[field: string, value: string][]> {
  let cursor = '0';
  do {
    const [next, flat] = await redis.hscan(name, cursor, 'COUNT', BATCH);
    cursor = next;
    const pairs: [string, string][] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? '']);
    yield pairs;
  } while (cursor !== '0');
}

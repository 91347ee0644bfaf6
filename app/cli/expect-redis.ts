/** Whether Redis answers, for a command that ends; what runs on and on rightly waits for Redis instead. */
import { Redis } from 'ioredis';
import { redisRefusal } from '../redis-words.ts';
import { CannotStart } from './cannot-start.ts';

/** Asks once. @throws CannotStart with why it cannot be used */
export async function expectRedis(url: string): Promise<void> {
  const probe = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let refused: string | null = null;
  probe.on('error', (error: Error) => {
    refused ??= redisRefusal(error);
  });
  try {
    await probe.ping();
  } catch (error) {
    const refusal = refused ?? (error instanceof Error ? redisRefusal(error) : null);
    throw new CannotStart(refusal ?? 'Redis does not answer. Check REDIS_URL, and that it runs.');
  } finally {
    probe.disconnect();
  }
}

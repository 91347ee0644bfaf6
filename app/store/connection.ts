/**
 * The connection to Redis, and what every store needs to find its keys.
 *
 * All keys share one hash tag, so that Redis Cluster keeps them in one slot and scripts may touch several at once.
 */
import { Redis } from 'ioredis';

export type Store = {
  readonly redis: Redis;
  /** Full key name: `key('links', 'agileplace')` is `{landbridge}:links:agileplace`. */
  readonly key: (...parts: readonly string[]) => string;
};

/**
 * Lets the commands of one turn of the event loop leave in one write. Many people are served at once, each with some
 * thirty commands, and a write of its own for each of them cost more of the processor than all the rest.
 */
class WritingTogether extends Redis {
  #waiting = false;

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    this.#hold();
    return super.sendCommand(...args);
  }

  #hold(): void {
    const stream: Redis['stream'] | undefined = this.stream;
    if (this.#waiting || stream === undefined) return;
    this.#waiting = true;
    stream.cork();
    process.nextTick(() => {
      this.#waiting = false;
      stream.uncork();
    });
  }
}

/** Opens a connection that waits for Redis to come back rather than failing, as long as the process runs. */
export function connect(url: string): Redis {
  return new WritingTogether(url, {
    // BullMQ's workers need this; for us it means that a restart of Redis is waited for.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
}

/** @param prefix the installation's own word, so that several can share one Redis */
export function createStore(redis: Redis, prefix: string): Store {
  return { redis, key: (...parts) => [`{${prefix}}`, ...parts].join(':') };
}

/**
 * What is wrong with the server's settings, in words for an operator; empty where all is well. Never throws:
 * a managed Redis may forbid CONFIG.
 */
export async function settingsProblems(redis: Redis): Promise<readonly string[]> {
  const problems: string[] = [];
  const setting = async (name: string): Promise<string | null> => {
    try {
      const answer = await redis.config('GET', name);
      return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
    } catch {
      return null;
    }
  };
  const policy = await setting('maxmemory-policy');
  if (policy !== null && policy !== 'noeviction') {
    problems.push(`maxmemory-policy is ${policy}: Redis may throw away queued work. Set it to noeviction.`);
  }
  const appendOnly = await setting('appendonly');
  if (appendOnly === 'no') {
    problems.push(
      'appendonly is off: work accepted in the last minutes is lost when Redis stops. Set it to yes.',
    );
  }
  return problems;
}

/**
 * What an operator is told of a failing connection to Redis: whether it cannot be reached, which passes by itself, or
 * refuses us, which does not. Redis puts a code first in its replies (its protocol says so); nothing else is looked at.
 */

const REFUSALS: Readonly<Record<string, string>> = {
  WRONGPASS: 'redis refuses the user name or password of its address; check REDIS_URL or redis.url',
  NOAUTH: 'redis wants a password, and its address holds none; check REDIS_URL or redis.url',
  NOPERM:
    'redis does not allow this user what Landbridge needs; give it all commands on the keys of redis.prefix',
};

/** Words for the log; whatever is not a refusal is told as unreachable. Never quotes the error. */
export function redisTrouble(error: Error): string {
  return redisRefusal(error) ?? 'redis cannot be reached';
}

/** @returns null where Redis has not refused us */
export function redisRefusal(error: Error): string | null {
  const code = error.name === 'ReplyError' ? (/^[A-Z]+/.exec(error.message)?.[0] ?? '') : '';
  return REFUSALS[code] ?? null;
}

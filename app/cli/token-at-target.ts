/**
 * What the commands about tokens at a target have in common: the target of the configuration, over the Redis of the
 * installation, in which its request budget is. A failure that can be expected becomes a message.
 */
import type { TargetConfig } from '../config/index.ts';
import { SecretUnavailable } from '../config/index.ts';
import { createContext } from '../context.ts';
import { RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { Call, ScimTarget, TokensAtTarget } from '../scim/index.ts';
import type { Logger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { checkedInstallation } from './check-config.ts';
import { expectRedis } from './expect-redis.ts';

export type AtTarget = {
  readonly target: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly signal: AbortSignal;
};

const EXPECTED = [TargetUnusable, TargetUnavailable, RateLimited, Refused, SecretUnavailable];

const NO_REDIS =
  'This needs Redis, where the request budget of the target is, and REDIS_URL is not set. Set it to the Redis that Landbridge uses.';

/**
 * @param check says what is wrong with asking this of such a target, before anything is connected
 * @throws CannotStart with the reason why it cannot be done
 */
export async function atTarget<T>(
  { target, file, env, log, signal }: AtTarget,
  check: (config: TargetConfig) => string | null,
  work: (target: ScimTarget, call: Call) => Promise<T>,
  noRedis = NO_REDIS,
): Promise<T> {
  const installation = checkedInstallation(file, env);
  const { targets, redis } = installation.config;
  const config = targets[target];
  if (config === undefined) {
    throw new CannotStart(`There is no target ${target}. Known: ${Object.keys(targets).join(', ')}.`);
  }
  const problem = check(config);
  if (problem !== null) throw new CannotStart(problem);
  if (redis.url === undefined) throw new CannotStart(noRedis);
  await expectRedis(redis.url.reveal());
  const context = createContext(installation, redis.url.reveal(), log);
  try {
    return await work(context.target(target), { signal, lane: 'manual', beforeRequest: async () => {} });
  } catch (error) {
    throw isExpected(error) ? new CannotStart(error.message) : error;
  } finally {
    await context.close();
  }
}

/** @throws CannotStart where the target keeps no list of tokens */
export function tokensOf(target: ScimTarget): TokensAtTarget {
  if (target.tokens !== null) return target.tokens;
  throw new CannotStart(
    `Target ${target.name} shows no list of its tokens, as its profile says. Look for them where they were made.`,
  );
}

export function isExpected(error: unknown): error is Error {
  return EXPECTED.some((known) => error instanceof known);
}

/**
 * `landbridge token mint`: makes sure that a target's token is there before the first person is written, so that a
 * wrong password shows now. The token goes to where the configuration keeps it and is never printed.
 */
import { Redis } from 'ioredis';
import type { TargetConfig } from '../config/index.ts';
import { createContext } from '../context.ts';
import { RateLimited, TargetUnavailable, TargetUnusable } from '../errors.ts';
import { redisRefusal } from '../redis-words.ts';
import type { Logger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { checkedInstallation } from './check-config.ts';

type Mint = {
  readonly target: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly signal: AbortSignal;
};

const NO_REDIS = [
  'Minting needs Redis, so that only one process does it, and REDIS_URL is not set.',
  'A running landbridge dev (npm start) brings its own Redis and mints by itself before its first request to the target: nothing needs to be done.',
  'To mint by hand, set REDIS_URL to the Redis that Landbridge uses.',
].join(' ');

/** @returns a line for the operator. @throws CannotStart where no token can be had, with the reason */
export async function mintTargetToken({ target, file, env, log, signal }: Mint): Promise<string> {
  const installation = checkedInstallation(file, env);
  const { targets, redis } = installation.config;
  const place = tokenPlace(target, targets);
  if (redis.url === undefined) {
    throw new CannotStart(NO_REDIS);
  }
  await expectRedis(redis.url.reveal());
  const context = createContext(installation, redis.url.reveal(), log);
  try {
    await context.target(target).signIn({ signal, lane: 'interactive', beforeRequest: async () => {} });
    return `target ${target} has a token; it is kept ${place}`;
  } catch (error) {
    throw isExpected(error) ? new CannotStart(error.message) : error;
  } finally {
    await context.close();
  }
}

function isExpected(error: unknown): error is Error {
  return [TargetUnusable, TargetUnavailable, RateLimited].some((known) => error instanceof known);
}

function tokenPlace(name: string, targets: Readonly<Record<string, TargetConfig>>): string {
  const auth = targets[name]?.auth;
  if (auth === undefined) {
    throw new CannotStart(`There is no target ${name}. Known: ${Object.keys(targets).join(', ')}.`);
  }
  if (auth.kind !== 'minted') {
    throw new CannotStart(`Target ${name} mints no token: its auth.kind is ${auth.kind}. Set it to minted.`);
  }
  return auth.keep.kind === 'file' ? `in ${auth.keep.path}` : 'in Redis, encrypted';
}

/** Asked beforehand and once: a worker rightly waits for Redis for ever, a command must not. */
async function expectRedis(url: string): Promise<void> {
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

/**
 * What `plan`, `apply` and `adopt` have in common: the installation over its Redis, and failures that can be expected as
 * messages.
 */
import { SecretUnavailable } from '../config/index.ts';
import { type Context, createContext } from '../context.ts';
import { RateLimited, Refused, SourceUnavailable, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { Installation } from '../installation.ts';
import { planningDeps } from '../planning-deps.ts';
import type { ListCall } from '../scim/target.ts';
import type { Logger } from '../signals/log.ts';
import type { PlanDeps } from '../sync/planning/make-plan.ts';
import { WrongWish } from '../sync/planning/people.ts';
import { CannotStart } from './cannot-start.ts';
import { withRedisAtHand } from './redis-at-hand.ts';

export type PlanningCommand = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly stop: AbortSignal;
  /** Waits for nothing any more, not even for Redis. */
  readonly hurry?: AbortSignal;
  readonly write: (text: string) => void;
  /** For what goes on meanwhile. */
  readonly note: (line: string) => void;
};

/** Shorter waits are for answers that are under way, and come often. */
const WORTH_A_WORD_MS = 2_000;
const LAST_WORD_MS = 500;

const EXPECTED = [
  CannotStart,
  SourceUnavailable,
  TargetUnusable,
  TargetUnavailable,
  RateLimited,
  Refused,
  SecretUnavailable,
  WrongWish,
];

/**
 * @param tests whether failing tests of mappings keep it from being done; for whoever looks into them they do not
 * @throws CannotStart with why it cannot be done
 */
export async function withPlanning<T>(
  { file, env, log, stop, hurry }: Pick<PlanningCommand, 'file' | 'env' | 'log'> & Partial<PlanningCommand>,
  work: (deps: PlanDeps, context: Context) => Promise<T>,
  tests: 'count' | 'leave' = 'count',
): Promise<T> {
  const working = async (installation: Installation, url: string): Promise<T> => {
    const context = createContext(installation, url, log);
    const ended = endedAtOnce(hurry);
    try {
      return await Promise.race([planningDeps(context).then((deps) => work(deps, context)), ended]);
    } catch (error) {
      const isExpected = error instanceof Error && EXPECTED.some((known) => error instanceof known);
      if (isExpected) throw new CannotStart(error.message);
      throw stop?.aborted === true ? new CannotStart('Stopped before the end.') : error;
    } finally {
      await Promise.race([context.close(), ended]).catch(() => {});
      // What waits for Redis to come back would keep the process.
      context.redis.disconnect();
    }
  };
  return await withRedisAtHand(file, env, working, tests);
}

/** Rejects when somebody insists, once there was time for a last word. */
function endedAtOnce(hurry: AbortSignal | undefined): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    const end = () => setTimeout(() => reject(new CannotStart('Ended at once.')), LAST_WORD_MS);
    hurry?.addEventListener('abort', end, { once: true });
  });
  ended.catch(() => {});
  return ended;
}

/** Reads at the target, and waits where its request limit is spent. */
export function readingCall(
  { stop, note }: Pick<PlanningCommand, 'stop' | 'note'>,
  deps: PlanDeps,
): ListCall {
  return {
    signal: stop,
    lane: 'manual',
    beforeRequest: async () => {},
    waitUntil: async (until) => {
      const wait = Math.max(1, until.getTime() - deps.now().getTime());
      if (wait > WORTH_A_WORD_MS) note(`the request limit is spent; waiting until ${until.toISOString()}`);
      await deps.sleep(wait, stop);
    },
  };
}

/**
 * `landbridge check target`: holds a live target against its profile and prints where they differ, and what to do. It
 * goes through the same budget and credential as a worker, so it needs Redis; where REDIS_URL is not set it brings the
 * private one. Exit codes: 0 nothing differs, 2 something differs, 1 the target could not be asked to the end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createContext } from '../context.ts';
import { checkTarget, type TargetReport } from '../scim/index.ts';
import type { Logger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { describeCheck } from './check-target-table.ts';
import { withRedisAtHand } from './redis-at-hand.ts';
import type { Stopping } from './run-together.ts';

/** Shorter waits are for answers that are under way, and come often. */
const WORTH_A_WORD_MS = 2_000;

export type CheckTargetCommand = {
  readonly target: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  /** The first signal ends the asking, after which the throw-away account is removed; the second one ends that, too. */
  readonly stopping: Pick<Stopping, 'stop' | 'hurry'>;
  /** The domain of the throw-away account's name; null: nothing is written. */
  readonly userDomain: string | null;
  readonly json: boolean;
  readonly write: (text: string) => void;
  /** For what goes on meanwhile. */
  readonly note: (line: string) => void;
  /** Some letters and digits by chance. */
  readonly randomText: () => string;
};

/** @returns the exit code. @throws CannotStart with the reason, where nothing could be asked at all */
export async function checkTargetCommand(command: CheckTargetCommand): Promise<0 | 1 | 2> {
  return await withRedisAtHand(command.file, command.env, async (installation, url) => {
    const { targets } = installation.config;
    const { target, json, write } = command;
    const profile = targets[target]?.profile;
    if (profile === undefined) {
      throw new CannotStart(`There is no target ${target}. Known: ${Object.keys(targets).join(', ')}.`);
    }
    const report = await checkOver(createContext(installation, url, command.log), command);
    write(json ? asJson(target, profile, report) : describeCheck(target, profile, report));
    return exitCodeOf(report);
  });
}

async function checkOver(
  context: ReturnType<typeof createContext>,
  { target, stopping, userDomain, note, randomText }: CheckTargetCommand,
): Promise<TargetReport> {
  const callFor = (signal: AbortSignal) => ({
    signal,
    lane: 'manual' as const,
    beforeRequest: async () => {},
    waitUntil: async (until: Date) => {
      const wait = Math.max(0, until.getTime() - Date.now());
      if (wait > WORTH_A_WORD_MS) note(`the request limit is spent; waiting until ${until.toISOString()}`);
      await sleep(wait, undefined, { signal }).catch(() => {});
    },
  });
  try {
    return await checkTarget({
      target: context.targetOptions(target),
      write: userDomain === null ? null : { userDomain },
      call: callFor(stopping.stop),
      cleaningCall: callFor(stopping.hurry),
      nonce: `landbridge-check-${randomText()}`,
    });
  } finally {
    await context.close();
  }
}

/** Something is left or was not asked: that comes before what was found. */
function exitCodeOf({ findings, brokenOff, left }: TargetReport): 0 | 1 | 2 {
  if (brokenOff !== null || left.some(({ state }) => state === 'on')) return 1;
  return findings.some(({ verdict }) => verdict === 'differs') ? 2 : 0;
}

function asJson(target: string, profile: string, report: TargetReport): string {
  return JSON.stringify({ target, profile, ...report }, null, 2);
}

/** A SCIM target over real HTTP with ports in memory, and a clock and chance that stand still. */
import { afterEach, beforeEach } from 'vitest';
import {
  createScimTarget,
  profileNamed,
  type ScimTarget,
  type ScimTargetOptions,
} from '../../app/scim/index.ts';
import { type MemoryBudgets, memoryBudgets } from './memory-ports.ts';
import { type OddServer, startOddServer } from './odd-server.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');

export type SetUp = { readonly target: ScimTarget; readonly budgets: MemoryBudgets };

const running: ScimTarget[] = [];

/** @param baseUrl of the service; everything else has a default */
export function setUp(baseUrl: string, more: Partial<ScimTargetOptions> = {}): SetUp {
  const profile = profileNamed('agileplace');
  if (profile === null) throw new Error('there is no agileplace profile');
  const budgets = memoryBudgets();
  const target = createScimTarget({
    name: 'agileplace',
    profile,
    baseUrl,
    version: '0.0.0',
    auth: { kind: 'basic', username: 'ops@example.test', password: () => 'pass-word' },
    budgets,
    now: () => NOW,
    random: () => 0,
    timeoutMs: 2000,
    ...more,
  });
  running.push(target);
  return { target, budgets };
}

export async function closeTargets(): Promise<void> {
  await Promise.all(running.splice(0).map((target) => target.close()));
}

/** Another server for each test, at one name; the targets are closed before it stops. */
export function oddServerForEachTest(): OddServer {
  let running: OddServer | null = null;
  const server = () => {
    if (running === null) throw new Error('a server is there only while a test runs');
    return running;
  };
  beforeEach(async () => {
    running = await startOddServer();
  });
  afterEach(async () => {
    await closeTargets();
    await server().stop();
  });
  return {
    get origin() {
      return server().origin;
    },
    get asked() {
      return server().asked;
    },
    get answer() {
      return server().answer;
    },
    set answer(answer) {
      server().answer = answer;
    },
    stop: () => server().stop(),
  };
}

/** Nothing can be had of the target now: nothing was written, or that is not known. */
export const DOWN = { name: 'TargetUnavailable', outcomeUnknown: false };
export const UNSURE = { name: 'TargetUnavailable', outcomeUnknown: true };
/** Somebody has to mend it. */
export const MISCONFIGURED = { name: 'TargetUnusable', why: 'misconfigured' };
export const UNAUTHORIZED = { name: 'TargetUnusable', why: 'unauthorized' };

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ noFailureBut: value }),
    (error: unknown) => error,
  );
}

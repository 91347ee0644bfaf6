/** A SCIM target over real HTTP with ports in memory, and a clock and chance that stand still. */
import {
  createScimTarget,
  profileNamed,
  type ScimTarget,
  type ScimTargetOptions,
} from '../../app/scim/index.ts';
import { type MemoryBudgets, memoryBudgets } from './memory-ports.ts';

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

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ noFailureBut: value }),
    (error: unknown) => error,
  );
}

/**
 * One attempt at whoever is due at a target, a person or a group: where the target may be written to, by nobody else at
 * the same time, and with the mark as it stands then. What is written is the caller's business.
 */
import type { WorkKey } from '../../person/anchor.ts';
import type { Call } from '../../scim/target.ts';
import type { DueMark, Lease, Leases } from '../../store/ports/index.ts';
import { type AdoptionDeps, awaitsAdoption } from './adoption.ts';
import type { Outcome } from './outcome.ts';
import { type Applying, type MarkDeps, markToServe } from './reviewed.ts';
import { type HealthDeps, targetAnswered } from './target-health.ts';

/** How long whoever another process is writing is left alone. */
const BUSY_PAUSE_MS = 500;

/** What an attempt has in its hands. */
export type Turn<Key extends WorkKey> = {
  readonly key: Key;
  readonly target: string;
  readonly mark: DueMark;
  readonly lease: Lease;
  readonly call: Call;
};

/** What is done in it, and what becomes of an error on the way. */
export type Piece<P> = {
  readonly serve: () => Promise<Outcome<P>>;
  readonly failed: (error: unknown) => Promise<Outcome<P>>;
};

export type AttemptDeps<Key extends WorkKey> = AdoptionDeps &
  HealthDeps &
  MarkDeps<Key> & {
    readonly leases: Leases;
    readonly policy: { readonly leaseMs: number };
  };

/** @param job `reviewed`: due or not, since somebody has a plan applied */
export async function attempt<Key extends WorkKey, P>(
  job: { readonly key: Key; readonly reviewed?: Applying | undefined },
  deps: AttemptDeps<Key>,
  signal: AbortSignal,
  begin: (turn: Turn<Key>) => Piece<P>,
): Promise<Outcome<P>> {
  const { target, breakers, now } = deps;
  const waits = await awaitsAdoption(deps);
  if (waits !== null) return waits;
  const blocked = await breakers.blockedUntil(target.name, now(), job.key);
  if (blocked !== null) return { kind: 'paused', ...blocked };
  const requests = { sent: 0 };
  try {
    return await underLease(job, requests, deps, signal, begin);
  } finally {
    // Who asked the target nothing has found nothing out about it: the next one is the probe.
    if (requests.sent === 0) await breakers.notProbed(target.name, now(), job.key);
  }
}

async function underLease<Key extends WorkKey, P>(
  job: { readonly key: Key; readonly reviewed?: Applying | undefined },
  requests: { sent: number },
  deps: AttemptDeps<Key>,
  signal: AbortSignal,
  begin: (turn: Turn<Key>) => Piece<P>,
): Promise<Outcome<P>> {
  const { target, leases, policy, now } = deps;
  const lease = await leases.acquire(`write:${target.name}:${job.key}`, policy.leaseMs);
  if (lease === null) return { kind: 'busy', until: new Date(now().getTime() + BUSY_PAUSE_MS) };
  try {
    // Read under the lease: whoever had it before may have served the mark.
    const mark = await markToServe(job, deps);
    if (mark === null) return { kind: 'idle' };
    const beforeRequest = async () => {
      await leases.renew(lease, policy.leaseMs);
      requests.sent += 1;
    };
    const call = { signal, lane: mark.lane, beforeRequest };
    const { serve, failed } = begin({ key: job.key, target: target.name, mark, lease, call });
    try {
      const outcome = await serve();
      if (requests.sent > 0) await targetAnswered(job.key, deps);
      return outcome;
    } catch (error) {
      return await failed(error);
    }
  } finally {
    await leases.release(lease);
  }
}

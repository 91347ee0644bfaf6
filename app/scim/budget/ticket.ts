/**
 * Gets a ticket for one request. Where an answer that is under way will tell in a moment, it is waited for here, since
 * putting the work off would cost more; any longer wait is the caller's, who must not hold a place meanwhile
 * (design.md, invariant 5).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseLost, RateLimited, TargetUnavailable } from '../../errors.ts';
import type { Budgets, Passage, Ticket } from '../../store/ports/index.ts';

export type Waiting = {
  /** The request in words. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** How long to wait in all. */
  readonly patienceMs: number;
  readonly now: () => Date;
};

/**
 * @throws RateLimited where the budget is spent; where the wait is broken off, LeaseLost or TargetUnavailable
 */
export async function getTicket(
  budgets: Budgets,
  credential: string,
  passage: Passage,
  { what, signal, patienceMs, now }: Waiting,
): Promise<Ticket> {
  for (let left = patienceMs; ; ) {
    const grant = await budgets.take(credential, passage);
    if (grant.granted) return grant.ticket;
    const wait = Math.max(1, grant.until.getTime() - now().getTime());
    if (wait > left) throw new RateLimited(grant.until);
    left -= wait;
    await sleep(wait, undefined, { signal }).catch(() => {
      throw stoppedWaiting(what, signal);
    });
  }
}

/** What a wait ends with that the caller breaks off before anything was sent. */
export function stoppedWaiting(what: string, signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof LeaseLost ? reason : new TargetUnavailable(`${what}: stopped before it was sent`);
}

/**
 * A service with a request limit and the clients who share its credential, on one clock that only the simulation
 * moves: fixed windows from the first request, answers that take their time or never come, clients that die, others
 * who spend from the same limit. The budget between them is the real one, over a real Redis.
 */
import type { Budgets, Settlement } from '../../app/store/ports/index.ts';

export type Circumstances = {
  readonly limit: number;
  readonly windowMs: number;
  readonly clients: number;
  /** Of each way; the longest. */
  readonly latencyMs: number;
  /** Shares of all requests: without an answer, and whose sender dies. */
  readonly lost: number;
  readonly dies: number;
  /** How many points others spend in a window, about. */
  readonly others: number;
  /** How the end of a window is told. */
  readonly reset: 'exact' | 'rounded up' | 'rounded down' | 'seconds left';
  readonly windows: number;
  readonly seed: number;
};

export type Course = {
  /** Points that were used of each window that has ended, the others' too. */
  readonly used: readonly number[];
  /** How many of our requests were one too many. */
  readonly refused: number;
  readonly othersSpent: number;
  /** How many of our requests got no answer, or have no sender any more. */
  readonly unanswered: number;
};

type Window = { readonly openedAt: number; used: number };
type Event = { readonly at: number; readonly order: number; readonly happen: () => Promise<void> | void };

/** @param budgets made over the clock that is passed on to it */
export async function simulate(
  of: Circumstances,
  clock: { set(ms: number): void },
  budgets: Budgets,
): Promise<Course> {
  const random = chance(of.seed);
  const events: Event[] = [];
  let now = 1_772_366_400_000 + Math.floor(random() * 1_000);
  let order = 0;
  const windows: Window[] = [];
  let refused = 0;
  let othersSpent = 0;
  let unanswered = 0;
  const after = (ms: number, happen: Event['happen']) => {
    order += 1;
    events.push({ at: now + Math.max(0, Math.ceil(ms)), order, happen });
  };

  /** One point, by us or by others. @returns what the service says is left, null where it refuses */
  const spend = (): { remaining: number; endsAt: number } | null => {
    const last = windows.at(-1);
    const isOpen = last !== undefined && now < last.openedAt + of.windowMs;
    const open = isOpen ? last : { openedAt: now, used: 0 };
    if (!isOpen) windows.push(open);
    if (open.used >= of.limit) return null;
    open.used += 1;
    return { remaining: of.limit - open.used, endsAt: open.openedAt + of.windowMs };
  };

  const client = async (lane: 'bulk' | 'update'): Promise<void> => {
    const grant = await budgets.take('shared', { lane, ticketMs: 30_000, buckets: [] });
    if (!grant.granted) {
      after(Math.max(1, grant.until.getTime() - now) + random() * 3, () => client(lane));
      return;
    }
    after(random() * of.latencyMs, () => arrive(grant.ticket, lane));
  };

  const arrive = (ticket: string, lane: 'bulk' | 'update') => {
    const left = spend();
    const endsAt = (windows.at(-1)?.openedAt ?? now) + of.windowMs;
    const processedAt = now;
    if (left === null) refused += 1;
    const fate = random();
    if (fate < of.dies) {
      unanswered += 1;
      after(of.latencyMs, () => client(lane));
      return;
    }
    const isLost = fate < of.dies + of.lost;
    if (isLost) unanswered += 1;
    after(random() * of.latencyMs, async () => {
      const resetAt = new Date(toldEnd(of.reset, endsAt, processedAt, now));
      const answer: Settlement = isLost
        ? { kind: 'lost' }
        : { kind: 'told', limit: of.limit, remaining: left?.remaining ?? 0, resetAt };
      const until = new Date(Math.ceil(endsAt / 1_000) * 1_000);
      await budgets.settle('shared', ticket, answer, left === null ? { until, buckets: [] } : null);
      after(1, () => client(lane));
    });
  };

  const other = () => {
    if (spend() !== null) othersSpent += 1;
    after((of.windowMs / of.others) * 2 * random(), other);
  };

  for (let n = 0; n < of.clients; n += 1) after(random() * 5, () => client(n % 2 === 0 ? 'bulk' : 'update'));
  if (of.others > 0) after(random() * of.windowMs, other);
  while (windows.length <= of.windows) {
    events.sort((a, b) => a.at - b.at || a.order - b.order);
    const next = events.shift();
    if (next === undefined) break;
    now = next.at;
    clock.set(now);
    await next.happen();
  }
  return { used: windows.slice(0, -1).map(({ used }) => used), refused, othersSpent, unanswered };
}

function toldEnd(reset: Circumstances['reset'], endsAt: number, processedAt: number, now: number): number {
  switch (reset) {
    case 'exact':
      return endsAt;
    case 'rounded up':
      return Math.ceil(endsAt / 1_000) * 1_000;
    case 'rounded down':
      return Math.floor(endsAt / 1_000) * 1_000;
    case 'seconds left':
      return now + Math.ceil((endsAt - processedAt) / 1_000) * 1_000;
  }
}

/** Numbers from 0 to 1 that follow from the seed alone (a linear congruence, of Numerical Recipes). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * The request budget of each credential, shared by all processes. We spend from what the target's answers say is left,
 * never from a number of our own: the vendor may change it at any time (agileplace.md section 3).
 *
 * An answer does not count the requests that are under way beside it. So each request holds a ticket until its answer
 * is here, and what may be granted is what was told less the tickets that are out; with none out the figure is exact,
 * and every point of a window can be used. Limits that no answer tells of are buckets that we keep ourselves.
 */
import { settleScript, takeScript } from './budget-scripts.ts';
import type { Store } from './connection.ts';
import type { Budgets, BudgetView, Settlement } from './ports/index.ts';

/** Share of a window, and of a bucket's burst, that bulk work leaves to all others; a window's shrinks to its end. */
const RESERVE = 0.1;

export function createBudgets(store: Store, now: () => Date): Budgets {
  const { redis } = store;
  const keysOf = (credential: string) =>
    ['budget', 'budget-in-flight', 'budget-lost', 'budget-buckets'].map((part) =>
      store.key(part, credential),
    );
  return {
    async take(credential, { lane, ticketMs, buckets }) {
      const args = [now().getTime(), lane === 'bulk' ? 1 : 0, ticketMs, RESERVE];
      const limits = buckets.flatMap((own) => [own.name, own.perMinute, own.burst, own.always ? 1 : 0]);
      const answer = await takeScript(redis, keysOf(credential), [...args, ...limits]);
      const [granted, said] = answer as [number, string | number];
      return granted === 1
        ? { granted: true, ticket: String(said) }
        : { granted: false, until: new Date(Number(said)) };
    },
    async settle(credential, ticket, settlement, closing) {
      const closedUntil = closing?.until.getTime() ?? 0;
      const args = [ticket, now().getTime(), settlement.kind, closedUntil, ...toldArgs(settlement)];
      await settleScript(redis, keysOf(credential), [...args, ...(closing?.buckets ?? [])]);
    },
    async view(credential) {
      const [known = '', inFlight = '', lost = ''] = keysOf(credential);
      const [seen, ...out] = await Promise.all([
        redis.hgetall(known),
        redis.zcard(inFlight),
        redis.zcard(lost),
      ]);
      return viewOf(seen, out[0] + out[1], now().getTime());
    },
  };
}

function toldArgs(settlement: Settlement): readonly number[] {
  if (settlement.kind !== 'told') return [0, 0, 0];
  return [settlement.limit, settlement.remaining, settlement.resetAt.getTime()];
}

/** @param out requests that the target may not have counted in what it told */
function viewOf(seen: Readonly<Record<string, string>>, out: number, now: number): BudgetView | null {
  const [closedUntil, limit, resetAt] = [seen.closedUntil, seen.limit, seen.resetAt].map((text) =>
    Number(text ?? 0),
  ) as [number, number, number];
  if (closedUntil > now) return { limit, remaining: 0, resetAt: new Date(closedUntil).toISOString() };
  if (seen.resetAt === undefined) return null;
  // Nothing of a window that is over has been spent in the next one.
  const remaining = now < resetAt ? Math.max(0, Number(seen.told) - out) : limit;
  return { limit, remaining, resetAt: new Date(resetAt).toISOString() };
}

/** Has a budget learn what an answer would teach it. */
import type { Budgets } from '../../app/store/ports/index.ts';

export async function learnBudget(
  budgets: Budgets,
  credential: string,
  seen: { readonly limit: number; readonly remaining: number; readonly resetAt: Date },
): Promise<void> {
  const grant = await budgets.take(credential, { lane: 'leaver', ticketMs: 10_000, buckets: [] });
  if (!grant.granted) throw new Error(`the budget grants nothing before ${grant.until.toISOString()}`);
  await budgets.settle(credential, grant.ticket, { kind: 'told', ...seen }, null);
}

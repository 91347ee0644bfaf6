/**
 * Knows which tickets are still on their way back to a budget. Nobody who gives one back waits for it, but a process
 * that ends has to: a ticket that is lost counts as a request under way until it runs out, and holds up the next one.
 */
import type { Budgets } from '../../store/ports/index.ts';

export type SettlingBudgets = {
  readonly budgets: Budgets;
  /** Returns when every ticket has arrived, or could not. */
  settled(): Promise<void>;
};

export function watchSettling(budgets: Budgets): SettlingBudgets {
  const underWay = new Set<Promise<void>>();
  return {
    budgets: {
      take: (...passage) => budgets.take(...passage),
      view: (credential) => budgets.view(credential),
      settle(...settlement) {
        const arriving = budgets.settle(...settlement).finally(() => underWay.delete(arriving));
        underWay.add(arriving);
        return arriving;
      },
    },
    async settled() {
      await Promise.allSettled(underWay);
    },
  };
}

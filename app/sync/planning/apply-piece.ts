/**
 * One piece of a plan, tried until it has ended: what another process holds or the request limit keeps is waited for,
 * what goes wrong is tried a few times.
 */
import type { Plan } from '../../plan/decision.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import type { GroupItem, PlanItem } from '../../plan/plan-file.ts';
import type { Outcome } from '../provisioning/outcome.ts';

export type Item = PlanItem | GroupItem;

/**
 * `done`: as the plan shows. `nothing`: it was so already. `moved`: it would be something else by now. `refused`: the
 * target, or the mapping, does not take it. `failed`: it went wrong, and may go well another time. `stopped`: it was
 * not tried.
 */
export type AppliedItem = {
  readonly item: Item;
  readonly result: 'done' | 'nothing' | 'moved' | 'refused' | 'failed' | 'stopped';
  /** In words; null where the result says all. */
  readonly reason: string | null;
};

export type Piece = {
  readonly item: Item;
  /** One attempt. */
  readonly serve: () => Promise<Outcome<Plan | GroupPlan>>;
  /** Once it is as the plan shows. @returns what follows by itself, in words; null where nothing does */
  readonly afterwards: () => Promise<string | null>;
};

export type PieceDeps = {
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  /** Told what nobody expected, for the log: its text may hold anything. */
  readonly surprised: (error: unknown, item: Item) => void;
};

/** How often what went wrong is tried. */
const TRIES = 3;
const PAUSE_MS = 1_000;

export const NOT_BEGUN = 'stopped before it was begun';

/** @param stop where it is aborted, nothing new is begun */
export async function applyPiece(
  { item, serve, afterwards }: Piece,
  stop: AbortSignal,
  deps: PieceDeps,
): Promise<AppliedItem> {
  // One person's surprise is tried again as by a worker, and keeps nobody else.
  const attempt = () =>
    serve().catch((error: unknown): Outcome => {
      deps.surprised(error, item);
      return { kind: 'retry', reason: 'internal error, see the log', notBefore: null };
    });
  let why = NOT_BEGUN;
  for (let tried = 1; ; ) {
    if (stop.aborted) return { item, result: tried === 1 ? 'stopped' : 'failed', reason: why };
    const next = whatFollows(item, await attempt(), deps.now());
    if ('item' in next) {
      if (next.result !== 'done' && next.result !== 'nothing') return next;
      const reasons = [next.reason, await afterwards()].filter((reason) => reason !== null);
      return { ...next, reason: reasons.length === 0 ? null : reasons.join('; ') };
    }
    why = next.reason;
    if (next.costsTry) tried += 1;
    if (tried > TRIES) return { item, result: 'failed', reason: next.reason };
    await deps.sleep(next.waitMs, stop).catch(() => {});
  }
}

type Again = { readonly waitMs: number; readonly costsTry: boolean; readonly reason: string };

function whatFollows(item: Item, outcome: Outcome<Plan | GroupPlan>, now: Date): AppliedItem | Again {
  const until = (date: Date | null) => Math.max(PAUSE_MS / 10, (date?.getTime() ?? 0) - now.getTime());
  switch (outcome.kind) {
    case 'idle':
      return { item, result: 'nothing', reason: null };
    case 'done': {
      const isDone = outcome.plan.action !== 'none';
      return { item, result: isDone ? 'done' : 'nothing', reason: isDone ? null : outcome.plan.reason };
    }
    case 'moved':
      return { item, result: 'moved', reason: `it would be: ${outcome.plan.action}, ${outcome.plan.reason}` };
    case 'held':
    case 'refused':
      return { item, result: 'refused', reason: outcome.reason };
    case 'paused':
      return { item, result: 'stopped', reason: outcome.reason };
    case 'busy':
      return {
        waitMs: until(outcome.until),
        costsTry: false,
        reason: `another process is writing this ${'group' in item ? 'group' : 'person'}`,
      };
    case 'limited':
      return { waitMs: until(outcome.until), costsTry: false, reason: 'the request limit is spent' };
    case 'retry':
      return {
        waitMs: Math.max(PAUSE_MS, until(outcome.notBefore)),
        costsTry: true,
        reason: outcome.reason,
      };
  }
}

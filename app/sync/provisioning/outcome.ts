/** How one piece of work ended, as a value: the caller (`workers/outcome.ts`) knows what to tell the queue. */
import type { Plan } from '../../plan/decision.ts';

/** `P`: what was decided, about a person or about what else is kept at a target. */
export type Outcome<P = Plan> =
  /** Nobody is due: another worker served the mark. */
  | { readonly kind: 'idle' }
  /** `moreDue`: something was marked while we worked; ring again. */
  | { readonly kind: 'done'; readonly plan: P; readonly moreDue: boolean }
  | { readonly kind: 'held'; readonly plan: P; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It would be something else than was seen in the plan that is applied: nothing was written. */
  | { readonly kind: 'moved'; readonly plan: P }
  /** Another process is writing this person. Costs no attempt. */
  | { readonly kind: 'busy'; readonly until: Date }
  /** The request budget is spent. Costs no attempt; the target's queue waits. */
  | { readonly kind: 'limited'; readonly until: Date }
  | Paused
  /** This one went wrong; another attempt may go well. */
  | { readonly kind: 'retry'; readonly reason: string; readonly notBefore: Date | null };

/**
 * The target is out of order. Costs no attempt; the target's queue waits. `standsAsideUntil`: it was this person's
 * request that failed, so others are tried before them.
 */
export type Paused = {
  readonly kind: 'paused';
  readonly until: Date;
  readonly reason: string;
  readonly standsAsideUntil?: Date;
};

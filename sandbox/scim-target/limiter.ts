/** Grants or refuses each request, by whichever limits are in force. */
import type { Consumer, Grant, Limits, SetLimits } from './limits.ts';
import { RateSets } from './rate-sets.ts';
import { RateWindow } from './rate-window.ts';

export class Limiter {
  private limits: Limits | SetLimits | null = null;
  private window: RateWindow | null = null;
  private sets: RateSets | null = null;

  constructor(limits: Limits | SetLimits | null) {
    this.change(limits);
  }

  current(): Limits | SetLimits | null {
    return this.limits;
  }

  /** New limits count from now: what was used before is forgotten. */
  change(limits: Limits | SetLimits | null): void {
    this.limits = limits;
    this.window = limits !== null && 'points' in limits ? new RateWindow(limits) : null;
    this.sets = limits !== null && 'sets' in limits ? new RateSets(limits.sets) : null;
  }

  /** @returns null where nothing is limited */
  take(consumer: Consumer, now: Date): Grant | null {
    return this.window?.take(consumer.user, now) ?? this.sets?.take(consumer, now) ?? null;
  }
}

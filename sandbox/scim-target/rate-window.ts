/**
 * The request budget of a fixed window, per user over all tokens and ways to sign in. A window opens at the user's
 * first request, not on the minute, and a refused request costs nothing. Every request costs one point; AgilePlace
 * charges more for some routes, but does not publish which.
 */
import type { Grant, Limits } from './limits.ts';

type Window = { readonly opensAt: number; readonly used: number };

export class RateWindow {
  private readonly limits: Limits;
  private readonly windows = new Map<string, Window>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Takes one point out of the user's window. */
  take(user: string, now: Date): Grant {
    const { points, windowSeconds } = this.limits;
    const open = this.windows.get(user);
    const isOpen = open !== undefined && now.getTime() < open.opensAt + windowSeconds * 1000;
    const { opensAt, used } = isOpen ? open : { opensAt: now.getTime(), used: 0 };
    const granted = used < points;
    const usedNow = granted ? used + 1 : used;
    this.windows.set(user, { opensAt, used: usedNow });
    return {
      granted,
      limit: points,
      remaining: points - usedNow,
      windowSeconds,
      resetAt: new Date(opensAt + windowSeconds * 1000),
    };
  }
}

/**
 * The request budget: points per fixed window, per user over all tokens and ways to sign in. A window opens at the
 * user's first request, not on the minute, and a refused request costs nothing. Every request costs one point; the
 * real target charges more for some routes, but does not publish which.
 *
 * Both headers have whole seconds only and are rounded up: a client that waits for them must find the window open.
 */
export type Limits = { readonly points: number; readonly windowSeconds: number };

export type Grant = {
  readonly granted: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Date;
};

type Window = { readonly opensAt: number; readonly used: number };

export class RateWindow {
  private limits: Limits;
  private readonly windows = new Map<string, Window>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  current(): Limits {
    return this.limits;
  }

  /** New limits count from now: windows that are open are forgotten. */
  change(limits: Limits): void {
    this.limits = limits;
    this.windows.clear();
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
      resetAt: new Date(opensAt + windowSeconds * 1000),
    };
  }
}

export function rateHeaders(grant: Grant): Readonly<Record<string, string>> {
  const reset = wholeSecond(grant.resetAt);
  return {
    'X-RateLimit-Limit': String(grant.limit),
    'X-RateLimit-Remaining': String(grant.remaining),
    'X-RateLimit-Reset': String(reset),
    ...(grant.granted ? {} : { 'Retry-After': new Date(reset * 1000).toUTCString() }),
  };
}

function wholeSecond(time: Date): number {
  return Math.ceil(time.getTime() / 1000);
}

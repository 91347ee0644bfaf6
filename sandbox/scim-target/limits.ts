/**
 * How many requests are granted, as data. There are two schemes: a fixed window for each user (`rate-window.ts`), and
 * sets of endpoints with a rate and a burst that everybody shares (`rate-sets.ts`). `limiter.ts` counts.
 */
/** Points in a fixed window, per user. */
export type Limits = { readonly points: number; readonly windowSeconds: number };

/** Each request takes from every set that it belongs to. */
export type SetLimits = { readonly sets: readonly LimitSet[] };

export type LimitSet = {
  readonly name: string;
  readonly methods: readonly string[];
  readonly resources: 'any' | LimitedPlace;
  readonly perMinute: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
};
export type LimitedPlace = 'users' | 'user' | 'groups' | 'group' | 'elsewhere';

export type Grant = {
  readonly granted: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly windowSeconds: number;
  readonly resetAt: Date;
};

/** What a request is counted by. */
export type Consumer = { readonly user: string; readonly method: string; readonly place: LimitedPlace };

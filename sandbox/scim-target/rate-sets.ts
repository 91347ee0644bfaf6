/**
 * Limits for sets of endpoints, each a bucket that holds a burst and fills up evenly, shared by everybody who asks: as
 * Slack documents them (docs.slack.dev, SCIM API rate limits). A request must find a place in each set that it belongs
 * to, and a refused one takes none.
 */
import type { Consumer, Grant, LimitSet } from './limits.ts';

/** One request, in the unit in which a set fills up: so a millisecond adds a whole number, and nothing is rounded. */
const REQUEST = 60_000;

type Bucket = { readonly level: number; readonly at: number };

export class RateSets {
  private readonly sets: readonly LimitSet[];
  private readonly buckets = new Map<LimitSet, Bucket>();

  constructor(sets: readonly LimitSet[]) {
    this.sets = sets;
  }

  /** @returns null where the request belongs to no set; else what the scarcest of its sets says */
  take(consumer: Consumer, now: Date): Grant | null {
    const at = now.getTime();
    const found = this.sets.filter((set) => isIn(set, consumer));
    const granted = found.every((set) => this.levelOf(set, at) >= REQUEST);
    const grants = found.map((set) => {
      const level = this.levelOf(set, at) - (granted ? REQUEST : 0);
      this.buckets.set(set, { level, at });
      return grantOf(set, level, granted, at);
    });
    return grants.sort((a, b) => b.resetAt.getTime() - a.resetAt.getTime())[0] ?? null;
  }

  private levelOf(set: LimitSet, at: number): number {
    const full = set.burst * REQUEST;
    const bucket = this.buckets.get(set);
    return bucket === undefined ? full : Math.min(full, bucket.level + (at - bucket.at) * set.perMinute);
  }
}

function isIn(set: LimitSet, { method, place }: Consumer): boolean {
  return set.methods.includes(method) && (set.resources === 'any' || set.resources === place);
}

/** `resetAt` is when the next request finds a place. */
function grantOf(set: LimitSet, level: number, granted: boolean, at: number): Grant {
  return {
    granted,
    limit: set.perMinute,
    remaining: Math.floor(level / REQUEST),
    windowSeconds: 60,
    resetAt: new Date(at + Math.ceil(Math.max(0, REQUEST - level) / set.perMinute)),
  };
}

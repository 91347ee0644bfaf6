/**
 * How many requests at once are good for a target: one more after each round of answers, half after a push-back, and
 * less where answers take far longer than they used to (additive increase, multiplicative decrease, as TCP does it).
 * Pure: a state, an event, the next state. `gate.ts` keeps to it.
 */

export type Pace = {
  /** From 1 to the most that is configured; whole requests are let go. */
  readonly allowed: number;
  /** When it was last lowered. Requests that were under way then have had their say. */
  readonly loweredAt: number;
  /** How long answers take, by kind of request. */
  readonly latencies: ReadonlyMap<string, Latency>;
};

/** In milliseconds. `usual` follows a faster answer at once and a slower one very slowly. */
type Latency = { readonly recent: number; readonly usual: number };

/** What became of one request. Times are in milliseconds by one clock. */
export type Experience =
  /** `kind`: requests that take alike. */
  | { readonly result: 'answered'; readonly sentAt: number; readonly kind: string }
  /** 429, 503, or no answer. */
  | { readonly result: 'pushed-back'; readonly sentAt: number };

const PUSHED_BACK = 0.5;
const SLOW = 0.8;
/** So many times its usual time, and so many milliseconds more, is slow: a busy machine of ours is not yet. */
const SLOW_FACTOR = 3;
const SLOW_MARGIN_MS = 100;
const RECENT_SHARE = 0.2;
const FASTER_SHARE = 0.5;
const SLOWER_SHARE = 0.005;

export function startingPace(most: number): Pace {
  return { allowed: most, loweredAt: Number.NEGATIVE_INFINITY, latencies: new Map() };
}

/** @param most what is configured, 1 or more */
export function paceAfter(pace: Pace, experience: Experience, now: number, most: number): Pace {
  const { sentAt } = experience;
  if (experience.result === 'pushed-back') return lowered(pace, PUSHED_BACK, sentAt, now);
  const latency = latencyAfter(pace.latencies.get(experience.kind), Math.max(0, now - sentAt));
  const learnt = { ...pace, latencies: new Map(pace.latencies).set(experience.kind, latency) };
  if (latency.recent > latency.usual * SLOW_FACTOR + SLOW_MARGIN_MS)
    return lowered(learnt, SLOW, sentAt, now);
  return { ...learnt, allowed: Math.min(most, pace.allowed + 1 / pace.allowed) };
}

/** What happens to all that are under way together is one event. */
function lowered(pace: Pace, factor: number, sentAt: number, now: number): Pace {
  if (sentAt < pace.loweredAt) return pace;
  return { ...pace, allowed: Math.max(1, pace.allowed * factor), loweredAt: now };
}

function latencyAfter(known: Latency | undefined, took: number): Latency {
  if (known === undefined) return { recent: took, usual: took };
  return {
    recent: known.recent + (took - known.recent) * RECENT_SHARE,
    usual: known.usual + (took - known.usual) * (took < known.usual ? FASTER_SHARE : SLOWER_SHARE),
  };
}

/**
 * What an answer teaches about the budget and about when to come back. Pure: it decides, `budgeted-client.ts` acts.
 *
 * An answer under a status of failure may come from somebody between us and the target, who knows nothing of its
 * limits; only an answer of the service itself may show that it has none.
 */
import type { Closing, Settlement } from '../../store/ports/index.ts';
import type { Answer, Reply } from '../wire/answer.ts';
import { readRateLimit, type SeenLimit, serverTime } from './rate-limit.ts';
import { backoff, jittered, parseRetryAfter } from './retry-after.ts';

export type Lesson = {
  readonly settlement: Settlement;
  /** When to ask again, where the target says so, or says "too many". */
  readonly notBefore: Date | null;
  /** What everybody shall keep off until then. */
  readonly closing: Closing | null;
};

/** When the answer came, from 0 to 1, and how many answers in a row have said "too many", with this one. */
export type Moment = { readonly now: Date; readonly random: number; readonly streak: number };

/** The service itself has looked at the request. */
const FROM_THE_SERVICE: ReadonlySet<Answer['kind']> = new Set([
  'resource',
  'empty',
  'missing',
  'conflict',
  'unsupported',
  'refused',
]);

/** @param buckets the limits without headers that the request fell under */
export function lessonOf(answer: Answer, reply: Reply, at: Moment, buckets: readonly string[]): Lesson {
  const seen = readRateLimit(reply.headers, at.now);
  const wait = waitFor(answer, reply, seen, at);
  const notBefore = wait === null ? null : new Date(at.now.getTime() + wait);
  return {
    settlement: settlementOf(answer, seen),
    notBefore,
    closing: closingOf(answer, notBefore, buckets),
  };
}

function settlementOf(answer: Answer, seen: SeenLimit | null): Settlement {
  if (seen !== null) return { kind: 'told', ...seen };
  return { kind: FROM_THE_SERVICE.has(answer.kind) ? 'silent' : 'lost' };
}

/** Retry-After first; for "too many" else the end of the window, else a guess that grows. In milliseconds. */
function waitFor(answer: Answer, reply: Reply, seen: SeenLimit | null, at: Moment): number | null {
  if (answer.kind !== 'limited' && answer.kind !== 'unavailable') return null;
  const asked = parseRetryAfter(reply.headers['retry-after'], serverTime(reply.headers, at.now));
  if (asked !== null) return jittered(asked, at.random);
  if (answer.kind === 'unavailable') return null;
  const untilReset = seen === null ? 0 : seen.resetAt.getTime() - at.now.getTime();
  return untilReset > 0 ? jittered(untilReset, at.random) : backoff(at.streak, at.random);
}

/** 429 speaks of requests like this one; 503 of the service as a whole. */
function closingOf(answer: Answer, until: Date | null, buckets: readonly string[]): Closing | null {
  if (until === null) return null;
  if (answer.kind === 'limited') return { until, buckets };
  return answer.status === 503 ? { until, buckets: [] } : null;
}

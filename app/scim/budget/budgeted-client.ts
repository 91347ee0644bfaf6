/**
 * The way every request to a target takes: out of the shared budget, past the caller's last check, over the wire, and
 * back through what the answer says about the budget (design.md, invariant 5).
 *
 * A budget belongs to a credential and is shared by all processes through `Budgets`; here is only the passage. A
 * rate-limit answer becomes RateLimited and no attempt is lost; every answer that means "not now" or "not this
 * service" is thrown here, so that callers only see answers about users.
 */
import { RateLimited, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Budgets } from '../../store/ports/index.ts';
import type { Call } from '../target.ts';
import { type Answer, type Reply, readAnswer } from '../wire/answer.ts';
import type { HttpClient, HttpRequest } from '../wire/client.ts';
import { readRateLimit, serverTime } from './rate-limit.ts';
import { backoff, jittered, parseRetryAfter } from './retry-after.ts';

/** The answers that are about what was asked. */
export type UsefulAnswer = Exclude<Answer, { kind: 'limited' | 'unavailable' | 'redirect' | 'alien' }>;

export type BudgetedRequest = HttpRequest & {
  /** Texts that must not be seen in anybody's message. */
  readonly secrets: readonly string[];
};

export type BudgetedClient = {
  /** @throws RateLimited, TargetUnavailable, TargetUnusable (misconfigured), and what `call.beforeRequest` throws */
  send(request: BudgetedRequest, call: Call): Promise<UsefulAnswer>;
};

export type BudgetedClientOptions = {
  readonly client: HttpClient;
  readonly budgets: Budgets;
  /** The name of the shared budget. */
  readonly credential: string;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
};

export function createBudgetedClient(options: BudgetedClientOptions): BudgetedClient {
  const { client, budgets, credential, now } = options;
  // How many answers in a row said "too many" without saying for how long. Per process: it only shapes a guess.
  let streak = 0;
  return {
    async send(request, call) {
      const taken = await budgets.take(credential, call.lane, now());
      if (!taken.granted) throw new RateLimited(taken.until);
      await call.beforeRequest();
      const reply = await client.send(request, call.signal);
      const seen = readRateLimit(reply.headers, now());
      if (seen !== null) await budgets.learn(credential, seen).catch(answerComesFirst);
      const answer = readAnswer(reply, request.secrets);
      streak = answer.kind === 'limited' ? streak + 1 : 0;
      switch (answer.kind) {
        case 'limited':
        case 'unavailable':
          throw await notNow(answer, reply, request, streak, options);
        case 'redirect':
          throw redirected(request, answer.status);
        case 'alien':
          throw alien(request, answer.status);
        default:
          return answer;
      }
    },
  };
}

/** The target wants to be left alone: pauses everybody who shares the credential where it says so. */
async function notNow(
  answer: Extract<Answer, { kind: 'limited' | 'unavailable' }>,
  reply: Reply,
  request: BudgetedRequest,
  streak: number,
  options: BudgetedClientOptions,
): Promise<RateLimited | TargetUnavailable> {
  const { budgets, credential, now, random } = options;
  const pause = (until: Date) => budgets.exhaust(credential, until).catch(answerComesFirst);
  if (answer.kind === 'limited') {
    const until = limitedUntil(reply, now(), streak, random());
    await pause(until);
    return new RateLimited(until);
  }
  const notBefore = retryAfter(reply, now(), random());
  if (notBefore !== null && answer.status === 503) await pause(notBefore);
  const outcomeUnknown = request.writes && !answer.declined;
  return new TargetUnavailable(`${request.what}: answered ${answer.status}`, { outcomeUnknown, notBefore });
}

/**
 * A budget that cannot be kept up to date is learnt anew from the next answer, whereas an answer to a write comes but
 * once: were it lost to a store that is away, a write that was carried out would look like one that was not.
 */
function answerComesFirst(): void {}

/** The server's Retry-After by our clock. */
function retryAfter(reply: Reply, now: Date, random: number): Date | null {
  const wait = parseRetryAfter(reply.headers['retry-after'], serverTime(reply.headers, now));
  return wait === null ? null : new Date(now.getTime() + jittered(wait, random));
}

/** Retry-After first, then the end of the window, else a guess that grows. */
function limitedUntil(reply: Reply, now: Date, streak: number, random: number): Date {
  const told = retryAfter(reply, now, random);
  if (told !== null) return told;
  const seen = readRateLimit(reply.headers, now);
  const untilReset = seen === null ? 0 : seen.resetAt.getTime() - now.getTime();
  const wait = untilReset > 0 ? jittered(untilReset, random) : backoff(streak, random);
  return new Date(now.getTime() + wait);
}

function redirected(request: BudgetedRequest, status: number): TargetUnusable {
  return new TargetUnusable(
    'misconfigured',
    `${request.what}: answered with a redirect (${status}), which is never followed; ` +
      'set the base URL to where the service really is',
  );
}

/** A page under a status of success may hide a write that went through; the look that follows meets it again. */
function alien(request: BudgetedRequest, status: number): TargetUnavailable | TargetUnusable {
  const message =
    `${request.what}: answered ${status} with a page instead of SCIM; ` +
    'check the base URL, and whether a sign-in page or a proxy stands before the service';
  if (request.writes && status < 300) return new TargetUnavailable(message, { outcomeUnknown: true });
  return new TargetUnusable('misconfigured', message);
}

/**
 * The way every request to a target takes: through the gate of this process, out of the shared budget, past the
 * caller's last check, over the wire, and back through what the answer says about the budget (design.md, invariant 5).
 *
 * A budget belongs to a credential and is shared by all processes through `Budgets`; here is only the passage. A
 * rate-limit answer becomes RateLimited and no attempt is lost; every answer that means "not now" or "not this
 * service" is thrown here, so that callers only see answers about users.
 */
import { RateLimited, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Budgets, Passage, Ticket } from '../../store/ports/index.ts';
import type { Call } from '../target.ts';
import { type Answer, type Reply, readAnswer } from '../wire/answer.ts';
import type { HttpClient, HttpRequest } from '../wire/client.ts';
import type { Gate } from './gate.ts';
import { type Lesson, lessonOf } from './lesson.ts';
import { bucketsFor, type LimitHabits } from './limit-sets.ts';
import type { Experience } from './pace.ts';
import { getTicket, stoppedWaiting } from './ticket.ts';

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
  readonly gate: Gate;
  readonly budgets: Budgets;
  /** The name of the shared budget. */
  readonly credential: string;
  readonly limits: LimitHabits;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** What the caller's last check may take, beyond the request itself. */
const TICKET_SLACK_MS = 10_000;

/** How long a ticket is waited for; longer than most answers take. */
const PATIENCE_MS = 250;
/** Until the next place in a bucket that is spent; shorter than any lease has room for beyond a request. */
const FINISHING_PATIENCE_MS = 2_000;

const UNSENT = { settlement: { kind: 'unsent' }, closing: null } as const;
const LOST = { settlement: { kind: 'lost' }, closing: null } as const;

export function createBudgetedClient(options: BudgetedClientOptions): BudgetedClient {
  // How many answers in a row said "too many" without saying for how long. Per process: it only shapes a guess.
  let streak = 0;
  // Work that has read what it writes next. Such a write is not put off lightly: the work would begin again, and spend
  // once more what its look-ups have cost.
  const hasRead = new WeakSet<Call>();
  return {
    async send(request, call) {
      const finishes = request.writes && hasRead.delete(call);
      const { ticket, answer, reply } = await exchange(request, call, finishes, options);
      if (!request.writes) hasRead.add(call);
      streak = answer.kind === 'limited' ? streak + 1 : 0;
      const at = { now: options.now(), random: options.random(), streak };
      const lesson = lessonOf(answer, reply, at, vendorBuckets(request, options));
      settle(ticket, lesson, options);
      return useful(request, answer, lesson.notBefore);
    },
  };
}

type Exchange = { readonly ticket: Ticket; readonly answer: Answer; readonly reply: Reply };

/** Holds a place at the gate for as long as the request may be with the target. */
async function exchange(
  request: BudgetedRequest,
  call: Call,
  finishes: boolean,
  options: BudgetedClientOptions,
): Promise<Exchange> {
  const leave = await options.gate.pass(call.lane, call.signal).catch(() => {
    throw stoppedWaiting(request.what, call.signal);
  });
  let experience: Experience | null = null;
  try {
    const ticket = await readyToSend(request, call, finishes, options);
    const sentAt = options.now().getTime();
    const reply = await sent(request, call, ticket, options).catch((error: unknown) => {
      if (!call.signal.aborted) experience = { result: 'pushed-back', sentAt };
      throw error;
    });
    const answer = readAnswer(reply, request.secrets);
    experience = pushedBack(answer)
      ? { result: 'pushed-back', sentAt }
      : { result: 'answered', kind: request.what, sentAt };
    return { ticket, answer, reply };
  } finally {
    leave(experience);
  }
}

async function readyToSend(
  request: BudgetedRequest,
  call: Call,
  finishes: boolean,
  options: BudgetedClientOptions,
): Promise<Ticket> {
  const { budgets, credential, timeoutMs, limits, now } = options;
  const passage: Passage = {
    lane: finishes && call.lane === 'bulk' ? 'update' : call.lane,
    ticketMs: timeoutMs + TICKET_SLACK_MS,
    buckets: bucketsFor(request, limits),
  };
  const ticket = await getTicket(budgets, credential, passage, {
    what: request.what,
    signal: call.signal,
    patienceMs: finishes ? FINISHING_PATIENCE_MS : PATIENCE_MS,
    now,
  });
  try {
    await call.beforeRequest();
    return ticket;
  } catch (error) {
    settle(ticket, UNSENT, options);
    throw error;
  }
}

/** A request without an answer may have been counted all the same. */
async function sent(
  request: BudgetedRequest,
  call: Call,
  ticket: Ticket,
  options: BudgetedClientOptions,
): Promise<Reply> {
  try {
    return await options.client.send(request, call.signal);
  } catch (error) {
    settle(ticket, LOST, options);
    throw error;
  }
}

/**
 * Nobody waits for it: Redis carries out in order what one process asks for. And a budget that cannot be kept up to
 * date is learnt anew from the next answer, whereas an answer to a write comes but once: were it lost to a store that
 * is away, a write that was carried out would look like one that was not.
 */
function settle(
  ticket: Ticket,
  lesson: Pick<Lesson, 'settlement' | 'closing'>,
  { budgets, credential }: BudgetedClientOptions,
): void {
  budgets.settle(credential, ticket, lesson.settlement, lesson.closing).catch(() => {});
}

/** The operator's own limit is no limit of the target's, so a 429 does not speak of it. */
function vendorBuckets(request: BudgetedRequest, { limits }: BudgetedClientOptions): readonly string[] {
  return bucketsFor(request, { ...limits, own: null }).map(({ name }) => name);
}

function pushedBack(answer: Answer): boolean {
  return answer.kind === 'limited' || (answer.kind === 'unavailable' && answer.status === 503);
}

function useful(request: BudgetedRequest, answer: Answer, notBefore: Date | null): UsefulAnswer {
  if (answer.kind === 'limited' && notBefore !== null) throw new RateLimited(notBefore);
  switch (answer.kind) {
    case 'limited':
    case 'unavailable':
      throw unavailable(request, answer, notBefore);
    case 'redirect':
      throw redirected(request, answer.status);
    case 'alien':
      throw alien(request, answer.status);
    default:
      return answer;
  }
}

function unavailable(
  request: BudgetedRequest,
  answer: Extract<Answer, { kind: 'limited' | 'unavailable' }>,
  notBefore: Date | null,
): TargetUnavailable {
  const message = `${request.what}: answered ${answer.status}`;
  if (answer.kind === 'limited') return new TargetUnavailable(message, { notBefore });
  const { declined, words = null } = answer;
  return new TargetUnavailable(message, { outcomeUnknown: request.writes && !declined, notBefore, words });
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

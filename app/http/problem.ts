/**
 * Everything that goes wrong in the API is answered as RFC 9457 problem details, from this one place. A problem says
 * what happened and what the caller can do; it never shows a stack, a token or a person's values.
 */
import type { ErrorRequestHandler } from 'express';
import { RateLimited, Refused, SourceUnavailable, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { Logger } from '../signals/log.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** One field of the request that is wrong; `field` as in `data.attributes.mail`, empty for the whole. */
export type FieldError = { readonly field: string; readonly message: string };

/** Titles by kind; the kind is the end of the problem's `type`, which stays the same over versions. */
const TITLES = {
  'invalid-request': 'The request is not valid',
  unauthorized: 'A valid bearer token is needed',
  forbidden: 'The token does not allow this',
  'not-found': 'There is no such thing',
  'method-not-allowed': 'This cannot be done here',
  ambiguous: 'Several people are called so',
  conflict: 'This cannot be done now',
  'too-large': 'The request is too large',
  'unsupported-media': 'The body is not in a form that is read here',
  unprocessable: 'The request cannot be carried out',
  'too-many-requests': 'Too many requests',
  'target-failed': 'The target did not answer as it should',
  unavailable: 'Not possible at the moment',
  internal: 'Landbridge made a mistake',
} as const;

export type ProblemKind = keyof typeof TITLES;

/** When to come again where nobody said so, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Whoever mends these will see the rest. */
const SHOWN_ERRORS = 20;

type Extra = {
  readonly errors?: readonly FieldError[];
  /** Keys of the people among whom the caller has to choose. */
  readonly people?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
};

export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly extra: Extra;
  constructor(status: number, kind: ProblemKind, detail: string, extra: Extra = {}) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.extra = extra;
  }
}

export function invalidRequest(errors: readonly FieldError[], status: 400 | 422 = 400): Problem {
  const shown = errors.slice(0, SHOWN_ERRORS);
  const detail = shown.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const kind = status === 400 ? 'invalid-request' : 'unprocessable';
  return new Problem(status, kind, detail.join(' '), { errors: shown });
}

export function notFound(detail: string): Problem {
  return new Problem(404, 'not-found', detail);
}

/** Try again: nothing was concluded from this request. */
export function unavailable(detail: string, seconds = RETRY_AFTER_SECONDS): Problem {
  return new Problem(503, 'unavailable', detail, { headers: { 'Retry-After': String(seconds) } });
}

/** What a caller is told of an error that can be expected; null where it is a surprise. */
function expected(error: unknown, now: Date): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof RateLimited) {
    const seconds = Math.max(1, Math.ceil((error.until.getTime() - now.getTime()) / 1000));
    return unavailable(
      'The request budget of a target is spent. Try again when its window is over.',
      seconds,
    );
  }
  if (error instanceof SourceUnavailable) {
    return unavailable(
      'The source could not be asked for the person. Try again, or send "refresh": false to go on with what is known.',
    );
  }
  if (error instanceof Refused) {
    return new Problem(502, 'target-failed', `A target refused to be asked, with status ${error.status}.`);
  }
  if (error instanceof TargetUnavailable || error instanceof TargetUnusable) {
    return new Problem(502, 'target-failed', `A target could not be asked: ${error.message}.`);
  }
  if (error instanceof URIError) {
    return new Problem(400, 'invalid-request', 'The address is not well-formed: mend its percent-encoding.');
  }
  return null;
}

/** A write that failed for whatever reason was perhaps not kept: the sender must send it again (never 4xx then). */
function unexpected(method: string): Problem {
  if (method === 'POST') {
    return unavailable('The request could not be stored. Send it again: what was stored is not done twice.');
  }
  return new Problem(500, 'internal', 'The log says more, under the X-Request-Id of this answer.');
}

/** The problem as it is sent. */
function problemBody({ status, kind, message, extra }: Problem): Record<string, unknown> {
  return {
    type: `urn:landbridge:problem:${kind}`,
    title: TITLES[kind],
    status,
    detail: message,
    ...(extra.errors === undefined ? {} : { errors: extra.errors }),
    ...(extra.people === undefined ? {} : { people: extra.people }),
  };
}

/** The one error handler of the server. Express' own would show stacks, so nothing is ever passed on to it. */
export function answerProblem(logger: Logger, now: () => Date): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const known = expected(error, now());
    if (known === null) logger.error({ err: error, request: request.id }, 'request failed');
    const problem = known ?? unexpected(request.method);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set(problem.extra.headers ?? {})
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemBody(problem)));
  };
}

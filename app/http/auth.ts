/**
 * Who calls, and what they may do. A token is taken from the Authorization header and from nowhere else: one in the
 * address ends up in the logs of every proxy on the way, so it is refused even where it would be valid (O-27).
 * RFC 6750 section 2.1.
 */
import type { Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import passport from 'passport';
import { Strategy } from 'passport-http-bearer';
import type { Caller, Scope } from '../config/index.ts';
import { Problem } from './problem.ts';

const TOKEN_PARAMETERS = new Set(['access_token', 'token']);

/** So many failures an address and minute are answered with 401; further ones with 429. */
const FAILURES_PER_MINUTE = 60;

export type Authenticate = (request: Request, response: Response) => Promise<Caller>;

/** Refuses any request that carries a token in its address. */
export const refuseTokenInAddress: RequestHandler = (request, _response, next) => {
  const carried = Object.keys(request.query).some((name) => TOKEN_PARAMETERS.has(name.toLowerCase()));
  next(
    carried
      ? unauthorized(
          'A token in the address is not accepted, and must be taken as known to others: replace it.',
        )
      : undefined,
  );
};

/** @returns a function that tells who calls; it throws the problem where nobody does */
export function createAuthenticate(verifyToken: (presented: string) => Caller | null): Authenticate {
  const authenticator = new passport.Passport();
  const strategy = new Strategy((token, done) => done(null, verifyToken(token) ?? false));
  authenticator.use(strategy);
  const limitFailures = rateLimit({
    windowMs: 60_000,
    limit: FAILURES_PER_MINUTE,
    legacyHeaders: false,
    standardHeaders: 'draft-8',
    // Behind a proxy all failures share one count; valid tokens are never counted.
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) => {
      next(new Problem(429, 'too-many-requests', 'Too many requests without a valid token. Wait a minute.'));
    },
  });
  return async (request, response) => {
    const caller = await present(authenticator, request, response);
    if (caller !== null) return caller;
    await new Promise<void>((resolve, reject) => {
      void limitFailures(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    throw unauthorized('Send a valid token as: Authorization: Bearer TOKEN.');
  };
}

/** @throws where the caller has none of the scopes */
export function requireScope(caller: Caller, scopes: readonly Scope[]): void {
  if (scopes.some((scope) => caller.scopes.includes(scope))) return;
  const needed = scopes.join(' or ');
  throw new Problem(403, 'forbidden', `This needs the scope ${needed}, which the token does not have.`, {
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
  });
}

function present(
  authenticator: passport.Authenticator,
  request: Request,
  response: Response,
): Promise<Caller | null> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, caller: unknown) =>
      error ? reject(error) : resolve(caller ? (caller as Caller) : null);
    authenticator.authenticate('bearer', { session: false }, done)(request, response, reject);
  });
}

function unauthorized(detail: string): Problem {
  return new Problem(401, 'unauthorized', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="landbridge"' },
  });
}

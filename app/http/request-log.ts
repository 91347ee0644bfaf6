/**
 * One log line a request: its id, who called which route, how it ended and how long it took. The address itself is
 * not logged, since it may hold a person's mail; nor are queries, bodies and headers (O-27).
 */
import type { RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import { describeError, type Logger } from '../signals/log.ts';

const REQUEST_ID = 'X-Request-Id';

/** Routes that machines ask every few seconds. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

type Noted = { readonly route: string; readonly caller?: string };

/** Remembers for the log which route was called, and by whom. */
export function noteRoute(response: Response, route: string, caller?: string): void {
  const noted: Noted = { route, ...(caller === undefined ? {} : { caller }) };
  response.locals.noted = noted;
}

function notedOf(response: object): Noted {
  return (response as { locals?: { noted?: Noted } }).locals?.noted ?? { route: 'none' };
}

/** @param newId makes a request's id where the caller gave none */
export function requestLog(logger: Logger, newId: () => string): RequestHandler {
  return pinoHttp({
    logger,
    // Its own serializers would write addresses, headers, and the messages of errors.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, err: describeError },
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request' },
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId();
      response.setHeader(REQUEST_ID, id);
      return id;
    },
    customLogLevel: (_request, response) => {
      if (response.statusCode >= 500) return 'warn';
      return QUIET.has(notedOf(response).route) ? 'debug' : 'info';
    },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customSuccessObject: (request, response, { responseTime }) => ({
      method: request.method,
      ...notedOf(response),
      status: response.statusCode,
      milliseconds: responseTime,
    }),
    customErrorObject: (request, response, _error, { responseTime }) => ({
      method: request.method,
      ...notedOf(response),
      status: response.statusCode,
      milliseconds: responseTime,
    }),
  });
}

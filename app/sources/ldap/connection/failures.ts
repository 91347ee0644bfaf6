/**
 * Says in words for an operator what went wrong between us and a directory, decided once, from result codes and
 * system error codes. The server's own text is kept as the cause only: it may name people.
 *
 * Never holds a password: no error here carries the request.
 */
import { ResultCodeError, SearchResponse, StatusCodeParser } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import { BadEncoding } from '../protocol/ber.ts';
import { ConnectionLost, Disconnected } from '../protocol/channel.ts';
import { MessageTooLong } from '../protocol/frames.ts';
import { tlsInWords } from './tls-failures.ts';

/** Nothing came back in time. The connection is not usable after that. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  /** @param step what was being waited for, as it ends a sentence */
  constructor(timeoutMs: number, step?: string) {
    super(`no answer within ${timeoutMs} ms${step === undefined ? '' : ` ${step}`}`);
  }
}

/** Our own caller wants no more. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** The server does not let the account in. The message says why, as far as it is known, and what to do about it. */
export class LogInRefused extends Error {
  override name = 'LogInRefused';
}

/** What was being done, as far as an operator can change it. */
export type Attempt = { readonly url: string; readonly account: string; readonly base?: string };

const RESULT_WORDS: Readonly<Record<number, (attempt: Attempt) => string>> = {
  1: () => 'the server refused the operation; the account is probably not bound',
  2: () => 'the server does not support what was asked (StartTLS or paged results may be off)',
  7: () => 'the server does not offer this way to log in',
  8: () => 'the server wants a protected connection; use ldaps or StartTLS',
  10: ({ base }) => `${base} is held by another server; put that server into urls`,
  12: () => 'the server does not support paged results',
  13: () => 'the server wants a protected connection; use ldaps or StartTLS',
  32: ({ base, account }) =>
    `${base} does not exist, or ${account} may not see it; check the base and the rights`,
  34: ({ base, account }) => `${base ?? account} is not a valid DN for this server`,
  48: ({ account }) => `${account} may not log in in this way`,
  50: ({ base, account }) => `${account} has not the right to read ${base}`,
  51: () => 'the server is busy',
  52: () => 'the server says that it is not available',
  53: () =>
    'the server is not willing to do this (the page size may be over its limit, or StartTLS is required)',
};

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; the server is down or the port is wrong',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up at the moment',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no connection in time',
};

/** What happened, without the server's text. */
export function inWords(error: unknown, attempt: Attempt): string {
  if (error instanceof ResultCodeError) {
    return RESULT_WORDS[error.code]?.(attempt) ?? `the server answered with LDAP result code ${error.code}`;
  }
  if (
    error instanceof NoAnswer ||
    error instanceof Stopped ||
    error instanceof LogInRefused ||
    error instanceof MessageTooLong
  )
    return error.message;
  if (error instanceof BadEncoding) return 'what answers there does not speak LDAP as it should';
  if (error instanceof Disconnected)
    return `the server ended the connection: ${inWords(resultError(error.code, ''), attempt)}`;
  if (error instanceof ConnectionLost)
    return error.cause === undefined ? error.message : inWords(error.cause, attempt);
  const code = errorCode(error);
  const unknown = code === '' ? 'the connection was lost' : `the connection failed (${code})`;
  return tlsInWords(code) ?? SYSTEM_WORDS[code] ?? unknown;
}

/** The error that a result code other than success stands for. */
export function resultError(code: number, diagnostic: string): ResultCodeError {
  return StatusCodeParser.parse(new SearchResponse({ messageId: 0, status: code, errorMessage: diagnostic }));
}

/** The one error that leaves this folder. */
export function unavailable(error: unknown, attempt: Attempt): SourceUnavailable {
  if (error instanceof SourceUnavailable) return error;
  return new SourceUnavailable(`${attempt.url}: ${inWords(error, attempt)}`, { cause: error });
}

const LIMIT_WORDS: Readonly<Record<number, string>> = {
  3: 'the server stopped at its time limit',
  4: 'the server stopped at its size limit',
  11: 'the server stopped at an administrative limit',
};

/** @returns why the server gave only a part, or null where the error is something else */
export function limitInWords(error: unknown, attempt: Attempt): string | null {
  const words = error instanceof ResultCodeError ? LIMIT_WORDS[error.code] : undefined;
  return words === undefined ? null : `${words} below ${attempt.base}; lift the limits of ${attempt.account}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

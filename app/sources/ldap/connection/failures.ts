/**
 * Says in words for an operator what went wrong between us and a directory, decided once, from result codes and
 * system error codes. The server's own text is kept as the cause only: it may name people.
 *
 * Never holds a password: ldapts' errors do not carry the request, and neither do these.
 */
import { ResultCodeError, SearchResponse, StatusCodeParser } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';

/** Nothing came back in time. The connection is not usable after that. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** Our own caller wants no more. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** The connection is not (or no longer) the one that was bound; an answer over it would be an anonymous one. */
export class NotBound extends Error {
  override name = 'NotBound';
}

/** What was being done, as far as an operator can change it. */
export type Attempt = { readonly url: string; readonly bindDn: string; readonly base?: string };

const RESULT_WORDS: Readonly<Record<number, (attempt: Attempt) => string>> = {
  1: () => 'the server refused the operation; the account is probably not bound',
  2: () => 'the server does not support what was asked (StartTLS or paged results may be off)',
  8: () => 'the server wants a protected connection; use ldaps or StartTLS',
  10: ({ base }) => `${base} is held by another server; put that server into urls`,
  12: () => 'the server does not support paged results',
  13: () => 'the server wants a protected connection; use ldaps or StartTLS',
  32: ({ base, bindDn }) =>
    `${base} does not exist, or ${bindDn} may not see it; check the base and the rights`,
  34: ({ base, bindDn }) => `${base ?? bindDn} is not a valid DN for this server`,
  48: ({ bindDn }) => `${bindDn} may not log in with a password`,
  49: ({ bindDn }) => `the password for ${bindDn} is wrong, or the account is locked or does not exist`,
  50: ({ base, bindDn }) => `${bindDn} has not the right to read ${base}`,
  51: () => 'the server is busy',
  52: () => 'the server says that it is not available',
  53: () =>
    'the server is not willing to do this (the page size may be over its limit, or StartTLS is required)',
};

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; the server is down or the port is wrong',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up at the moment',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no connection in time',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name; set serverName to a name it holds',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet; check the clocks',
};

const UNKNOWN_CA_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** What happened, without the server's text. */
export function inWords(error: unknown, attempt: Attempt): string {
  if (error instanceof ResultCodeError) {
    return RESULT_WORDS[error.code]?.(attempt) ?? `the server answered with LDAP result code ${error.code}`;
  }
  if (error instanceof NoAnswer || error instanceof Stopped || error instanceof NotBound)
    return error.message;
  const code = errorCode(error);
  if (UNKNOWN_CA_CODES.has(code))
    return 'the certificate is from an unknown authority; set ca to the right one';
  return SYSTEM_WORDS[code] ?? (code === '' ? 'the connection was lost' : `the connection failed (${code})`);
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

/** A wrong password is wrong everywhere; asking more servers only brings the account nearer to being locked. */
export function isWrongPassword(error: unknown): boolean {
  return error instanceof ResultCodeError && error.code === 49;
}

const LIMIT_WORDS: Readonly<Record<number, string>> = {
  3: 'the server stopped at its time limit',
  4: 'the server stopped at its size limit',
  11: 'the server stopped at an administrative limit',
};

/** @returns why the server gave only a part, or null where the error is something else */
export function limitInWords(error: unknown, attempt: Attempt): string | null {
  const words = error instanceof ResultCodeError ? LIMIT_WORDS[error.code] : undefined;
  return words === undefined ? null : `${words} below ${attempt.base}; lift the limits of ${attempt.bindDn}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

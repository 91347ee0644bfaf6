/**
 * What a failed connection means: may the request have been carried out, and can waiting help? Decided by the error's
 * code alone; the error itself is not passed on, because it may hold bytes of the exchange. Pure.
 */
import { LeaseLost, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { certificateAlert } from './certificate-refusal.ts';

/** The name server knows no such host, or does not answer. */
const UNKNOWN_HOST: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** The proxy answered CONNECT with something other than 200. */
const NO_TUNNEL = 'UND_ERR_ABORTED';

/** Failures that come before the first byte of a request leaves us. */
const NOTHING_SENT: ReadonlySet<string> = new Set([
  ...UNKNOWN_HOST,
  NO_TUNNEL,
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED', 'UND_ERR_INVALID_ARG'],
]);

/** The certificate is not one we trust: time does not mend that, an operator does. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...[
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
  ],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_REVOKED', 'CERT_UNTRUSTED'],
  // The same as ERR_TLS_CERT_ALTNAME_INVALID, through a proxy.
  'UND_ERR_PRX_TLS',
]);

/** What OpenSSL says of a certificate or key that we gave it ourselves. */
const OUR_OWN = /^ERR_OSSL_/;

export type Attempt = {
  /** Whom and what: `POST Users at agileplace`. Without values. */
  readonly what: string;
  /** True where the request changes a user, so that a lost answer leaves its outcome unknown. */
  readonly writes: boolean;
  /** Why we broke it off ourselves, where we did. */
  readonly brokenOff: 'timeout' | 'stopped' | null;
  /** The reason that came with the caller's signal. */
  readonly stopReason: unknown;
  /** The TLS alert by which the server ended the connection, where it sent one. */
  readonly tlsAlert?: string | null;
};

/** The error to throw for a request that brought no answer. */
export function transportFailure(error: unknown, attempt: Attempt): Error {
  if (attempt.stopReason instanceof LeaseLost) return attempt.stopReason;
  const code = attempt.tlsAlert ?? codeOf(error);
  const mend = whatToMend(code);
  if (mend !== null) return new TargetUnusable('misconfigured', `${attempt.what}: ${mend}`);
  const nothingSent = attempt.brokenOff === null && (NOTHING_SENT.has(code) || failedToConnect(error));
  const why = attempt.brokenOff === null ? connectionTrouble(code) : BROKEN_OFF[attempt.brokenOff];
  return new TargetUnavailable(`${attempt.what}: ${why}`, { outcomeUnknown: attempt.writes && !nothingSent });
}

/** What is wrong with certificates; null where the failure is about something else. */
function whatToMend(code: string): string | null {
  if (UNTRUSTED.has(code)) {
    return `the server's certificate is not trusted (${code}); give the CA that signed it`;
  }
  if (OUR_OWN.test(code)) {
    return `the client certificate or its key cannot be used (${code}); check clientCertificate`;
  }
  return certificateAlert(code);
}

function connectionTrouble(code: string): string {
  if (UNKNOWN_HOST.has(code)) {
    return `the host name cannot be found (${code}); check baseUrl, and the proxy where there is one`;
  }
  return code === NO_TUNNEL
    ? 'the proxy lets no connection through; check the proxy, and NO_PROXY'
    : `no connection or it broke (${code})`;
}

const BROKEN_OFF = {
  timeout: 'no answer in time',
  stopped: 'we stopped waiting for the answer',
} as const;

function codeOf(error: unknown): string {
  const code = property(error, 'code');
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'no code';
}

/** ETIMEDOUT and ECONNRESET also befall open connections; the system call tells them apart. */
function failedToConnect(error: unknown): boolean {
  return property(error, 'syscall') === 'connect';
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

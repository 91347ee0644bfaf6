/**
 * What an operator is told where a connection cannot be protected: the codes of Node and OpenSSL, and the alerts by
 * which a server refuses our certificate (RFC 8446 section 6.2). Pure.
 */

const RENEW = 'renew it, or have its authority trusted there';

const WORDS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name; set serverName to a name it holds',
  CERT_HAS_EXPIRED: 'the certificate has expired; have it renewed',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet; check the clocks',
  CERT_REVOKED: 'the certificate was revoked; have it renewed',
  INVALID_PURPOSE: 'the certificate is not one for servers; have it issued for server authentication',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak TLS; check the port and tls.mode',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers there does not speak TLS; check the port and tls.mode',
  ERR_SSL_UNSUPPORTED_PROTOCOL:
    'the server speaks no TLS version that is safe; let it speak TLS 1.2 or newer',
};

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** OpenSSL's names of the alerts, as Node makes codes of them. */
const ALERT = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)$/;

const ALERT_WORDS: Readonly<Record<string, string>> = {
  CERTIFICATE_REQUIRED: 'the server wants a client certificate; set tls.clientCertificate',
  CERTIFICATE_EXPIRED: `our client certificate has expired; ${RENEW}`,
  CERTIFICATE_REVOKED: `our client certificate was revoked; ${RENEW}`,
  UNKNOWN_CA: `the server does not know the authority of our client certificate; ${RENEW}`,
  BAD_CERTIFICATE: `the server does not take our client certificate; ${RENEW}`,
  UNSUPPORTED_CERTIFICATE: `the server does not take our client certificate; ${RENEW}`,
  CERTIFICATE_UNKNOWN: `the server does not take our client certificate; ${RENEW}`,
  ACCESS_DENIED: `the server does not take our client certificate; ${RENEW}`,
  DECRYPT_ERROR: `the server does not take our client certificate; ${RENEW}`,
  PROTOCOL_VERSION: 'the server speaks no TLS version that is safe; let it speak TLS 1.2 or newer',
  // In TLS 1.2 the same alert stands for a missing certificate and for want of a common cipher.
  HANDSHAKE_FAILURE: 'the server refused TLS; it may want a client certificate, or an older TLS version',
};

/** @param code of Node's error. @returns null where it is not about TLS */
export function tlsInWords(code: string): string | null {
  if (UNKNOWN_AUTHORITY.has(code))
    return 'the certificate is from an unknown authority; set ca to the right one';
  if (code.startsWith('ERR_OSSL_'))
    return `a certificate or key of ours cannot be used (${code}); check ca and clientCertificate`;
  return WORDS[code] ?? ALERT_WORDS[ALERT.exec(code)?.[1] ?? ''] ?? null;
}

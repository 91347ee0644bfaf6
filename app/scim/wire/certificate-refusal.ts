/**
 * How a server says that it wants a client certificate, or does not take ours: by a TLS alert (RFC 8446, 6.2), or, like
 * nginx, by a page under 400 after the handshake. Time does not mend that, an operator does. Pure.
 *
 * Some servers only break the connection. That cannot be told from any other break, and is treated like one.
 */
import type { Reply } from './answer.ts';

/** OpenSSL's names of the alerts, as Node makes codes of them. */
const ALERT = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)$/;

const REFUSED: ReadonlySet<string> = new Set([
  ...['UNKNOWN_CA', 'BAD_CERTIFICATE', 'UNSUPPORTED_CERTIFICATE', 'ACCESS_DENIED', 'DECRYPT_ERROR'],
  ...['CERTIFICATE_REVOKED', 'CERTIFICATE_EXPIRED', 'CERTIFICATE_UNKNOWN'],
]);

/** @returns what to tell an operator, null where the code is not about our certificate */
export function certificateAlert(code: string): string | null {
  const alert = ALERT.exec(code)?.[1] ?? '';
  if (alert === 'CERTIFICATE_REQUIRED') return wanted(code);
  if (REFUSED.has(alert)) {
    return `the server does not take our client certificate (${code}); renew it, or have its authority trusted there`;
  }
  // In TLS 1.2 the same alert stands for a missing certificate and for want of a common cipher.
  if (alert !== 'HANDSHAKE_FAILURE') return null;
  return `the server refused the TLS handshake (${code}); it may want a clientCertificate, or an older TLS version`;
}

/** As nginx words it (ngx_http_special_response.c), where no page of the server's own stands before it. */
export function certificatePage({ status, text }: Reply): string | null {
  const title = /<title>\s*(400|495|496) ([^<]{1,100})/i.exec(text.slice(0, 1_000));
  if (![400, 495, 496].includes(status) || title === null) return null;
  if (/no required ssl certificate/i.test(title[2] ?? '')) return wanted(String(status));
  if (!/ssl certificate error/i.test(title[2] ?? '')) return null;
  return `the server does not take our client certificate (${status}); renew it, or have its authority trusted there`;
}

function wanted(how: string): string {
  return `the server wants a client certificate (${how}); set clientCertificate`;
}

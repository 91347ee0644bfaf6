/**
 * How Landbridge gets into an LDAP directory: encryption, certificates, log-in.
 * The rule against unencrypted directories: a bind sends the password as it is (RFC 4513 section 5.1.3).
 */
import * as z from 'zod';
import { hasUserInfo, isLoopback } from './addresses.ts';
import { clientCertificateSchema } from './client-certificate-schema.ts';
import { certificates, choice, flag, notBlank, secret, text } from './fields.ts';
import type { Surroundings } from './surroundings.ts';

/** Fields of a source. */
export function logInFields(around: Surroundings) {
  return {
    bind: choice(
      around,
      'simple: bindDn and password say who we are. external: tls.clientCertificate does (SASL EXTERNAL).',
      ['simple', 'external'],
    ).prefault('simple'),
    bindDn: text(
      around,
      'The account that reads the directory, as a DN. Needed with bind simple.',
      notBlank,
    ).exactOptional(),
    password: secret(around, 'The password of bindDn. Needed with bind simple.').exactOptional(),
  };
}

export function tlsSchema(around: Surroundings) {
  return z
    .strictObject({
      mode: choice(around, 'ldaps for ldaps:// addresses; starttls or none for ldap:// addresses.', [
        'ldaps',
        'starttls',
        'none',
      ]).prefault('ldaps'),
      ca: certificates(
        around,
        'File with the PEM certificates of the authorities to trust. Without it: those of Node.js.',
      ).exactOptional(),
      serverName: text(
        around,
        'The name the certificate must carry, where it is not the host.',
        notBlank,
      ).exactOptional(),
      clientCertificate: clientCertificateSchema(
        around,
        'The certificate to show to the directory, where it wants one or bind is external.',
      ).exactOptional(),
      allowPlaintext: flag(
        around,
        'Allows mode none to a directory on another machine. The password then crosses the network readable.',
      ).prefault(false),
    })
    .prefault({})
    .describe('How the connection is encrypted.');
}

type LogIn = { readonly bind: string; readonly tls: { readonly mode: string } };

/** Either a name and a password, or the certificate. A field that was refused is there, and has its own message. */
export function checkLogIn(source: LogIn, context: z.RefinementCtx): void {
  const { bind, tls } = source;
  const hasCertificate = typeof tls === 'object' && 'clientCertificate' in tls;
  const needs = (...path: string[]) =>
    context.addIssue({ code: 'invalid_type', expected: 'string', input: undefined, path });
  const refuses = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (bind === 'simple') {
    for (const field of ['bindDn', 'password']) if (!(field in source)) needs(field);
  }
  if (bind === 'external') {
    for (const field of ['bindDn', 'password'].filter((each) => each in source))
      refuses([field], 'is not used with bind external. Remove it, or set bind to simple.');
    if (!hasCertificate) needs('tls', 'clientCertificate');
  }
  if (hasCertificate && tls.mode === 'none')
    refuses(
      ['tls', 'clientCertificate'],
      'is shown over TLS only. Set tls.mode to ldaps or starttls, or remove it.',
    );
}

type Encryption = {
  readonly urls: readonly string[];
  readonly tls: { readonly mode: string; readonly allowPlaintext: boolean };
};

/** Which addresses go with which mode, and that no password crosses a network readable without being wanted. */
export function checkEncryption({ urls, tls }: Encryption, context: z.RefinementCtx): void {
  const { mode, allowPlaintext } = tls ?? {};
  // A field that was refused is not text: its own message is enough.
  if (!Array.isArray(urls) || typeof mode !== 'string') return;
  for (const [index, address] of urls.entries()) {
    if (typeof address !== 'string' || hasUserInfo(address)) continue;
    const message = encryptionProblem(new URL(address), mode, allowPlaintext === true);
    if (message !== null) context.addIssue({ code: 'custom', path: ['urls', index], message });
  }
}

function encryptionProblem(url: URL, mode: string, allowPlaintext: boolean): string | null {
  const encrypted = url.protocol === 'ldaps:';
  if (encrypted !== (mode === 'ldaps')) {
    return encrypted
      ? `is an ldaps:// address, but tls.mode is ${mode}. Set tls.mode to ldaps.`
      : 'is an ldap:// address, but tls.mode is ldaps. Write ldaps://, or set tls.mode to starttls.';
  }
  if (mode !== 'none' || allowPlaintext || isLoopback(url)) return null;
  return 'would send the password unencrypted. Set tls.mode to starttls, or tls.allowPlaintext to true if that is wanted.';
}

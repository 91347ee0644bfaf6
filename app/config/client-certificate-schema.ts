/**
 * The certificate with which Landbridge shows itself to a server (mutual TLS). That certificate and key fit is found
 * at the start: a server would only break the connection, and not say why.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { accept, type Checked, refuse } from './checked.ts';
import { file, secret } from './fields.ts';
import type { Surroundings } from './surroundings.ts';

export type ClientCertificateConfig = z.infer<ReturnType<typeof clientCertificateSchema>>;

/** The certificate with its secrets, at the moment in which it is used. */
export function revealCertificate({ cert, key, passphrase }: ClientCertificateConfig) {
  const opened = passphrase === undefined ? {} : { passphrase: passphrase.reveal() };
  return { cert, key: key.reveal(), ...opened };
}

/** @param about what it is for, and when to give it */
export function clientCertificateSchema(around: Surroundings, about: string) {
  return z
    .strictObject({
      cert: file(
        around,
        'File with the certificate as PEM, and after it those between it and its authority.',
        (_path, content) =>
          certificateIn(content) === null
            ? refuse('names a file without a PEM certificate. Give the certificate as PEM.')
            : accept(content),
      ),
      key: secret(around, 'The private key of cert, as PEM.'),
      passphrase: secret(around, 'What opens the key, where it is encrypted.').exactOptional(),
    })
    .superRefine(({ cert, key, passphrase }, context) => {
      const fitting = keyThatFits(cert, key.reveal(), passphrase?.reveal());
      if (fitting.ok) return;
      context.addIssue({ code: 'custom', path: ['key'], message: fitting.message });
    })
    .describe(about);
}

function certificateIn(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function keyThatFits(cert: string, key: string, passphrase: string | undefined): Checked<null> {
  if (passphrase === undefined && key.includes('ENCRYPTED')) {
    return refuse('is encrypted. Name what opens it as passphrase.');
  }
  try {
    const opened = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
    if (certificateIn(cert)?.checkPrivateKey(opened) === true) return accept(null);
    return refuse(
      'does not belong to the certificate in cert. Give the key that the certificate was made for.',
    );
  } catch {
    return refuse(
      passphrase === undefined
        ? 'is no private key as PEM. Give the file that begins with BEGIN PRIVATE KEY.'
        : 'is no private key as PEM, or passphrase does not open it. Correct one of the two.',
    );
  }
}

/**
 * The Authentication contract: what to put into the Authorization header, and what to do when it was refused.
 *
 * Secrets come as functions and are read anew at each use, so that a rotated secret works without a restart. They are
 * never kept longer than a request, never logged, and named in `secrets` so that no message can quote them.
 */
import { TargetUnusable } from '../../errors.ts';
import type { Call } from '../target.ts';

export type Credential = {
  /** The whole header value. */
  readonly authorization: string;
  /** Every text in it that must not be seen. */
  readonly secrets: readonly string[];
};

export type Authentication = {
  current(call: Call): Promise<Credential>;
  /**
   * Called after the target answered 401 to `refused`.
   * @returns another credential, worth one more try; null where there is none
   */
  replacement(refused: Credential, call: Call): Promise<Credential | null>;
  /** Called after the target answered anything but 401. */
  accepted(used: Credential): void;
};

/** @throws TargetUnusable where the secret cannot be read, is empty, or cannot stand in a header */
export function readSecret(what: string, read: () => string): string {
  let secret: string;
  try {
    secret = read();
  } catch {
    throw new TargetUnusable(
      'misconfigured',
      `${what} cannot be read; check the file or variable it comes from`,
    );
  }
  if (secret === '') throw new TargetUnusable('misconfigured', `${what} is empty; set it`);
  return secret;
}

/** @throws TargetUnusable where the token holds anything but visible ASCII, which no header can carry */
export function bearer(what: string, token: string): Credential {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TargetUnusable('misconfigured', `${what} holds blanks or other characters that no token has`);
  }
  const authorization = `Bearer ${token}`;
  return { authorization, secrets: [token] };
}

/** Name and password as RFC 7617 wants them, in UTF-8. */
export function basic(username: string, password: string): Credential {
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${encoded}`, secrets: [password, encoded] };
}

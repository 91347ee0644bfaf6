/**
 * Logs in: by a password (simple bind, RFC 4513 section 5.1.3) or by the certificate of the TLS connection (SASL
 * EXTERNAL, RFC 4422 appendix A). What the server says of the account with its answer becomes a refusal in words or a
 * warning. No password stands in anything that is thrown.
 */
import { BindRequest, Control } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import { ask } from '../protocol/ask.ts';
import type { Channel } from '../protocol/channel.ts';
import { LogInRefused, resultError } from './failures.ts';
import { PASSWORD_POLICY, refusalInWords, warningInWords } from './password-policy.ts';

/** How an account shows who it is. */
export type LogIn =
  | { readonly by: 'password'; readonly dn: string; readonly password: () => string }
  | { readonly by: 'certificate' };

const INVALID_CREDENTIALS = 49;

/** What is sent to log in, read before anything is opened. */
export type Credential =
  | { readonly dn: string; readonly password: string }
  | { readonly mechanism: 'EXTERNAL' };

/**
 * An empty password is an anonymous bind that looks like a successful one (RFC 4513 section 5.1.2).
 * @throws SourceUnavailable where the password cannot be read or is empty
 */
export function readCredential(logIn: LogIn): Credential {
  if (logIn.by === 'certificate') return { mechanism: 'EXTERNAL' };
  const { dn } = logIn;
  let password: string;
  try {
    password = logIn.password();
  } catch (cause) {
    throw new SourceUnavailable(`the password for ${dn} cannot be read`, { cause });
  }
  if (password === '')
    throw new SourceUnavailable(`the password for ${dn} is empty; set it to the right one`);
  return { dn, password };
}

/**
 * @param account how messages name it
 * @returns what an operator should know of the account
 * @throws LogInRefused where no other server would let it in either, or the error of the server's answer
 */
export async function logIn(
  channel: Channel,
  credential: Credential,
  account: string,
): Promise<readonly string[]> {
  const controls = [new Control(PASSWORD_POLICY)];
  const answer = await ask(channel, (messageId) => new BindRequest({ messageId, controls, ...credential }));
  const isByCertificate = 'mechanism' in credential;
  const refusal =
    isByCertificate && answer.code === INVALID_CREDENTIALS
      ? 'the server knows no account for our client certificate, or does not let it in'
      : refusalInWords(answer, account);
  const cause = answer.code === 0 ? undefined : resultError(answer.code, answer.diagnostic);
  if (refusal !== null) throw new LogInRefused(refusal, { cause });
  if (cause !== undefined) throw cause;
  const warning = warningInWords(answer, account);
  return warning === null ? [] : [warning];
}

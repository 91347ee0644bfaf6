/** How a directory is reached and logged in to, and the check that this can work. */
import { SOURCE_NAME } from '../../../person/anchor.ts';

export type ClientCertificate = {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
};

export type ReachOptions = {
  readonly name: string;
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** `none` sends the password in clear; only for a server on the same machine. */
  readonly tls: 'ldaps' | 'starttls' | 'none';
  /** PEM text of the authority; without it, those that Node knows. */
  readonly ca?: string;
  /** The name that the certificate must hold, where it is not the host of the URL. */
  readonly serverName?: string;
  /** PEM texts. What is shown to servers that want to know who connects. */
  readonly clientCertificate?: () => ClientCertificate;
  /** `simple`, the default: bindDn and password say who we are. `external`: the client certificate does. */
  readonly bind?: 'simple' | 'external';
  readonly bindDn?: string;
  readonly password?: () => string;
  /** Whether a part that another server holds makes a read incomplete (the default), or is left out and counted. */
  readonly referrals?: 'refuse' | 'ignore';
};

/** @returns what is wrong with how we say who we are */
export function problemsOfLogIn(options: ReachOptions): readonly string[] {
  const { bind, bindDn, password, clientCertificate, tls } = options;
  const problems: string[] = [];
  if (clientCertificate !== undefined && tls === 'none')
    problems.push('clientCertificate: it is shown over TLS only; use ldaps or starttls, or leave it out');
  if (bind !== 'external') {
    if ((bindDn ?? '').trim() === '')
      problems.push('bindDn: give the account to log in with; anonymous reading is refused');
    if (password === undefined) problems.push('password: give the password of bindDn');
    return problems;
  }
  if (clientCertificate === undefined)
    problems.push('clientCertificate: with bind external it says who we are; give one');
  if (bindDn !== undefined)
    problems.push('bindDn: with bind external the certificate says who we are; leave it out');
  if (password !== undefined) problems.push('password: with bind external there is none; leave it out');
  return problems;
}

/** @returns what is wrong with name and addresses */
export function problemsOfReach({ name, urls, tls }: ReachOptions): readonly string[] {
  const problems: string[] = [];
  if (!SOURCE_NAME.test(name))
    problems.push('name: use lower-case letters, digits and hyphens, a letter first');
  if (urls.length === 0) problems.push('urls: give at least one server');
  const protocol = tls === 'ldaps' ? 'ldaps:' : 'ldap:';
  urls.forEach((text, index) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.hostname === '' || url.protocol !== protocol) {
      problems.push(
        `urls[${index}]: with tls "${tls}" it must read ${protocol}//host or ${protocol}//host:port`,
      );
    } else if (url.username !== '' || url.password !== '') {
      problems.push(`urls[${index}]: a URL must not carry a user or password; use bindDn and password`);
    }
  });
  return problems;
}

/**
 * Addresses of directories, targets and Redis. They carry no credentials: an address turns up in logs and error
 * texts, so user-info and tokens in it are refused at load (O-27).
 */
import { accept, type Checked, refuse } from './checked.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

/** `ldaps://host[:port]` or `ldap://host[:port]`. */
export function ldapAddress(text: string): Checked<string> {
  const url = parse(text, ['ldap:', 'ldaps:'], 'ldaps://ldap.example.com');
  if (!url.ok) return url;
  if (url.value.search !== '' || !['', '/'].includes(url.value.pathname)) {
    return refuse('must end after host and port. Put bases and filters under people and groups.');
  }
  return accept(`${url.value.protocol}//${url.value.host}`);
}

/** `https://host/path`, given back without a slash at its end. */
export function httpAddress(text: string): Checked<string> {
  const url = parse(text, ['http:', 'https:'], 'https://account.example.com/scim/v1');
  if (!url.ok) return url;
  if (/[?&](access_)?token=/i.test(text)) {
    return refuse('carries a token in its query. Take it out and put it under auth, as a secret.');
  }
  if (/[?#]/.test(text)) return refuse('must end after its path. Take out everything from ? or # on.');
  return accept(url.value.href.replace(/\/+$/, ''));
}

/** `https://host/path?query`, given back as it is written: a token endpoint may need its query or a slash at its end. */
export function tokenAddress(text: string): Checked<string> {
  const url = parse(text, ['http:', 'https:'], 'https://login.example.com/oauth/token');
  if (!url.ok) return url;
  if (/[?&]([a-z_]*token|client_secret|password)=/i.test(text)) {
    return refuse('carries a secret in its query. Take it out; clientSecret has its own field.');
  }
  if (text.includes('#')) return refuse('must end before its #. Take out everything from there on.');
  return accept(url.value.href);
}

/** `redis://host:port/number`; a password in it makes the whole address a secret. */
export function redisAddress(text: string): Checked<string> {
  if (!/^rediss?:\/\/[^\s/]+/.test(text) || !URL.canParse(text)) {
    return refuse('must be a Redis address. Write it like redis://127.0.0.1:6379.');
  }
  return accept(text);
}

/** ioredis takes a password from the query, too. */
export function carriesPassword(redisUrl: string): boolean {
  return hasUserInfo(redisUrl) || /[?&](?:[a-z]*password|username)=/i.test(redisUrl);
}

export function hasUserInfo(text: string): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  return authority.includes('@');
}

function parse(text: string, protocols: readonly string[], example: string): Checked<URL> {
  // Before parsing: `ldaps://cn=svc:secret@host` is no valid URL, but its author must learn why it is refused.
  if (hasUserInfo(text)) {
    return refuse(
      'carries a user name or password. Take out everything up to the @ and name it in its own fields.',
    );
  }
  if (!URL.canParse(text)) return refuse(`must be an address. Write it like ${example}.`);
  const url = new URL(text);
  if (!protocols.includes(url.protocol) || url.hostname === '') {
    return refuse(
      `must begin with ${protocols.map((name) => `${name}//`).join(' or ')}. Write it like ${example}.`,
    );
  }
  return accept(url);
}

/**
 * Opens a bound connection to the first server that answers, and searches over it page by page.
 *
 * One connection serves one read: after a drop in the middle of an answer, ldapts keeps half a message and waits for
 * ever on the next search, so a client is never used again. The connection is never downgraded: where TLS is asked
 * for, the password is sent only after the certificate was verified. Every answer is believed only if the connection
 * was bound before and after it.
 */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { Client, type Filter, type Entry as LdapEntry, type SearchResult } from 'ldapts';
import { SourceUnavailable } from '../../errors.ts';
import { BUFFER_ATTRIBUTES } from './attributes.ts';
import { type Attempt, inWords, isWrongPassword, limitInWords, NotBound, unavailable } from './failures.ts';
import type { LdapSettings, SearchScope } from './options.ts';
import { createWire, exchange, type Wire } from './wire.ts';

export type Search = {
  readonly base: string;
  readonly scope: SearchScope;
  readonly filter: Filter;
  readonly attributes: readonly string[];
};

/** `problem` says why this page does not tell everything; null where it does. */
export type Page = { readonly entries: readonly LdapEntry[]; readonly problem: string | null };

export type Connection = {
  /** @throws SourceUnavailable when the answer broke off */
  pages(search: Search): AsyncGenerator<Page>;
  close(): Promise<void>;
};

type Line = { readonly client: Client; readonly wire: Wire; readonly url: string };

/** @throws SourceUnavailable naming each server and what was wrong with it */
export async function openConnection(settings: LdapSettings, signal: AbortSignal): Promise<Connection> {
  const password = readPassword(settings);
  const failures: string[] = [];
  let cause: unknown;
  for (const url of settings.urls) {
    try {
      const line = await openLine(url, password, settings, signal);
      return {
        pages: (search) => readPages(line, search, settings, signal),
        close: () => closeLine(line, settings.timeoutMs),
      };
    } catch (error) {
      cause = error;
      failures.push(`${url}: ${inWords(error, { url, bindDn: settings.bindDn })}`);
      if (isWrongPassword(error) || signal.aborted) break;
    }
  }
  throw new SourceUnavailable(failures.join('; '), { cause });
}

/** An empty password is an anonymous bind that looks like a successful one (RFC 4513 section 5.1.2). */
function readPassword({ password, bindDn }: LdapSettings): string {
  let value: string;
  try {
    value = password();
  } catch (cause) {
    throw new SourceUnavailable(`the password for ${bindDn} cannot be read`, { cause });
  }
  if (value === '')
    throw new SourceUnavailable(`the password for ${bindDn} is empty; set it to the right one`);
  return value;
}

async function openLine(
  url: string,
  password: string,
  settings: LdapSettings,
  signal: AbortSignal,
): Promise<Line> {
  const wire = createWire();
  const tlsOptions = tlsOptionsFor(url, settings);
  const client = new Client({
    url,
    createConnection: wire.openPlain,
    // StartTLS wraps the open socket: only ldaps opens one of its own.
    ...(settings.tls === 'ldaps' ? { tlsOptions, createSecureConnection: wire.openSecure } : {}),
  });
  const work = async () => {
    if (settings.tls === 'starttls') await client.startTLS(tlsOptions);
    await client.bind(settings.bindDn, password);
  };
  try {
    await exchange(wire, settings.timeoutMs, work, signal);
    return { client, wire, url };
  } catch (error) {
    wire.cut();
    throw error;
  }
}

function tlsOptionsFor(url: string, { ca, serverName }: LdapSettings): ConnectionOptions {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const name = serverName ?? host;
  return {
    // An address may not be sent as SNI.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // Said outright: after StartTLS, Node knows no host name and would check for "localhost".
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    ...(ca === undefined ? {} : { ca }),
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  };
}

async function* readPages(
  line: Line,
  search: Search,
  settings: LdapSettings,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const attempt: Attempt = { url: line.url, bindDn: settings.bindDn, base: search.base };
  const pages = line.client.searchPaginated(search.base, {
    scope: search.scope,
    filter: search.filter,
    attributes: [...search.attributes],
    explicitBufferAttributes: [...BUFFER_ATTRIBUTES],
    paged: { pageSize: settings.pageSize },
    // ldapts would ask the server to stop after 10 s.
    timeLimit: 0,
  });
  for (;;) {
    let step: IteratorResult<SearchResult>;
    try {
      checkBound(line);
      step = await exchange(line.wire, settings.timeoutMs, () => pages.next(), signal);
      checkBound(line);
    } catch (error) {
      const problem = limitInWords(error, attempt);
      if (problem === null) throw unavailable(error, attempt);
      yield { entries: [], problem };
      return;
    }
    if (step.done === true) return;
    yield { entries: step.value.searchEntries, problem: referralProblem(step.value, search.base) };
  }
}

function checkBound({ client, wire }: Line): void {
  if (!client.isBound || wire.isLost()) throw new NotBound('the connection was lost');
}

function referralProblem({ searchReferences }: SearchResult, base: string): string | null {
  if (searchReferences.length === 0) return null;
  return `part of ${base} is held by another server (referral); choose a base without it or another server`;
}

/** Says goodbye where that is possible, and leaves no socket behind where it is not. */
async function closeLine({ client, wire }: Line, timeoutMs: number): Promise<void> {
  try {
    if (!wire.isLost()) await exchange(wire, timeoutMs, () => client.unbind(), new AbortController().signal);
  } catch {
    // The read has its answer already; a goodbye that failed changes nothing.
  } finally {
    wire.cut();
  }
}

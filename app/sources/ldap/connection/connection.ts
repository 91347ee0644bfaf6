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
import { Client } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { LdapSettings } from '../options.ts';
import type { SearchItem } from '../protocol/messages.ts';
import { type Search, search } from '../protocol/search.ts';
import { type Attempt, inWords, isWrongPassword, NotBound, unavailable } from './failures.ts';
import { createWire, exchange, type Wire } from './wire.ts';

export type Connection = {
  readonly url: string;
  /** What the errors of this connection name. */
  attempt(base: string): Attempt;
  /**
   * One search, its answer in batches as it comes; the last item is `done`, whatever its code is.
   * @param patience `limited`: the server may be silent for as long as one answer may take; `endless`: for ever
   * @throws SourceUnavailable when the answer broke off
   */
  search(wanted: Search, patience?: 'limited' | 'endless'): AsyncGenerator<readonly SearchItem[], void>;
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
      return connectionOver(line, settings, signal);
    } catch (error) {
      cause = error;
      failures.push(`${url}: ${inWords(error, { url, bindDn: settings.bindDn })}`);
      if (isWrongPassword(error) || signal.aborted) break;
    }
  }
  throw new SourceUnavailable(failures.join('; '), { cause });
}

function connectionOver(line: Line, settings: LdapSettings, signal: AbortSignal): Connection {
  const { url } = line;
  const { bindDn, timeoutMs } = settings;
  const attempt = (base: string): Attempt => ({ url, bindDn, base });
  return {
    url,
    attempt,
    async *search(wanted, patience = 'limited') {
      const limit = patience === 'limited' ? timeoutMs : null;
      let answer: ReturnType<typeof search> | null = null;
      try {
        answer = search(line.wire.share(), wanted);
        const next = answer.next.bind(answer);
        for (;;) {
          checkBound(line);
          const step = await exchange(line.wire, limit, next, signal);
          checkBound(line);
          if (step.done === true) return;
          yield step.value;
        }
      } catch (error) {
        throw unavailable(error, attempt(wanted.base));
      } finally {
        // Not waited for: where the exchange was ended, the search waits for ever.
        void answer?.return().catch(() => {});
      }
    },
    close: () => closeLine(line, timeoutMs),
  };
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
    createSecureConnection: wire.openSecure,
    // With these, ldapts would open a socket with TLS also where StartTLS is to wrap an open one.
    ...(settings.tls === 'ldaps' ? { tlsOptions } : {}),
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

function checkBound({ client, wire }: Line): void {
  if (!client.isBound || wire.isLost()) throw new NotBound('the connection was lost');
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

/**
 * Opens a bound connection to the first server that lets us in, and searches over it.
 *
 * One connection serves one read and is never opened again: an answer of "success, nobody" to somebody who is not
 * logged in would read as "everyone has left". After anything but a whole answer it is cut.
 */
import { ExtendedRequest, UnbindRequest } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { LdapSettings } from '../options.ts';
import { ask } from '../protocol/ask.ts';
import { type Channel, ConnectionLost } from '../protocol/channel.ts';
import type { SearchItem } from '../protocol/messages.ts';
import { type Search, search } from '../protocol/search.ts';
import { type Dialled, dial } from './dial.ts';
import { type Attempt, inWords, LogInRefused, NoAnswer, unavailable } from './failures.ts';
import { type Credential, logIn, readCredential } from './log-in.ts';
import { within } from './time-limit.ts';

export type Connection = {
  readonly url: string;
  /** What an operator should know although we are in: a password that expires soon, a server that was passed over. */
  readonly warnings: readonly string[];
  /** Until when the server's certificate is valid; null without TLS. */
  readonly certificateEnds: Date | null;
  /** What the errors of this connection name. */
  attempt(base: string): Attempt;
  /**
   * One search, its answer in batches as it comes; the last item is `done`, whatever its code is.
   * @param patience `limited`: the server may be silent for as long as one answer may take; `endless`: for ever
   * @throws SourceUnavailable when the answer broke off
   */
  search(wanted: Search, patience?: 'limited' | 'endless'): AsyncGenerator<readonly SearchItem[], void>;
  /**
   * Whom the server takes us for (RFC 4532), empty for nobody. Only where it announces `WHO_AM_I`.
   * @returns null where it does not answer that after all
   * @throws SourceUnavailable when the connection broke
   */
  whoAmI(): Promise<string | null>;
  close(): Promise<void>;
};

export const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3';

type Line = Dialled & { readonly url: string; readonly warnings: readonly string[] };

/** @throws SourceUnavailable naming each server and what was wrong with it */
export async function openConnection(settings: LdapSettings, signal: AbortSignal): Promise<Connection> {
  const { account, standing } = settings;
  const credential = readCredential(settings.logIn);
  const failures: string[] = [];
  let cause: unknown;
  for (const url of standing.inOrder(settings.urls)) {
    try {
      const line = await openLine(url, credential, settings, signal);
      standing.worked(url);
      const warnings = [...line.warnings, ...failures.map((failure) => `passed over: ${failure}`)];
      return connectionOver({ ...line, warnings }, settings, signal);
    } catch (error) {
      cause = error;
      failures.push(`${url}: ${inWords(error, { url, account })}`);
      // What is wrong with the account is wrong everywhere; asking on only brings it nearer to being locked.
      if (error instanceof LogInRefused || signal.aborted) break;
      standing.failed(url);
    }
  }
  throw new SourceUnavailable(failures.join('; '), { cause });
}

async function openLine(
  url: string,
  credential: Credential,
  settings: LdapSettings,
  signal: AbortSignal,
): Promise<Line> {
  const { account, timeoutMs } = settings;
  const dialled = await dial(url, settings, signal);
  const { channel } = dialled;
  const cut = () => channel.cut();
  const warnings = await within({ timeoutMs, signal, step: 'to the log-in' }, cut, () =>
    logIn(channel, credential, account).catch((error: unknown) => {
      throw settings.tls === 'none' ? error : aboutCertificate(error, settings);
    }),
  );
  return { ...dialled, url, warnings };
}

/**
 * In TLS 1.3 a server refuses our certificate only after the handshake, and some (GnuTLS, as under Debian's OpenLDAP)
 * only hang up then, without a word.
 */
function aboutCertificate(error: unknown, { clientCertificate }: LdapSettings): unknown {
  if (!(error instanceof ConnectionLost) || error.cause !== undefined) return error;
  return new ConnectionLost(
    clientCertificate === undefined
      ? 'the server hung up at the log-in; it may want a client certificate (tls.clientCertificate)'
      : 'the server hung up at the log-in; it may not take our client certificate: see that it is valid, and that its authority is trusted there',
  );
}

function connectionOver(line: Line, settings: LdapSettings, signal: AbortSignal): Connection {
  const { channel, url, warnings, certificateEnds } = line;
  const { account, timeoutMs, standing } = settings;
  const attempt = (base: string): Attempt => ({ url, account, base });
  const cut = () => channel.cut();
  const failed = (error: unknown, base: string) => {
    if (error instanceof NoAnswer || error instanceof ConnectionLost) standing.failed(url);
    return unavailable(error, attempt(base));
  };
  return {
    url,
    warnings,
    certificateEnds,
    attempt,
    async *search(wanted, patience = 'limited') {
      const limit = { timeoutMs: patience === 'limited' ? timeoutMs : null, signal };
      const answer = search(channel, wanted);
      const next = () => answer.next();
      try {
        for (;;) {
          const step = await within(limit, cut, next);
          if (step.done === true) return;
          yield step.value;
        }
      } catch (error) {
        throw failed(error, wanted.base);
      } finally {
        // Not waited for: where the waiting was ended, the search ends when the cut reaches it.
        void answer.return().catch(() => {});
      }
    },
    async whoAmI() {
      const request = (messageId: number) => new ExtendedRequest({ messageId, oid: WHO_AM_I });
      try {
        const { code, value } = await within({ timeoutMs, signal }, cut, () => ask(channel, request));
        return code === 0 ? (value?.toString('utf8') ?? '') : null;
      } catch (error) {
        throw failed(error, '');
      }
    },
    close: () => closeChannel(channel, timeoutMs),
  };
}

/** Says goodbye where that is possible, and leaves no socket behind where it is not. */
async function closeChannel(channel: Channel, timeoutMs: number): Promise<void> {
  const goodbye = new UnbindRequest({ messageId: channel.nextId() }).write();
  const cut = () => channel.cut();
  try {
    await within({ timeoutMs, signal: new AbortController().signal }, cut, () => channel.close(goodbye));
  } catch {
    // The read has its answer already; a goodbye that failed changes nothing.
  }
}

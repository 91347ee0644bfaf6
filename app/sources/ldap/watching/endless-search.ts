/**
 * Listens to a search that never ends and answers with an entry for each change, from servers that say nothing when they
 * begin to listen: its base is asked for behind the search, and once that is answered, so was the first. Samba says nothing
 * either where there is no such base.
 */
import { PresenceFilter } from 'ldapts';
import { inWords, resultError, unavailable } from '../connection/failures.ts';
import type { SearchItem } from '../protocol/messages.ts';
import type { Search } from '../protocol/search.ts';
import type { Session } from '../session.ts';
import { TrackingRefused } from '../tracking/tracking.ts';
import type { Ringing } from './bell.ts';

/**
 * Ends by an error only.
 * @throws TrackingRefused before it listens, SourceUnavailable after that
 */
export async function hearEntries(session: Session, search: Search, ringing: Ringing): Promise<void> {
  const { connection } = session;
  const answer = connection.search(search, 'endless');
  let listening = false;
  try {
    const first = answer.next();
    const ready = askFor(session, search.base).then(() => {
      listening = true;
      ringing.ready();
    });
    // Whichever fails first says why.
    await Promise.race([ready, first]);
    for (let step = await first; step.done !== true; step = await answer.next()) {
      for (const item of step.value) {
        if (item.kind === 'done') throw refusal(connection, search.base, item, listening);
        if (item.kind === 'entry') {
          await ready;
          ringing.ring();
        }
      }
    }
  } finally {
    // Not waited for: while the server is silent, the search waits for ever.
    void answer.return().catch(() => {});
  }
}

/** @throws SourceUnavailable where there is no such entry, or the account may not see it */
async function askFor(session: Session, base: string): Promise<void> {
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  for await (const _ of session.pages({ base, scope: 'base', filter, attributes: ['1.1'] })) {
    // What the answer holds does not matter.
  }
}

/** Before it listens the server says that it will not; after that, that it will no longer. */
export function refusal(
  connection: Session['connection'],
  base: string,
  { code, diagnostic }: Extract<SearchItem, { kind: 'done' }>,
  listening: boolean,
): Error {
  const attempt = connection.attempt(base);
  if (code === 0) return unavailable(new Error('the server stopped telling'), attempt);
  const error = resultError(code, diagnostic);
  return listening ? unavailable(error, attempt) : new TrackingRefused(inWords(error, attempt));
}

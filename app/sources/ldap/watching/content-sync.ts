/**
 * Hears of changes by LDAP Content Synchronization in its refreshAndPersist mode (RFC 4533 section 3.4): two searches
 * that never end, people and groups, which begin where the last read ended. No attribute is asked for.
 *
 * What changed between that read and the first word is told while the searches begin; the poll that is rung for when
 * both listen reads it.
 */
import { unavailable } from '../connection/failures.ts';
import type { SearchItem } from '../protocol/messages.ts';
import type { Search } from '../protocol/search.ts';
import { type Cookie, readSyncInfo, SYNC_INFO, syncRequest } from '../protocol/sync-messages.ts';
import type { Session } from '../session.ts';
import { loadSyncMark, searchesOf, whyNotSynced } from '../tracking/content-sync.ts';
import { mayAnswerWithoutCookie } from '../tracking/sync-answer.ts';
import { TrackingRefused } from '../tracking/tracking.ts';
import { createBell, type Ringing } from './bell.ts';
import { refusal } from './endless-search.ts';
import type { Watching } from './watching.ts';

/** No attributes (RFC 4511 section 4.5.1.8). */
const NOTHING = ['1.1'];

export const CONTENT_SYNC_WATCHING: Watching = {
  name: 'content-sync',
  whyNot: whyNotSynced,
  async *listen(session, since) {
    const mark = since?.tracking === 'content-sync' ? loadSyncMark(session, since.mark) : null;
    const { people, groups } = searchesOf(session);
    const wanted = [
      { search: people, cookie: mark?.people ?? null },
      ...(groups === null ? [] : [{ search: groups, cookie: mark?.groups ?? null }]),
    ];
    yield* createBell(wanted.map((each) => (ringing: Ringing) => hear(session, each, ringing)));
  },
};

type Wanted = { readonly search: Search; readonly cookie: Cookie | null };

/** Ends by an error only, or by being told to begin anew. */
async function hear(session: Session, { search, cookie }: Wanted, ringing: Ringing): Promise<void> {
  const { connection } = session;
  const controls = [...(search.controls ?? []), syncRequest('refreshAndPersist', cookie)];
  let listening = false;
  try {
    for await (const batch of connection.search({ ...search, attributes: NOTHING, controls }, 'endless')) {
      for (const message of batch) {
        if (message.kind === 'done') {
          if (cookie !== null && mayAnswerWithoutCookie(message.code)) {
            return await hear(session, { search, cookie: null }, ringing);
          }
          throw refusal(connection, search.base, message, listening);
        }
        const news = meaningOf(message);
        if (listening && news === 'change') ringing.ring();
        if (!listening && news === 'listening') {
          listening = true;
          ringing.ready();
        }
      }
    }
  } catch (error) {
    throw error instanceof TrackingRefused ? error : unavailable(error, connection.attempt(search.base));
  }
}

function meaningOf(message: Exclude<SearchItem, { kind: 'done' }>): 'change' | 'listening' | 'nothing' {
  if (message.kind === 'entry') return 'change';
  if (message.kind === 'reference' || message.oid !== SYNC_INFO || message.value === null) return 'nothing';
  const info = readSyncInfo(message.value);
  if (info.kind === 'ids') return 'change';
  // A new cookie alone: something changed that is not read here.
  return info.kind === 'refreshed' && info.done ? 'listening' : 'nothing';
}

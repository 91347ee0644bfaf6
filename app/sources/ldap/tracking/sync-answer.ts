/**
 * One answer of a server to a refreshOnly request (RFC 4533 section 3): whom it names, and what its end is worth.
 *
 *   cookie sent   the end says                        the answer is
 *   ───────────   ─────────────────────────────────   ───────────────────────────────────────────────────
 *   no            success, with a cookie              everybody
 *   no            success, without a cookie           nothing to go on from: the server is refused
 *   no            unwilling, not allowed, a limit     nothing: the server is refused
 *   yes           success, refreshDeletes             what changed
 *   yes           success, not refreshDeletes         everybody: who was not named is gone
 *   yes           the same, and it named nobody       not believed: everybody is asked for anew
 *   yes           success, somebody named, but the    the cookie was not understood (OpenLDAP says nothing of
 *                 cookie has not moved                that): everybody is asked for anew
 *   yes           success, very many ids gone         some may have been lost (`lossyFrom`): the same
 *   yes           refresh required                    the cookie is of no use: everybody is asked for anew
 *   yes           unwilling                           the server knows less than was read before: no read at all
 *
 * Servers differ where the RFC leaves room; what is known of them stands in `Dialect.contentSync`.
 */
import { SourceUnavailable } from '../../../errors.ts';
import type { StableId } from '../../../person/anchor.ts';
import { limitInWords, resultError, unavailable } from '../connection/failures.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { SearchItem } from '../protocol/messages.ts';
import type { Search } from '../protocol/search.ts';
import {
  type Cookie,
  readSyncInfo,
  SYNC_INFO,
  SYNC_REFRESH_REQUIRED,
  type SyncDone,
  syncDoneIn,
  syncRequest,
  syncStateIn,
} from '../protocol/sync-messages.ts';
import { type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { TrackingRefused } from './tracking.ts';

export type SyncItem =
  /** New or changed: the whole entry. */
  | { readonly kind: 'record'; readonly record: LdapRecord }
  /** New or changed: it has to be read. */
  | { readonly kind: 'changed'; readonly stableId: StableId }
  | { readonly kind: 'unchanged' | 'absent'; readonly stableId: StableId };

export type SyncEnd =
  | { readonly kind: 'everyone' | 'changes'; readonly cookie: Cookie }
  /** It has to be asked without a cookie. What was told stays true, but it proves nothing. */
  | { readonly kind: 'anew'; readonly why: string };

export type ContentSync = NonNullable<Dialect['contentSync']>;

/** What has been met so far. */
type Tally = { told: number; cookie: Cookie | null; lossy: boolean };

/**
 * @param cookie how far the copy has come; null for not yet
 * @param onProblem told why the answer is not the whole one
 * @throws TrackingRefused where the server will not do it, SourceUnavailable when the answer broke off
 */
export async function* syncAnswer(
  session: Session,
  sync: ContentSync,
  search: Search,
  cookie: Cookie | null,
  onProblem: (problem: string) => void,
): AsyncGenerator<SyncItem, SyncEnd> {
  const { connection } = session;
  const asked = { ...search, controls: [...(search.controls ?? []), syncRequest('refreshOnly', cookie)] };
  const tally: Tally = { told: 0, cookie: null, lossy: false };
  // An answer to no cookie is an ordinary search.
  const habits: ContentSync = cookie === null ? { ...sync, entries: 'whole' } : sync;
  try {
    for await (const batch of connection.search(asked)) {
      for (const message of batch) {
        if (message.kind === 'done') return endOf(session, habits, search.base, cookie, tally, message);
        for (const item of itemsOf(message, session, habits, search.base, tally, onProblem)) {
          tally.told += 1;
          yield item;
        }
      }
    }
  } catch (error) {
    throw error instanceof TrackingRefused ? error : unavailable(error, connection.attempt(search.base));
  }
  throw unavailable(new Error('the answer has no end'), connection.attempt(search.base));
}

function itemsOf(
  message: Exclude<SearchItem, { kind: 'done' }>,
  session: Session,
  sync: ContentSync,
  base: string,
  tally: Tally,
  onProblem: (problem: string) => void,
): readonly SyncItem[] {
  switch (message.kind) {
    case 'entry':
      return entryItems(message, session, sync, base, tally, onProblem);
    case 'intermediate':
      return infoItems(message, sync, base, tally, onProblem);
    case 'reference': {
      const problem = session.references.judge(message.urls, base);
      if (problem !== null) onProblem(problem);
      return [];
    }
  }
}

function entryItems(
  { entry, controls }: Extract<SearchItem, { kind: 'entry' }>,
  { dialect }: Session,
  sync: ContentSync,
  base: string,
  tally: Tally,
  onProblem: (problem: string) => void,
): readonly SyncItem[] {
  const state = syncStateIn(controls);
  const record = toRecord(entry, dialect);
  if (state === null) {
    onProblem(`the server gave an entry below ${base} without saying what became of it`);
    return [{ kind: 'record', record }];
  }
  tally.cookie = state.cookie ?? tally.cookie;
  if (state.state === 'add' || state.state === 'modify') {
    if (sync.entries === 'named') return named('changed', [state.uuid], sync, base, onProblem);
    if (record.stableId !== null && sync.idOf(state.uuid) !== record.stableId) {
      onProblem(`the server names an entry below ${base} by another id than its ${dialect.id.attribute}`);
    }
    return [{ kind: 'record', record }];
  }
  return named(state.state === 'delete' ? 'absent' : 'unchanged', [state.uuid], sync, base, onProblem);
}

function infoItems(
  { oid, value }: Extract<SearchItem, { kind: 'intermediate' }>,
  sync: ContentSync,
  base: string,
  tally: Tally,
  onProblem: (problem: string) => void,
): readonly SyncItem[] {
  if (oid !== SYNC_INFO || value === null) return [];
  const info = readSyncInfo(value);
  tally.cookie = info.cookie ?? tally.cookie;
  if (info.kind !== 'ids') return [];
  tally.lossy ||= info.uuids.length >= sync.lossyFrom;
  return named(info.deleted ? 'absent' : 'unchanged', info.uuids, sync, base, onProblem);
}

function named(
  kind: 'absent' | 'changed' | 'unchanged',
  uuids: readonly string[],
  sync: ContentSync,
  base: string,
  onProblem: (problem: string) => void,
): readonly SyncItem[] {
  return uuids.flatMap((uuid): SyncItem[] => {
    const stableId = sync.idOf(uuid);
    if (stableId !== null) return [{ kind, stableId }];
    onProblem(`the server names an entry below ${base} by an id that is none`);
    return [];
  });
}

function endOf(
  session: Session,
  sync: ContentSync,
  base: string,
  sent: Cookie | null,
  { told, cookie, lossy }: Tally,
  message: Extract<SearchItem, { kind: 'done' }>,
): SyncEnd {
  if (message.code !== 0) return endWithoutSuccess(session, base, sent, message);
  const done = syncDoneIn(message.controls);
  const next = done?.cookie ?? cookie;
  if (sent === null) {
    if (next === null) throw new TrackingRefused('the server gives no cookie to go on from');
    return { kind: 'everyone', cookie: next };
  }
  if (lossy) return { kind: 'anew', why: 'the server loses some where many were deleted' };
  return verdictOn(sent, { done, told, cookie: next }, sync);
}

/** What a successful answer to a cookie is worth. */
function verdictOn(
  sent: Cookie,
  { done, told, cookie }: { done: SyncDone | null; told: number; cookie: Cookie | null },
  { presentPhase }: ContentSync,
): SyncEnd {
  if (done === null) return { kind: 'anew', why: 'the server did not say what its answer tells of' };
  const hasMoved = cookie !== null && !cookie.equals(sent);
  if (told > 0 && !hasMoved) return { kind: 'anew', why: 'the server did not go on from the watermark' };
  if (done.refreshDeletes || presentPhase === 'meaningless')
    return { kind: 'changes', cookie: cookie ?? sent };
  if (told === 0) return { kind: 'anew', why: 'the server names nobody' };
  return { kind: 'everyone', cookie: cookie ?? sent };
}

/** Result codes (RFC 4511 appendix A) by which a server says that a cookie is of no use to it. */
const USELESS_COOKIE: Readonly<Record<number, string>> = {
  [SYNC_REFRESH_REQUIRED]: 'the server wants everybody to be read anew',
  80: 'the server cannot read the watermark',
};

/**
 * OpenLDAP refuses a cookie so that is newer than its data. To ask it for everybody would take those for gone who came
 * since; a read of everybody that comes by the clock asks without a cookie, which is the way on after a restore.
 */
const SERVER_IS_BEHIND = 53;
const BEHIND =
  'the server knows less than was read before; it is a replica that is behind, or it was restored. If it stays so, the next read of everybody goes by what it knows';

/** Whether a server that answers with this code to a cookie may answer without one. */
export function mayAnswerWithoutCookie(code: number): boolean {
  return code === SERVER_IS_BEHIND || USELESS_COOKIE[code] !== undefined;
}

/** Result codes by which a server says that it will not do this at all, or not for this account. */
const REFUSALS: Readonly<Record<number, string>> = {
  2: 'the server does not understand the request',
  12: 'the server does not offer it for this base; in OpenLDAP, the database lacks the syncprov overlay',
  50: 'the account may not use it',
  53: 'the server is not willing to',
  [SYNC_REFRESH_REQUIRED]: 'the server wants everybody to be read anew, again and again',
};

/** A limit ends it as well: page by page, more may be allowed. */
function endWithoutSuccess(
  { connection }: Session,
  base: string,
  sent: Cookie | null,
  { code, diagnostic }: Extract<SearchItem, { kind: 'done' }>,
): SyncEnd {
  const useless = sent === null ? undefined : USELESS_COOKIE[code];
  if (useless !== undefined) return { kind: 'anew', why: useless };
  if (sent !== null && code === SERVER_IS_BEHIND) throw new SourceUnavailable(`${connection.url}: ${BEHIND}`);
  const error = resultError(code, diagnostic);
  const refusal = REFUSALS[code] ?? limitInWords(error, connection.attempt(base));
  if (refusal !== null && refusal !== undefined) throw new TrackingRefused(refusal);
  throw unavailable(error, connection.attempt(base));
}

/**
 * Follows Active Directory by its DirSync control: the server keeps account of what a cookie has seen, deletions and
 * moves among it, over all controllers of the domain. The answer says who changed; what they are now is read anew.
 *
 *   the mark                            read
 *   none                                everybody, after the cookie was brought to now
 *   everyone is wanted                  the same
 *   a cookie                            those whom the server names; who is not found in scope is absent
 *   a cookie that is refused            everybody
 *   a cookie, and a branch was moved    everybody: who stands below it is not named
 *   a cookie, and very many changed     everybody
 *
 * It asks for the whole naming context, since the control has no smaller one. An account without the right to replicate
 * is refused. Where this tracking is configured by name, it is asked for with the account's own rights then: the
 * server leaves out what the account may not see, so that somebody who is hidden from it just falls silent until the
 * next read of everybody; not a thing to happen without having been chosen.
 */
import * as z from 'zod';
import type { StableId } from '../../../person/anchor.ts';
import { type Attempt, inWords, resultError, unavailable } from '../connection/failures.ts';
import {
  DIRSYNC,
  type DirsyncEnd,
  type DirsyncRights,
  dirsyncRequest,
  readDirsyncEnd,
} from '../protocol/dirsync-messages.ts';
import type { RawEntry, SearchItem } from '../protocol/messages.ts';
import type { Session } from '../session.ts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';
import {
  BRANCH_MOVED,
  branchesAmong,
  contextsOf,
  DOMAIN_SCOPE,
  deletedUnseen,
  isBranch,
  maySeeDeleted,
  NO_COMPUTERS,
} from './domain.ts';
import { newTally, problemsOf } from './entries.ts';
import { byIds } from './ids.ts';
import { readBoth, readChanged } from './told-changed.ts';
import { type Tracking, TrackingRefused } from './tracking.ts';

const stored = z.strictObject({ cookie: z.base64().min(1) });

const BEGINNING = Buffer.alloc(0);

/** More entries than this are not asked for one by one. */
const MOST_CHANGED = 5_000;

/** So many answers without anybody in a row, and the server is not going to end. */
const MOST_EMPTY = 1_000;

export const DIRSYNC_TRACKING: Tracking = {
  name: 'dirsync',
  whyNot: (session) => {
    if (!session.server.supports(DIRSYNC)) return 'the server does not announce the DirSync control';
    return contextsOf(session).length > 1 ? 'people and groups stand in different domains' : null;
  },
  async *read(session, kept, everyone) {
    const mark = stored.safeParse(kept);
    const since = mark.success ? Buffer.from(mark.data.cookie, 'base64') : BEGINNING;
    const { followed, notices } = await follow(session, since);
    const isWhole = everyone || followed.fromBeginning;
    const whyWhole = isWhole ? null : await whyEverybody(session, followed);
    const tally = newTally();
    if (isWhole || whyWhole !== null) yield* readBoth(session, tally, null);
    else yield* readChanged(session, tally, followed.changed, byIds(session, followed.changed));
    return {
      mark: { cookie: followed.cookie.toString('base64') },
      names: isWhole || whyWhole !== null ? 'everyone' : 'changes',
      problems: problemsOf(session, tally),
      notices: whyWhole === null ? notices : [...notices, whyWhole],
    };
  },
};

type Followed = {
  readonly cookie: Buffer;
  readonly fromBeginning: boolean;
  readonly changed: Set<StableId>;
  /** Those of them who were there before, under another name or in another place. */
  readonly renamed: Set<StableId>;
};

/** A cookie that is refused is asked for anew. @throws TrackingRefused, SourceUnavailable */
async function follow(
  session: Session,
  since: Buffer,
): Promise<{ followed: Followed; notices: readonly string[] }> {
  const [context = session.people.base] = contextsOf(session);
  const notices: string[] = [];
  let rights: DirsyncRights = 'open';
  let from = since;
  for (;;) {
    const answer = await ask(session, context, rights, from);
    if (!('refused' in answer)) {
      if (await hidesDeleted(session, context, rights)) notices.push(deletedUnseen(session, context));
      return { followed: answer, notices };
    }
    if (answer.refused === 'rights' && rights === 'open' && session.settings.tracking === 'dirsync') {
      rights = 'own-rights';
    } else if (answer.refused === 'other' && from.length > 0) {
      from = BEGINNING;
      notices.push('everybody was read: the server no longer knows how far it was read');
    } else throw new TrackingRefused(answer.words);
  }
}

/** The right to replicate holds deletions, but not with Samba, which shows them to whoever may see them anyhow (4.17). */
async function hidesDeleted(session: Session, context: string, rights: DirsyncRights): Promise<boolean> {
  const isSamba = session.server.values('vendorName').some((vendor) => vendor.startsWith('Samba'));
  return (rights === 'own-rights' || isSamba) && !(await maySeeDeleted(session, context));
}

type Refusal = { readonly refused: 'rights' | 'other'; readonly words: string };

async function ask(
  session: Session,
  context: string,
  rights: DirsyncRights,
  from: Buffer,
): Promise<Followed | Refusal> {
  const followed = { changed: new Set<StableId>(), renamed: new Set<StableId>() };
  const fromBeginning = from.length === 0;
  let cookie = from;
  for (let empty = 0; empty < MOST_EMPTY; ) {
    let met = 0;
    const onEntry = (entry: RawEntry) => {
      met += 1;
      // At the beginning everybody is named; they are read afterwards.
      if (!fromBeginning) note(session, entry, followed);
    };
    const answer = await askOnce(session, context, rights, cookie, onEntry);
    if ('refused' in answer) return answer;
    if (!answer.more) return { ...followed, fromBeginning, cookie: answer.cookie };
    // It would tell the same for ever.
    if (answer.cookie.equals(cookie)) break;
    cookie = answer.cookie;
    empty = met === 0 ? empty + 1 : 0;
  }
  throw unavailable(new Error('answers without end'), session.connection.attempt(context));
}

async function askOnce(
  session: Session,
  context: string,
  rights: DirsyncRights,
  cookie: Buffer,
  onEntry: (entry: RawEntry) => void,
): Promise<DirsyncEnd | Refusal> {
  const { connection } = session;
  const search = {
    base: context,
    scope: 'sub',
    filter: NO_COMPUTERS,
    // All: an entry is named where one of these has changed.
    attributes: ['*'],
    controls: [dirsyncRequest(rights, cookie)],
  } as const;
  for await (const batch of connection.search(search)) {
    for (const item of batch) {
      if (item.kind === 'entry') onEntry(item.entry);
      if (item.kind === 'done') return endOf(session, context, item);
    }
  }
  throw unavailable(new Error('the answer has no end'), connection.attempt(context));
}

/** What speaks against the request itself; anything else is a failure of the moment. */
const REFUSALS = new Set([1, 2, 12, 50, 53]);

function endOf(
  { connection, settings }: Session,
  context: string,
  { code, diagnostic, controls }: Extract<SearchItem, { kind: 'done' }>,
): DirsyncEnd | Refusal {
  const attempt = connection.attempt(context);
  if (code === 50) {
    const words = `${settings.account} has not the right to replicate ${context} (Replicating Directory Changes)`;
    return { refused: 'rights', words };
  }
  if (code !== 0) {
    const error = resultError(code, diagnostic);
    if (!REFUSALS.has(code)) throw unavailable(error, attempt);
    return { refused: 'other', words: inWords(error, attempt) };
  }
  const value = controls.find(({ oid }) => oid === DIRSYNC)?.value ?? null;
  const end = value === null ? null : readEnd(value, attempt);
  return end ?? { refused: 'other', words: 'the server answers without saying how far it has told' };
}

function readEnd(value: Buffer, attempt: Attempt): DirsyncEnd | null {
  try {
    return readDirsyncEnd(value);
  } catch (error) {
    throw unavailable(error, attempt);
  }
}

function note(
  session: Session,
  entry: RawEntry,
  { changed, renamed }: Pick<Followed, 'changed' | 'renamed'>,
) {
  const values = decodeAttributes(entry);
  const id = session.dialect.id.read(valuesOf(values, 'objectGUID')[0] ?? '');
  if (id === null) return;
  changed.add(id);
  const has = (name: string) => valuesOf(values, name).length > 0;
  // Of an entry that is new its class is told, too.
  if (has('name') && !has('objectClass') && !has('isDeleted')) renamed.add(id);
}

/** Why what was named is not enough to go by; null where it is. */
async function whyEverybody(session: Session, { changed, renamed }: Followed): Promise<string | null> {
  if (changed.size > MOST_CHANGED)
    return `everybody was read: more than ${MOST_CHANGED} entries were changed`;
  return (await hasMovedBranch(session, renamed)) ? BRANCH_MOVED : null;
}

async function hasMovedBranch(session: Session, renamed: ReadonlySet<StableId>): Promise<boolean> {
  const [base = session.people.base] = contextsOf(session);
  for (const only of byIds(session, renamed)) {
    const filter = branchesAmong(only);
    const attributes = ['objectClass'];
    const controls = [DOMAIN_SCOPE];
    for await (const page of session.pages({ base, scope: 'sub', filter, attributes, controls })) {
      // Of an answer that is not whole it is not known.
      if (page.problem !== null) return true;
      if (page.entries.some((entry) => isBranch(valuesOf(decodeAttributes(entry), 'objectClass'))))
        return true;
    }
  }
  return false;
}

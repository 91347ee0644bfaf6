/**
 * Follows changes by LDAP Content Synchronization (RFC 4533), in refreshOnly polls: the server says what is new, what
 * changed and what is gone since the cookie of the last read. Two searches, people and groups, each with its own
 * cookie.
 *
 *   read             people and groups
 *   ──────────────   ──────────────────────────────────────────────────────────────────────────────────────
 *   everyone         both without a cookie: each entry as it is now, also what a server writes without
 *                    touching the entry's stamps (OpenLDAP: memberOf, refint, what stands below a renamed branch)
 *   changes          both with their cookies; where one of them had to tell of everybody, so has the other.
 *                    Where the server's answers only name who changed (389 Directory Server), those are read afterwards.
 *
 * A cookie is worth something only where the same is asked in the same place by the same account, so the mark says what
 * was asked; another question starts with everybody.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { StableId } from '../../../person/anchor.ts';
import type { Subject } from '../../source.ts';
import { groupAttributes, groupsFrom } from '../groups/read-groups.ts';
import type { Search } from '../protocol/search.ts';
import { type Cookie, SYNC_REQUEST } from '../protocol/sync-messages.ts';
import { bookkeepingOf, type LdapRecord, personAttributes, toPerson } from '../record.ts';
import type { Session } from '../session.ts';
import { newTally, problemsOf, reject, type Tally } from './entries.ts';
import { byIds } from './ids.ts';
import { type ContentSync, type SyncEnd, syncAnswer } from './sync-answer.ts';
import { readChanged } from './told-changed.ts';
import { type Mark, type TrackedEnd, type TrackedItem, type Tracking, TrackingRefused } from './tracking.ts';

/** How far both searches have come, and what was asked. `groups` is null where none are read. */
export type SyncMark = { readonly people: Cookie; readonly groups: Cookie | null };

const base64 = z.base64().min(1);
const stored = z.strictObject({ asked: z.string(), people: base64, groups: base64.nullable() });

export const CONTENT_SYNC: Tracking = {
  name: 'content-sync',
  whyNot: whyNotSynced,
  async *read(session, kept, everyone) {
    const reading = readingOf(session);
    const ends = yield* readBoth(reading, everyone ? null : loadSyncMark(session, kept));
    const { tally, changed } = reading;
    if (ends.people.kind === 'changes') yield* readChanged(session, tally, changed, byIds(session, changed));
    return endOf(reading, ends);
  },
};

type Ends = { readonly people: WholeEnd; readonly groups: WholeEnd | null };

async function* readBoth(reading: Reading, since: SyncMark | null): AsyncGenerator<TrackedItem, Ends> {
  const { people, groups } = searchesOf(reading.session);
  let peopleEnd = yield* readPeople(reading, people, since?.people ?? null);
  if (groups === null) return { people: peopleEnd, groups: null };
  const groupsCookie = peopleEnd.kind === 'changes' ? (since?.groups ?? null) : null;
  const groupsEnd = yield* readGroups(reading, groups, groupsCookie);
  if (peopleEnd.kind === 'changes' && groupsEnd.kind === 'everyone') {
    peopleEnd = yield* readPeople(reading, people, null);
  }
  return { people: peopleEnd, groups: groupsEnd };
}

/** Why RFC 4533 cannot be used with this server, for reading or for listening. */
export function whyNotSynced({ server, dialect }: Session): string | null {
  if (dialect.contentSync === undefined) return `it is not known how ${dialect.title} does it`;
  if (server.supports(SYNC_REQUEST)) return null;
  return `the server does not announce RFC 4533 (${SYNC_REQUEST}); OpenLDAP does by its syncprov overlay, 389 Directory Server by its Content Synchronization plug-in`;
}

/** What is asked for. The same for each read, since a cookie belongs to its question. */
export function searchesOf(session: Session): { readonly people: Search; readonly groups: Search | null } {
  const { people, groups, dialect } = session;
  const ofPeople = { ...people, attributes: personAttributes(session) };
  if (groups === null) return { people: ofPeople, groups };
  const { base, filter } = groups;
  const attributes = [...groupAttributes(session), ...bookkeepingOf(dialect)];
  return { people: ofPeople, groups: { base, scope: 'sub', filter, attributes } };
}

/** @returns null where there is none, or where it belongs to another question */
export function loadSyncMark(session: Session, kept: Mark | null): SyncMark | null {
  const result = stored.safeParse(kept);
  if (!result.success || result.data.asked !== fingerprintOf(session)) return null;
  const { people, groups } = result.data;
  return {
    people: Buffer.from(people, 'base64'),
    groups: groups === null ? null : Buffer.from(groups, 'base64'),
  };
}

/** What has been met so far in one read. */
type Reading = {
  readonly session: Session;
  readonly sync: ContentSync;
  readonly tally: Tally;
  readonly notices: Set<string>;
  /** Whom the server named as changed without giving what was asked for. */
  readonly changed: Set<StableId>;
};

type WholeEnd = Exclude<SyncEnd, { kind: 'anew' }>;

function readingOf(session: Session): Reading {
  const sync = session.dialect.contentSync;
  if (sync === undefined) throw new TrackingRefused(`${session.dialect.title} does not do it`);
  return { session, sync, tally: newTally(), notices: new Set(), changed: new Set() };
}

async function* readPeople(
  reading: Reading,
  search: Search,
  cookie: Cookie | null,
): AsyncGenerator<TrackedItem, WholeEnd> {
  const { settings, membership } = reading.session;
  const answer = recordsIn(reading, 'person', search, cookie);
  for (;;) {
    const step = await answer.next();
    if (step.done === true) return step.value;
    const told = step.value;
    if (!('record' in told)) yield told;
    else yield { kind: 'person', entry: toPerson(told.record, told.stableId, settings.reads, membership) };
  }
}

async function* readGroups(
  reading: Reading,
  search: Search,
  cookie: Cookie | null,
): AsyncGenerator<TrackedItem, WholeEnd> {
  const { session, tally } = reading;
  const others: TrackedItem[] = [];
  let end: WholeEnd | null = null;
  const records = async function* (): AsyncGenerator<LdapRecord, void> {
    const answer = recordsIn(reading, 'group', search, cookie);
    for (;;) {
      const step = await answer.next();
      if (step.done === true) {
        end = step.value;
        return;
      }
      if ('record' in step.value) yield step.value.record;
      else others.push(step.value);
    }
  };
  for await (const group of groupsFrom(session, records(), (problem) => tally.problems.add(problem))) {
    yield* others.splice(0);
    yield group;
  }
  yield* others;
  if (end === null) throw new Error('groups were not read to their end');
  return end;
}

type Told =
  | { readonly record: LdapRecord; readonly stableId: NonNullable<LdapRecord['stableId']> }
  | Exclude<TrackedItem, { kind: 'person' | 'group' }>;

/** The whole answer, over again without the cookie where that turns out to be of no use. */
async function* recordsIn(
  reading: Reading,
  what: Subject,
  search: Search,
  cookie: Cookie | null,
): AsyncGenerator<Told, WholeEnd> {
  const { session, sync, tally, notices } = reading;
  const answer = syncAnswer(session, sync, search, cookie, (problem) => tally.problems.add(problem));
  for (;;) {
    const step = await answer.next();
    if (step.done === true) {
      if (step.value.kind !== 'anew') return step.value;
      notices.add(`everybody was read: ${step.value.why}`);
      return yield* recordsIn(reading, what, search, null);
    }
    const item = step.value;
    if (item.kind === 'changed') reading.changed.add(item.stableId);
    else if (item.kind !== 'record') yield { kind: item.kind, what, stableId: item.stableId };
    else if (item.record.stableId !== null) yield { record: item.record, stableId: item.record.stableId };
    else yield reject(item.record, search.base, tally);
  }
}

function endOf(reading: Reading, { people, groups }: Ends): TrackedEnd {
  const { session, tally, notices } = reading;
  return {
    mark: {
      asked: fingerprintOf(session),
      people: people.cookie.toString('base64'),
      groups: groups?.cookie.toString('base64') ?? null,
    } satisfies z.infer<typeof stored>,
    names: people.kind,
    problems: problemsOf(session, tally),
    notices: [...notices],
  };
}

/** Tells one question from another: the servers, who asks, and for what. */
function fingerprintOf(session: Session): string {
  const { settings, dialect, membership } = session;
  const { people, groups } = searchesOf(session);
  const questions = [people, groups].map((search) =>
    search === null ? null : [search.base, search.scope, search.filter.toString(), search.attributes],
  );
  const asked = JSON.stringify([
    [settings.urls, settings.account, dialect.name],
    questions,
    [membership, session.groups?.nested],
  ]);
  return createHash('sha256').update(asked).digest('base64url');
}

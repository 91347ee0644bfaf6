/**
 * Follows changes by the stamps that every entry carries, entryCSN or modifyTimestamp: the way for directories that
 * offer nothing better. Deletions and moves out of scope show only where everybody is read.
 *
 *   mark              people            groups
 *   none, everyone    everyone          all
 *   given             changed since     changed since
 *
 * What lies in the overlap is told again each time; the caller compares contents, so nothing is remembered here.
 */
import { both, changedSince } from '../filters/filter.ts';
import { groupAttributes, groupsFrom } from '../groups/read-groups.ts';
import type { Search } from '../protocol/search.ts';
import { bookkeepingOf, describe, type LdapRecord, toPerson, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import {
  BEGINNING,
  loadMark,
  lowerBound,
  meet,
  NOTHING_MET,
  nextMark,
  type Progress,
  parseCsn,
  parseStamp,
  type StampMark,
  storeMark,
} from './stamps.ts';
import type { TrackedEnd, TrackedItem, Tracking } from './tracking.ts';

/** What one read has met so far. */
type Tally = { progress: Progress; withoutId: number; readonly problems: Set<string> };

export const TIME_STAMPS: Tracking = {
  name: 'time-stamps',
  whyNot: () => null,
  async *read(session, kept, everyone) {
    const known = loadMark(kept);
    const since = everyone ? null : known;
    const started = session.settings.now().getTime();
    const tally: Tally = { progress: NOTHING_MET, withoutId: 0, problems: new Set() };
    yield* readPeople(session, since, tally);
    yield* readGroups(session, since, tally);
    return endOf(session, since, tally, session.settings.now().getTime() - started);
  },
};

async function* readPeople(
  session: Session,
  since: StampMark | null,
  tally: Tally,
): AsyncGenerator<TrackedItem, void> {
  const { people, settings } = session;
  const attributes = withBookkeeping(settings.reads, session);
  for await (const record of records(session, restrict({ ...people, attributes }, since, session), tally)) {
    const { stableId } = record;
    if (stableId === null) yield reject(record, people.base, tally);
    else yield { kind: 'person', entry: toPerson(record, stableId, settings.reads) };
  }
}

async function* readGroups(
  session: Session,
  since: StampMark | null,
  tally: Tally,
): AsyncGenerator<TrackedItem, void> {
  const { groups } = session;
  if (groups === null) return;
  const { base, filter } = groups;
  const attributes = withBookkeeping(groupAttributes(session), session);
  const search = restrict({ base, scope: 'sub', filter, attributes }, since, session);
  const rejected: TrackedItem[] = [];
  const usable = withId(records(session, search, tally), (record) =>
    rejected.push(reject(record, base, tally)),
  );
  yield* groupsFrom(session, usable, (problem) => tally.problems.add(problem));
  yield* rejected;
}

async function* withId(
  found: AsyncIterable<LdapRecord>,
  onOther: (record: LdapRecord) => void,
): AsyncGenerator<LdapRecord, void> {
  for await (const record of found) {
    if (record.stableId === null) onOther(record);
    else yield record;
  }
}

async function* records(session: Session, search: Search, tally: Tally): AsyncGenerator<LdapRecord, void> {
  for await (const page of session.pages(search)) {
    if (page.problem !== null) tally.problems.add(page.problem);
    for (const entry of page.entries) {
      const record = toRecord(entry, session.dialect);
      tally.progress = meet(tally.progress, stampsOf(record));
      yield record;
    }
  }
}

function stampsOf({ attributes }: LdapRecord) {
  const [csn = ''] = valuesOf(attributes, 'entryCSN');
  const [modified = ''] = valuesOf(attributes, 'modifyTimestamp');
  return { entryCSN: parseCsn(csn), modifyTimestamp: parseStamp(modified) };
}

/** Adds "changed since" where a mark is given. */
function restrict(search: Search, since: StampMark | null, { settings }: Session): Search {
  if (since === null) return search;
  return {
    ...search,
    filter: both(search.filter, changedSince(since.by, lowerBound(since, settings.overlapMs))),
  };
}

function withBookkeeping(names: readonly string[], { dialect }: Session): readonly string[] {
  const bookkeeping = bookkeepingOf(dialect);
  const known = new Set(bookkeeping.map((name) => name.toLowerCase()));
  return [...names.filter((name) => !known.has(name.toLowerCase())), ...bookkeeping];
}

function reject(record: LdapRecord, base: string, tally: Tally): TrackedItem {
  tally.withoutId += 1;
  return { kind: 'rejected', reason: 'bad-source-id', where: describe(record, base) };
}

function endOf(session: Session, since: StampMark | null, tally: Tally, tookMs: number): TrackedEnd {
  const { settings, dialect } = session;
  const next = nextMark(since, tally.progress, tookMs);
  const problems = [...tally.problems];
  if (tally.withoutId > 0) {
    problems.push(
      `${tally.withoutId} entries show no usable ${dialect.id.attribute}; let ${settings.bindDn} read that attribute`,
    );
  }
  if (next === null) {
    problems.push(
      `entries show neither entryCSN nor modifyTimestamp; let ${settings.bindDn} read one of them`,
    );
  }
  const names = since === null ? 'everyone' : 'changes';
  return { mark: storeMark(next ?? since ?? BEGINNING), names, problems, notices: [] };
}

/**
 * Reads a directory from beginning to end: people, then groups, then what the read was worth.
 *
 *   watermark | people            | groups
 *   none      | everyone          | all
 *   given     | changed since     | all, where some person changed; else changed since
 *
 * Why all groups once a person changed: a moved person stands in the groups under a new DN, which the server may have
 * written there without touching the groups' stamps (OpenLDAP's refint overlay does so). Groups are few.
 * What lies in the overlap is told again each time; the caller compares contents, so nothing is remembered here.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { GroupEntry } from '../../person/entry.ts';
import type { SourceItem, Watermark } from '../source.ts';
import { type Connection, openConnection, type Search } from './connection.ts';
import { both, changedSince } from './filter.ts';
import { dnsOfUids, isPartial, membersOf, nameOf, namesUids } from './members.ts';
import type { GroupSettings, LdapSettings } from './options.ts';
import { BOOKKEEPING, describe, type LdapRecord, toPerson, toRecord } from './record.ts';
import {
  BEGINNING,
  formatMark,
  isNews,
  lowerBound,
  type Mark,
  meet,
  NOTHING_MET,
  nextMark,
  type Progress,
  parseMark,
} from './watermark.ts';

/** What one read has met so far. */
type Tally = {
  progress: Progress;
  personChanged: boolean;
  withoutId: number;
  readonly problems: Set<string>;
};

/** @throws SourceUnavailable when the read broke */
export async function* readDirectory(
  settings: LdapSettings,
  since: Watermark | null,
  signal: AbortSignal,
): AsyncGenerator<SourceItem> {
  const mark = since === null ? null : knownMark(settings, since);
  const started = settings.now().getTime();
  const tally: Tally = { progress: NOTHING_MET, personChanged: false, withoutId: 0, problems: new Set() };
  const connection = await openConnection(settings, signal);
  try {
    yield* readPeople(connection, settings, mark, tally);
    const groupsSince = tally.personChanged ? null : mark;
    if (settings.groups !== null)
      yield* readGroups(connection, settings, settings.groups, groupsSince, tally);
  } finally {
    await connection.close();
  }
  yield endOf(settings, mark, tally, settings.now().getTime() - started);
}

function knownMark(settings: LdapSettings, since: Watermark): Mark {
  const mark = parseMark(since);
  if (mark !== null) return mark;
  throw new SourceUnavailable(
    `source ${settings.name}: the stored watermark is not one of this source; start a full read to get a new one`,
  );
}

async function* readPeople(
  connection: Connection,
  settings: LdapSettings,
  mark: Mark | null,
  tally: Tally,
): AsyncGenerator<SourceItem> {
  const { base, scope, filter } = settings.people;
  const search = restrict(
    { base, scope, filter, attributes: withBookkeeping(settings.reads) },
    mark,
    settings.overlapMs,
  );
  for await (const record of records(connection, search, tally)) {
    const { stableId, stamps } = record;
    if (stableId === null) {
      yield reject(record, base, tally);
      continue;
    }
    const stamp = mark === null ? null : stamps[mark.by];
    if (mark !== null && stamp !== null && isNews(mark, stamp)) tally.personChanged = true;
    yield { kind: 'person', entry: toPerson(record, stableId, settings.reads) };
  }
}

async function* readGroups(
  connection: Connection,
  settings: LdapSettings,
  groups: GroupSettings,
  mark: Mark | null,
  tally: Tally,
): AsyncGenerator<SourceItem> {
  const { base, filter, memberAttribute, nameAttribute } = groups;
  const attributes = withBookkeeping([memberAttribute, nameAttribute]);
  const search = restrict({ base, scope: 'sub', filter, attributes }, mark, settings.overlapMs);
  // A server keeps one paged search a connection, so the uids wait until all groups are in.
  const waiting: GroupEntry[] = [];
  for await (const record of records(connection, search, tally)) {
    const { stableId, dn } = record;
    if (stableId === null) {
      yield reject(record, base, tally);
      continue;
    }
    if (isPartial(record, groups))
      tally.problems.add(`a group below ${base} was given with part of its members`);
    const group: GroupEntry = {
      stableId,
      dn,
      name: nameOf(record, groups),
      members: membersOf(record, groups),
    };
    if (namesUids(groups)) waiting.push(group);
    else yield { kind: 'group', group };
  }
  const uids = new Set(waiting.flatMap(({ members }) => members.map((uid) => uid.toLowerCase())));
  const dns = await dnsOfUids(connection, settings, uids, (problem) => tally.problems.add(problem));
  for (const group of waiting) {
    const members = group.members.flatMap((uid) => dns.get(uid.toLowerCase()) ?? []);
    yield { kind: 'group', group: { ...group, members: [...new Set(members)] } };
  }
}

async function* records(connection: Connection, search: Search, tally: Tally): AsyncGenerator<LdapRecord> {
  for await (const page of connection.pages(search)) {
    if (page.problem !== null) tally.problems.add(page.problem);
    for (const entry of page.entries) {
      const record = toRecord(entry);
      tally.progress = meet(tally.progress, record.stamps);
      yield record;
    }
  }
}

/** Adds "changed since" where a mark is given. */
function restrict(search: Search, mark: Mark | null, overlapMs: number): Search {
  if (mark === null) return search;
  return { ...search, filter: both(search.filter, changedSince(mark.by, lowerBound(mark, overlapMs))) };
}

function withBookkeeping(names: readonly string[]): readonly string[] {
  const known = new Set(BOOKKEEPING.map((name) => name.toLowerCase()));
  return [...names.filter((name) => !known.has(name.toLowerCase())), ...BOOKKEEPING];
}

function reject(record: LdapRecord, base: string, tally: Tally): SourceItem {
  tally.withoutId += 1;
  return { kind: 'rejected', reason: 'bad-source-id', where: describe(record, base) };
}

function endOf(settings: LdapSettings, mark: Mark | null, tally: Tally, tookMs: number): SourceItem {
  const next = nextMark(mark, tally.progress, tookMs);
  const problems = [...tally.problems];
  if (tally.withoutId > 0) {
    problems.push(
      `${tally.withoutId} entries show no usable entryUUID; let ${settings.bindDn} read that attribute`,
    );
  }
  if (next === null) {
    problems.push(
      `entries show neither entryCSN nor modifyTimestamp; let ${settings.bindDn} read one of them`,
    );
  }
  const complete = problems.length === 0;
  // An incomplete read must not move the mark, even for a caller that forgets to look.
  const kept = complete && next !== null ? next : (mark ?? BEGINNING);
  return { kind: 'end', watermark: formatMark(kept), complete, problems };
}

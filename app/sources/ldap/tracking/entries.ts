/**
 * Reads people and groups as they are now, everybody or those whom a filter leaves: what trackings do that learn from
 * elsewhere whom to read. What they conclude from it is theirs.
 */
import type { Filter } from 'ldapts';
import { both } from '../filters/filter.ts';
import { groupAttributes, groupsFrom } from '../groups/read-groups.ts';
import type { Search } from '../protocol/search.ts';
import { bookkeepingOf, describe, type LdapRecord, personAttributes, toPerson, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import type { TrackedItem } from './tracking.ts';

/** What one read has met so far. */
export type Tally = {
  /** Why it does not tell everything. */
  readonly problems: Set<string>;
  withoutId: number;
  /** Told of each record that was read, usable or not. */
  readonly onRecord: (record: LdapRecord) => void;
};

export function newTally(onRecord: Tally['onRecord'] = () => {}): Tally {
  return { problems: new Set(), withoutId: 0, onRecord };
}

/** Why the read does not tell everything, in words for an operator; empty where it does. */
export function problemsOf(
  { settings, dialect }: Session,
  { problems, withoutId }: Tally,
): readonly string[] {
  if (withoutId === 0) return [...problems];
  const { attribute } = dialect.id;
  return [
    ...problems,
    `${withoutId} entries show no usable ${attribute}; let ${settings.account} read that attribute`,
  ];
}

/** @param only leaves some of the people in scope; null for everybody */
export async function* readPeople(
  session: Session,
  tally: Tally,
  only: Filter | null,
): AsyncGenerator<TrackedItem, void> {
  const { people, settings, membership } = session;
  const search = narrowed({ ...people, attributes: personAttributes(session) }, only);
  for await (const record of records(session, search, tally)) {
    const { stableId } = record;
    if (stableId === null) yield reject(record, people.base, tally);
    else yield { kind: 'person', entry: toPerson(record, stableId, settings.reads, membership) };
  }
}

/** @param only leaves some of the groups; null for all */
export async function* readGroups(
  session: Session,
  tally: Tally,
  only: Filter | null,
): AsyncGenerator<TrackedItem, void> {
  const { groups } = session;
  if (groups === null) return;
  const { base, filter } = groups;
  const attributes = [...groupAttributes(session), ...bookkeepingOf(session.dialect)];
  const search = narrowed({ base, scope: 'sub', filter, attributes }, only);
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
      tally.onRecord(record);
      yield record;
    }
  }
}

function narrowed(search: Search, only: Filter | null): Search {
  return only === null ? search : { ...search, filter: both(search.filter, only) };
}

/** An entry that shows no id. */
export function reject(
  record: LdapRecord,
  base: string,
  tally: Tally,
): Extract<TrackedItem, { kind: 'rejected' }> {
  tally.withoutId += 1;
  return { kind: 'rejected', reason: 'bad-source-id', where: describe(record, base) };
}

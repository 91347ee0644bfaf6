/**
 * Finds the groups that name certain people now. Asked for people who are new or stand under another name: the server
 * may have written that name into groups without touching the groups' stamps (OpenLDAP's refint overlay does so), and a
 * group may have named somebody before they were there.
 */
import { type Filter, OrFilter } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { Entry, GroupEntry } from '../../../person/entry.ts';
import { both, equals } from '../filters/filter.ts';
import type { LdapSettings } from '../options.ts';
import { bookkeepingOf, type LdapRecord, toRecord } from '../record.ts';
import { openSession, type Session } from '../session.ts';
import { namesUids } from './members.ts';
import { groupAttributes, groupsFrom } from './read-groups.ts';

/** Names asked for in one search; servers limit how long a filter may be. */
const NAMES_A_SEARCH = 50;

/** @throws SourceUnavailable where the directory cannot tell */
export async function* groupsNaming(
  settings: LdapSettings,
  people: readonly Entry[],
  signal: AbortSignal,
): AsyncGenerator<GroupEntry, void> {
  if (settings.groups === null || people.length === 0) return;
  const session = await openSession(settings, signal);
  try {
    const fail = (problem: string) => {
      throw new SourceUnavailable(`source ${settings.name}: ${problem}`);
    };
    for await (const item of groupsFrom(session, recordsNaming(session, people, fail), fail)) {
      if (item.kind === 'group') yield item.group;
    }
  } finally {
    await session.close();
  }
}

async function* recordsNaming(
  session: Session,
  people: readonly Entry[],
  fail: (problem: string) => void,
): AsyncGenerator<LdapRecord, void> {
  const { groups, dialect } = session;
  if (groups === null) return;
  const told = new Set<string>();
  const attributes = [...groupAttributes(session), ...bookkeepingOf(dialect)];
  for (const filter of filtersFor(session, people)) {
    const search = {
      base: groups.base,
      scope: 'sub',
      filter: both(filter, groups.filter),
      attributes,
    } as const;
    for await (const page of session.pages(search)) {
      if (page.problem !== null) fail(page.problem);
      for (const record of page.entries.map((entry) => toRecord(entry, dialect))) {
        if (record.stableId === null || told.has(record.stableId)) continue;
        told.add(record.stableId);
        yield record;
      }
    }
  }
}

function filtersFor({ groups }: Session, people: readonly Entry[]): Filter[] {
  if (groups === null) return [];
  const names = namesUids(groups)
    ? people.flatMap(({ attributes }) => attributes['uid'] ?? [])
    : people.flatMap(({ dn }) => (dn === undefined ? [] : [dn]));
  const filters: Filter[] = [];
  for (let at = 0; at < names.length; at += NAMES_A_SEARCH) {
    const some = names.slice(at, at + NAMES_A_SEARCH);
    filters.push(new OrFilter({ filters: some.map((name) => equals(groups.memberAttribute, name)) }));
  }
  return filters;
}

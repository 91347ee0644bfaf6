/**
 * Finds the groups that name certain people or groups now. Asked for those who are new or stand under another name: the
 * server may have written that name into groups without touching the groups' stamps (OpenLDAP's refint overlay does so).
 */
import { type Filter, OrFilter } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { GroupEntry } from '../../../person/entry.ts';
import { uidIn } from '../../../person/member-names.ts';
import type { Named } from '../../source.ts';
import { both, equals } from '../filters/filter.ts';
import type { LdapSettings } from '../options.ts';
import { bookkeepingOf, type LdapRecord, toRecord } from '../record.ts';
import { openSession, type Session } from '../session.ts';
import { namesUids } from './membership.ts';
import { groupAttributes, groupsFrom } from './read-groups.ts';

/** Names asked for in one search; servers limit how long a filter may be. */
const NAMES_A_SEARCH = 50;

/** @throws SourceUnavailable where the directory cannot tell */
export async function* groupsNaming(
  settings: LdapSettings,
  members: readonly Named[],
  signal: AbortSignal,
): AsyncGenerator<GroupEntry, void> {
  if (settings.groups === null || members.length === 0) return;
  const session = await openSession(settings, signal);
  try {
    const fail = (problem: string) => {
      throw new SourceUnavailable(`source ${settings.name}: ${problem}`);
    };
    for await (const item of groupsFrom(session, recordsNaming(session, members, fail), fail)) {
      if (item.kind === 'group') yield item.group;
    }
  } finally {
    await session.close();
  }
}

async function* recordsNaming(
  session: Session,
  members: readonly Named[],
  fail: (problem: string) => void,
): AsyncGenerator<LdapRecord, void> {
  const { groups, dialect } = session;
  if (groups === null) return;
  const told = new Set<string>();
  const attributes = [...groupAttributes(session), ...bookkeepingOf(dialect)];
  for (const filter of filtersFor(session, members)) {
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

function filtersFor({ groups }: Session, members: readonly Named[]): Filter[] {
  if (groups === null) return [];
  const names = [...new Set(members.flatMap(namesUids(groups) ? uidsOf : dnOf))];
  const filters: Filter[] = [];
  for (let at = 0; at < names.length; at += NAMES_A_SEARCH) {
    const some = names.slice(at, at + NAMES_A_SEARCH);
    filters.push(new OrFilter({ filters: some.map((name) => equals(groups.memberAttribute, name)) }));
  }
  return filters;
}

function dnOf({ dn }: Named): readonly string[] {
  return dn === undefined ? [] : [dn];
}

/** As the person spells it, too: memberUid is compared with case (RFC 2307 section 3). */
function uidsOf({ memberNames = [], attributes = {} }: Named): readonly string[] {
  return [...(attributes['uid'] ?? []), ...memberNames.flatMap((name) => uidIn(name) ?? [])];
}

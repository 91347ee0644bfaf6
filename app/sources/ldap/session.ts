/**
 * An open connection, what kind of directory is behind it, and what is searched there: everything that the ways to read
 * a directory start from.
 */
import { type Connection, openConnection } from './connection/connection.ts';
import { type Page, readPages } from './connection/pages.ts';
import { readServer, type Server } from './connection/server.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectOf } from './dialects/index.ts';
import { parseFilter } from './filters/filter-text.ts';
import type { GroupSettings, LdapSettings, PeopleSettings } from './options.ts';
import type { Search } from './protocol/search.ts';

export type Session = {
  readonly settings: LdapSettings;
  readonly connection: Connection;
  readonly server: Server;
  readonly dialect: Dialect;
  readonly people: PeopleSettings;
  /** Null where groups are not read. */
  readonly groups: GroupSettings | null;
  /** One search, page by page. @throws SourceUnavailable when the answer broke off */
  pages(search: Search): AsyncGenerator<Page, void>;
  close(): Promise<void>;
};

/** @throws SourceUnavailable naming each server and what was wrong with it */
export async function openSession(settings: LdapSettings, signal: AbortSignal): Promise<Session> {
  const connection = await openConnection(settings, signal);
  try {
    const server = await readServer(connection);
    const dialect = dialectOf(server, settings.directory);
    return {
      settings,
      connection,
      server,
      dialect,
      people: { ...settings.people, filter: settings.people.filter ?? filterOf(dialect.peopleFilter) },
      groups: groupsOf(settings, dialect),
      pages: (search) =>
        readPages(connection, search, settings.pageSize, (url) => dialect.isHarmlessReferral(url, server)),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function groupsOf({ groups }: LdapSettings, dialect: Dialect): GroupSettings | null {
  if (groups === null) return null;
  const usual = dialect.groups;
  return {
    base: groups.base,
    filter: groups.filter ?? filterOf(usual.filter),
    memberAttribute: groups.memberAttribute ?? usual.memberAttribute,
    nameAttribute: groups.nameAttribute ?? usual.nameAttribute,
  };
}

function filterOf(text: string) {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`a dialect's filter cannot be read: ${parsed.problem}`);
  return parsed.filter;
}

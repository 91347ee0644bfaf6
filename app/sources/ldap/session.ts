/**
 * An open connection, what kind of directory is behind it, and what is searched there: everything that the ways to read
 * a directory start from.
 */
import { type Connection, openConnection } from './connection/connection.ts';
import { type Identity, identify } from './connection/identity.ts';
import { type Page, readPages } from './connection/pages.ts';
import { createReferences, type References } from './connection/references.ts';
import { readServer, type Server } from './connection/server.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectOf } from './dialects/index.ts';
import { parseFilter } from './filters/filter-text.ts';
import { type Membership, membershipOf } from './groups/membership.ts';
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
  readonly membership: Membership;
  /** One search, page by page. @throws SourceUnavailable when the answer broke off */
  pages(search: Search): AsyncGenerator<Page, void>;
  /** What references to other servers mean for an answer. Pages are judged already. */
  readonly references: References;
  /** Whom the server takes us for. */
  readonly identity: Identity;
  /** What an operator should know although nothing is missing. */
  notices(): readonly string[];
  close(): Promise<void>;
};

/** @throws SourceUnavailable naming each server and what was wrong with it */
export async function openSession(settings: LdapSettings, signal: AbortSignal): Promise<Session> {
  const connection = await openConnection(settings, signal);
  try {
    const server = await readServer(connection);
    const dialect = dialectOf(server, settings.directory);
    const groups = groupsOf(settings, dialect);
    const isHarmless = (url: string) => dialect.isHarmlessReferral(url, server);
    const references = createReferences(settings.referrals, isHarmless);
    return {
      settings,
      connection,
      server,
      dialect,
      people: { ...settings.people, filter: settings.people.filter ?? filterOf(dialect.peopleFilter) },
      groups,
      membership: membershipOf(groups, settings.believesMemberOf, dialect.groups.primary),
      references,
      identity: await identify(connection, server, settings.account),
      pages: (search) => readPages(connection, search, settings.pageSize, references.judge),
      notices: () => [...connection.warnings, ...references.notices()],
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
    nested: groups.nested,
  };
}

function filterOf(text: string) {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`a dialect's filter cannot be read: ${parsed.problem}`);
  return parsed.filter;
}

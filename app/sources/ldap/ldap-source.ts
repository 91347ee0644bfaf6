/**
 * The Source over an LDAP directory.
 *
 * It keeps nothing between two calls, and each call has its own connection; see `connection/connection.ts` for why.
 */
import type { Source } from '../source.ts';
import { findPeople } from './find.ts';
import { groupsNaming } from './groups/groups-naming.ts';
import { checkOptions, type LdapSourceOptions } from './options.ts';
import { readDirectory } from './read.ts';
import { watchDirectory } from './watching/index.ts';

/** @throws BadSourceOptions naming every option that cannot work, malformed filters among them */
export function createLdapSource(options: LdapSourceOptions): Source {
  const settings = checkOptions(options);
  return {
    name: settings.name,
    read: (wish, signal) => readDirectory(settings, wish, signal),
    find: (ids, signal) => findPeople(settings, ids, signal),
    groupsNaming: (members, signal) => groupsNaming(settings, members, signal),
    watch: (since, signal) => watchDirectory(settings, since, signal),
  };
}

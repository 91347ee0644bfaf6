/**
 * The Source over an LDAP directory.
 *
 * It keeps nothing between two calls, and each call has its own connection; see `connection/connection.ts` for why.
 */
import type { Source } from '../source.ts';
import { findPerson } from './find.ts';
import { groupsNaming } from './groups/groups-naming.ts';
import { checkOptions, type LdapSourceOptions } from './options.ts';
import { readDirectory } from './read.ts';

/** @throws BadSourceOptions naming every option that cannot work, malformed filters among them */
export function createLdapSource(options: LdapSourceOptions): Source {
  const settings = checkOptions(options);
  return {
    name: settings.name,
    read: (wish, signal) => readDirectory(settings, wish, signal),
    find: (id, signal) => findPerson(settings, id, signal),
    groupsNaming: (people, signal) => groupsNaming(settings, people, signal),
    watch: null,
  };
}

/**
 * The Source over an LDAP directory that is asked from time to time (OpenLDAP's way: entryUUID, entryCSN).
 *
 * It keeps nothing between two calls, and each call has its own connection; see `connection.ts` for why.
 */
import type { Source } from '../source.ts';
import { findPerson } from './find.ts';
import { checkOptions, type LdapSourceOptions } from './options.ts';
import { readDirectory } from './read.ts';

/** @throws BadSourceOptions naming every option that cannot work, malformed filters among them */
export function createLdapSource(options: LdapSourceOptions): Source {
  const settings = checkOptions(options);
  return {
    name: settings.name,
    read: (since, signal) => readDirectory(settings, since, signal),
    find: (id, signal) => findPerson(settings, id, signal),
  };
}

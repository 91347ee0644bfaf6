/** Public face of the LDAP source. `normaliseDn` makes the form in which groups name their members (`Entry.dnKey`). */

export { checkDirectory } from './checking/check-directory.ts';
export { DIALECT_NAMES } from './dialects/names.ts';
export { createLdapSource } from './ldap-source.ts';
export { BadSourceOptions, checkOptions, filterProblem, isDn, type LdapSourceOptions } from './options.ts';
export { TRACKING_NAMES } from './tracking/names.ts';
export { isWithin, normaliseDn } from './values/dn.ts';

/** Public face of the LDAP source. `normaliseDn` makes the form in which groups name their members (`Entry.dnKey`). */
export { isWithin, normaliseDn } from './dn.ts';
export { createLdapSource } from './ldap-source.ts';
export { BadSourceOptions, checkOptions, filterProblem, isDn, type LdapSourceOptions } from './options.ts';

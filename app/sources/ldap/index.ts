/** Public face of the LDAP source. `normaliseDn` makes the form in which groups name their members (`Entry.dnKey`). */

export { isWithin, normaliseDn } from '../../person/dn.ts';
export { checkDirectory } from './checking/check-directory.ts';
export { type DirectorySurvey, namingContexts, surveyDirectory } from './checking/survey.ts';
export { DIALECT_NAMES } from './dialects/names.ts';
export { createLdapSource } from './ldap-source.ts';
export { BadSourceOptions, checkOptions, filterProblem, isDn, type LdapSourceOptions } from './options.ts';
export { TRACKING_NAMES } from './tracking/names.ts';

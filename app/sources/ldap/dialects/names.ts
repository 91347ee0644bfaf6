/** The kinds of directory that are known, by the names that configuration and `check source` use. */

export const DIALECT_NAMES = ['openldap', 'active-directory', '389ds', 'generic'] as const;

export type DialectName = (typeof DIALECT_NAMES)[number];

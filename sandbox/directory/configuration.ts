/**
 * The private slapd's settings and the tree it starts with. Everything lies in one folder; nothing of the system's
 * own slapd is read but schemas and modules.
 *
 * Who may see what: `cn=reader` everything; `cn=limited` the same under size limits; anonymous nobody.
 */
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { ldifEntry } from './ldif.ts';

export const SUFFIX = 'dc=example,dc=test';
export const PEOPLE_BASE = `ou=people,${SUFFIX}`;
export const GROUPS_BASE = `ou=groups,${SUFFIX}`;
export const FORMER_BASE = `ou=former,${SUFFIX}`;
export const ADMIN_DN = `cn=admin,${SUFFIX}`;
export const READER_DN = `cn=reader,${SUFFIX}`;
export const LIMITED_DN = `cn=limited,${SUFFIX}`;

export type ConfigurationInput = {
  readonly folder: string;
  readonly schemaFolder: string;
  readonly moduleFolder: string;
  readonly certificates: Certificates;
  readonly adminPassword: string;
  /** `access to …` lines that come before the usual ones. */
  readonly access: readonly string[];
};

export function slapdConf(input: ConfigurationInput): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'];
  return `${schemas.map((name) => `include ${join(input.schemaFolder, `${name}.schema`)}`).join('\n')}
modulepath ${input.moduleFolder}
moduleload back_mdb
moduleload syncprov
pidfile ${join(input.folder, 'slapd.pid')}
argsfile ${join(input.folder, 'slapd.args')}
loglevel none
threads 4
sizelimit unlimited
TLSCACertificateFile ${input.certificates.caFile}
TLSCertificateFile ${input.certificates.certFile}
TLSCertificateKeyFile ${input.certificates.keyFile}

database mdb
suffix ${SUFFIX}
rootdn ${ADMIN_DN}
rootpw ${input.adminPassword}
directory ${databaseFolder(input.folder)}
maxsize 1073741824
dbnosync
index objectClass eq
index entryUUID,entryCSN,modifyTimestamp eq
index uid,cn,mail,member eq
limits dn.exact="${READER_DN}" size=unlimited time=unlimited
limits dn.exact="${LIMITED_DN}" size.soft=100 size.hard=1000 size.pr=500 size.prtotal=1000
${input.access.join('\n')}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER_DN}" read by dn.exact="${LIMITED_DN}" read by * none
overlay syncprov
syncprov-checkpoint 1000 10
`;
}

export function databaseFolder(folder: string): string {
  return join(folder, 'db');
}

/** The suffix, three branches and the two accounts. */
export function startingTree(passwords: { readonly reader: string; readonly limited: string }): string {
  const branch = (dn: string, ou: string) => ldifEntry(dn, { objectClass: 'organizationalUnit', ou });
  const account = (dn: string, cn: string, userPassword: string) =>
    ldifEntry(dn, { objectClass: ['organizationalRole', 'simpleSecurityObject'], cn, userPassword });
  return [
    ldifEntry(SUFFIX, { objectClass: ['dcObject', 'organization'], dc: 'example', o: 'Example' }),
    branch(PEOPLE_BASE, 'people'),
    branch(GROUPS_BASE, 'groups'),
    branch(FORMER_BASE, 'former'),
    account(READER_DN, 'reader', passwords.reader),
    account(LIMITED_DN, 'limited', passwords.limited),
  ].join('');
}

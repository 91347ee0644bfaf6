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
  readonly clientCertificates: ClientCertificates;
  readonly syncprov: Syncprov;
  readonly overlays: readonly Overlay[];
};

/**
 * `refint`: a new name of an entry is written into groups and `manager`, without a new stamp for them. `memberof`: people
 * name the groups that name them, without a new stamp either. `ppolicy`: passwords expire and accounts are locked by the
 * policy in `cn=policy`.
 */
export type Overlay = 'refint' | 'memberof' | 'ppolicy';

const OVERLAYS: Readonly<Record<Overlay, string>> = {
  refint: 'overlay refint\nrefint_attributes member manager',
  memberof: 'overlay memberof',
  ppolicy: `overlay ppolicy\nppolicy_default cn=policy,${SUFFIX}\nppolicy_use_lockout`,
};

/**
 * The overlay by which OpenLDAP does RFC 4533: its options; `off`: the database goes without it; `unknown`: the server
 * has never heard of it.
 */
export type Syncprov = readonly string[] | 'off' | 'unknown';

/** As slapo-syncprov(5) advises: where nothing is remembered of deletions, everybody has to be named after each. */
export const USUAL_SYNCPROV: Syncprov = ['syncprov-checkpoint 1000 10', 'syncprov-sessionlog 1000'];

/**
 * Whether who connects has to show a certificate of the directory's authority, may, or is not asked. Who shows one with
 * the subject `CN=reader` may log in by it as `cn=reader`.
 */
export type ClientCertificates = 'demand' | 'try' | 'never';

export function slapdConf(input: ConfigurationInput): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'];
  return `${schemas.map((name) => `include ${join(input.schemaFolder, `${name}.schema`)}`).join('\n')}
modulepath ${input.moduleFolder}
moduleload back_mdb
${input.syncprov === 'unknown' ? '' : 'moduleload syncprov'}
${input.overlays.map((name) => `moduleload ${name}`).join('\n')}
pidfile ${join(input.folder, 'slapd.pid')}
argsfile ${join(input.folder, 'slapd.args')}
loglevel none
threads 4
sizelimit unlimited
TLSCACertificateFile ${input.certificates.caFile}
TLSCertificateFile ${input.certificates.certFile}
TLSCertificateKeyFile ${input.certificates.keyFile}
TLSVerifyClient ${input.clientCertificates}
authz-regexp "^cn=([^,]+)$" "cn=$1,${SUFFIX}"

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
${overlaySyncprov(input.syncprov)}
${input.overlays.map((name) => OVERLAYS[name]).join('\n')}
`;
}

function overlaySyncprov(syncprov: Syncprov): string {
  return typeof syncprov === 'string' ? '' : ['overlay syncprov', ...syncprov].join('\n');
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

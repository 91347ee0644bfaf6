/** OpenLDAP in the table of directories. Accounts are disabled by its password policy (slapo-ppolicy(5)). */
import { readFile } from 'node:fs/promises';
import { FORMER_BASE, GROUPS_BASE, PEOPLE_BASE, SUFFIX } from '../../../sandbox/directory/configuration.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { startDirectory } from '../../../sandbox/directory/slapd.ts';
import { castLdif } from './cast.ts';
import type { Kind, Server } from './server.ts';

const OPENLDAP: Kind = {
  title: 'OpenLDAP',
  suffix: SUFFIX,
  bases: {
    staff: PEOPLE_BASE,
    engines: `ou=engines,${PEOPLE_BASE}`,
    former: FORMER_BASE,
    groups: GROUPS_BASE,
  },
  rdnOf: (name) => `uid=${name}`,
  person: (name, facts) => ({ objectClass: 'inetOrgPerson', uid: name, cn: name, ...facts }),
  group: (name, member) => ({ objectClass: 'groupOfNames', cn: name, member }),
  // For good, as slapo-ppolicy(5) has it.
  disable: { replace: { pwdAccountLockedTime: '000001010000Z' } },
  active: {
    reads: 'pwdAccountLockedTime: string',
    rule: `{ value: '= e.pwdAccountLockedTime == ""', optional: [pwdAccountLockedTime] }`,
  },
  takesAnyManager: true,
};

const READERS = `cn=readers,${SUFFIX}`;

export async function startOpenLdap(): Promise<Server> {
  const rightsOfNobody = ldifEntry(READERS, {
    objectClass: 'groupOfNames',
    member: [`cn=reader,${SUFFIX}`, SUFFIX],
  });
  const directory = await startDirectory({
    ldif: castLdif(OPENLDAP) + rightsOfNobody,
    overlays: ['ppolicy'],
    access: [`access to dn.children="${PEOPLE_BASE}" by group.exact="${READERS}" read by * none`],
  });
  const { reader } = directory;
  const one = async (dn: string, attribute: string) => (await directory.read(dn))[attribute]?.[0] ?? '';
  return {
    ...OPENLDAP,
    ...directory,
    ways: [
      { tracking: 'content-sync', configured: 'auto', account: reader },
      { tracking: 'time-stamps', configured: 'time-stamps', account: reader },
    ],
    address: { host: '127.0.0.1', port: directory.securePort },
    ca: await readFile(directory.caFile, 'utf8'),
    idOf: (dn) => one(dn, 'entryUUID'),
    stampOf: (dn) => one(dn, 'modifyTimestamp'),
    rights: {
      take: () => directory.modify(READERS, { remove: { member: reader.dn } }),
      give: () => directory.modify(READERS, { add: { member: reader.dn } }),
    },
  };
}

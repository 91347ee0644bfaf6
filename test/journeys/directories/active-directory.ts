/** Active Directory (Samba) in the table of directories. Its groups and managers are links to entries that are there. */
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { FORMER, GROUPS, groupAttributes, STAFF, SUFFIX, startSamba } from '../../support/samba.ts';
import { castLdif, strangersOf } from './cast.ts';
import type { Kind, Server } from './server.ts';

/** An account that needs no password, since nobody logs in with it; and the same, disabled ([MS-ADTS] 2.2.16). */
const ENABLED = '544';
const DISABLED = '546';

const ACTIVE_DIRECTORY: Kind = {
  title: 'Samba AD',
  suffix: SUFFIX,
  bases: { staff: STAFF, engines: `OU=Engines,${STAFF}`, former: FORMER, groups: GROUPS },
  rdnOf: (name) => `CN=${name}`,
  person: (name, facts) => ({
    objectClass: 'user',
    sAMAccountName: name,
    userAccountControl: ENABLED,
    ...facts,
  }),
  group: groupAttributes,
  disable: { replace: { userAccountControl: DISABLED } },
  active: {
    reads: 'userAccountControl: string',
    rule: "'= int(e.userAccountControl) / 2 % 2 == 0'",
  },
  takesAnyManager: false,
};

/** Nobody who logs in may list it ([MS-ADTS] 5.1.3.2, RIGHT_DS_LIST_CONTENTS). */
const HIDES_WHAT_IS_BELOW = '(D;;LC;;;AU)';

export async function startActiveDirectory(): Promise<Server> {
  const strangers = strangersOf(ACTIVE_DIRECTORY).map((dn) => ldifEntry(dn, { objectClass: 'contact' }));
  const samba = await startSamba(strangers.join('') + castLdif(ACTIVE_DIRECTORY));
  const { admin, undertaker } = samba.accounts;
  return {
    ...ACTIVE_DIRECTORY,
    ...samba,
    ways: [
      // Whoever may replicate is read by DirSync; any other account that may see deletions by uSNChanged.
      { tracking: 'dirsync', configured: 'auto', account: admin },
      { tracking: 'usn-changed', configured: 'auto', account: undertaker, asProcesses: true },
    ],
    address: { host: new URL(samba.ldapsUrl).hostname, port: 636 },
    idOf: (dn) => samba.guidOf(dn),
    stampOf: async (dn) => (await samba.read(dn))['whenChanged']?.[0] ?? '',
    rights: {
      take: () => samba.giveAccess(STAFF, HIDES_WHAT_IS_BELOW),
      give: () => samba.takeAccess(STAFF, HIDES_WHAT_IS_BELOW),
    },
  };
}

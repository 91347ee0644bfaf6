/** 389 Directory Server in the table of directories, with the Retro Changelog and Content Synchronization plug-ins. */
import { readFile } from 'node:fs/promises';
import { type Ds389, startDs389 } from '../../support/ds389.ts';
import { castLdif } from './cast.ts';
import type { Kind, Server } from './server.ts';

const SUFFIX = 'dc=example,dc=test';
const PEOPLE = `ou=people,${SUFFIX}`;

const DS389: Kind = {
  title: '389 DS',
  suffix: SUFFIX,
  bases: {
    staff: PEOPLE,
    engines: `ou=engines,${PEOPLE}`,
    former: `ou=former,${SUFFIX}`,
    groups: `ou=groups,${SUFFIX}`,
  },
  rdnOf: (name) => `uid=${name}`,
  person: (name, facts) => ({ objectClass: 'inetOrgPerson', uid: name, cn: name, ...facts }),
  group: (name, member) => ({ objectClass: 'groupOfNames', cn: name, member }),
  disable: { replace: { nsAccountLock: 'true' } },
  active: {
    reads: 'nsAccountLock: string',
    rule: `{ value: '= e.nsAccountLock.lower() != "true"', optional: [nsAccountLock] }`,
  },
  takesAnyManager: true,
};

export async function startDirectoryServer389(): Promise<Server> {
  const directory = await startDs389({ contentSync: true, ldif: castLdif(DS389) });
  const { reader } = directory;
  // The log is followed only where one of its records is of somebody who is read.
  await directory.modify(`uid=crew00,${PEOPLE}`, { replace: { description: 'first of the crew' } });
  return {
    ...DS389,
    ...directory,
    ways: [
      { tracking: 'retro-changelog', configured: 'auto', account: reader },
      { tracking: 'content-sync', configured: 'content-sync', account: reader },
      { tracking: 'time-stamps', configured: 'time-stamps', account: reader },
    ],
    address: { host: '127.0.0.1', port: Number(new URL(directory.ldapsUrl).port) },
    ca: await readFile(directory.caFile, 'utf8'),
    idOf: (dn) => one(directory, dn, 'nsUniqueId'),
    stampOf: (dn) => one(directory, dn, 'modifyTimestamp'),
    rights: await rightsOf(directory),
  };
}

/** What the account may read is said at the suffix. */
async function rightsOf(directory: Ds389): Promise<Server['rights']> {
  const { aci = [] } = await directory.read(SUFFIX);
  return {
    take: () => directory.modify(SUFFIX, { replace: { aci: [] } }),
    give: () => directory.modify(SUFFIX, { replace: { aci } }),
  };
}

async function one(directory: Ds389, dn: string, attribute: string): Promise<string> {
  const entry = Object.entries(await directory.read(dn));
  return entry.find(([name]) => name.toLowerCase() === attribute.toLowerCase())?.[1][0] ?? '';
}

/** Finds slapd, slapadd and what they load. Debian keeps them outside the usual PATH of a plain user. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type Installation = {
  readonly slapd: string;
  readonly slapadd: string;
  readonly schemaFolder: string;
  readonly moduleFolder: string;
};

const SCHEMA_FOLDERS = ['/etc/ldap/schema', '/etc/openldap/schema'];
const MODULE_FOLDERS = ['/usr/lib/ldap', '/usr/lib64/openldap', '/usr/lib/openldap'];

/** @throws Error that says what is missing and how to get it */
export async function findSlapd(programs: readonly string[] = programFolders()): Promise<Installation> {
  return {
    slapd: await firstOf(
      programs.map((folder) => join(folder, 'slapd')),
      'slapd',
      constants.X_OK,
    ),
    slapadd: await firstOf(
      programs.map((folder) => join(folder, 'slapadd')),
      'slapadd',
      constants.X_OK,
    ),
    schemaFolder: await firstOf(SCHEMA_FOLDERS, 'the OpenLDAP schemas', constants.R_OK),
    moduleFolder: await firstOf(MODULE_FOLDERS, 'the OpenLDAP modules', constants.R_OK),
  };
}

function programFolders(): readonly string[] {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return ['/usr/sbin', '/usr/local/sbin', ...path.filter((folder) => folder !== '')];
}

async function firstOf(candidates: readonly string[], what: string, mode: number): Promise<string> {
  for (const candidate of candidates) {
    try {
      await access(candidate, mode);
      return candidate;
    } catch {
      // Not here; the next place may have it.
    }
  }
  throw new Error(`${what} was not found on this machine. Run: npm run setup`);
}

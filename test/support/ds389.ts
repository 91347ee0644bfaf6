/**
 * A private 389 Directory Server on this machine, for tests: starts with the plug-ins that a test wants, can be changed
 * as an administrator would, restarts, stops and leaves nothing behind. Passwords are new for each.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Administration, administer } from '../../sandbox/directory/administration.ts';
import { makeCertificates } from '../../sandbox/directory/certificates.ts';
import type { Account } from '../../sandbox/directory/slapd.ts';
import { freePorts } from '../../sandbox/directory/slapd-process.ts';
import {
  BACKEND,
  changelogAccess,
  MANAGER_DN,
  type Plugins,
  startingTree,
  writeCertificates,
  writeFolder,
} from './ds389/folder.ts';
import { NS_SLAPD, type RunningDs389, runDs389 } from './ds389/process.ts';

const run = promisify(execFile);

const SUFFIX = 'dc=example,dc=test';
const READER_DN = `cn=reader,${SUFFIX}`;

export type Ds389Options = Plugins & {
  /** Records to load besides the branches and the account; an nsUniqueId in them is kept. */
  readonly ldif?: string;
  /** Whether the account may read cn=changelog. Default true. */
  readonly changelogReadable?: boolean;
};

export type Ds389 = Administration & {
  readonly ldapUrl: string;
  readonly ldapsUrl: string;
  readonly port: number;
  /** PEM file of the authority behind its certificate, which is for `localhost` and 127.0.0.1. */
  readonly caFile: string;
  readonly suffix: string;
  readonly peopleBase: string;
  readonly groupsBase: string;
  readonly formerBase: string;
  /** The manager, whom no limit and no access control concerns; also changes `cn=config`. */
  readonly admin: Account;
  /** May read everything below the suffix but passwords. */
  readonly reader: Account;
  /** Stops and starts again on the same ports with the same data. */
  restart(): Promise<void>;
  /** Throws the data away and loads these records in its place, while the server is down. */
  reload(ldif: string): Promise<void>;
  /** Stops and removes its folder. */
  stop(): Promise<void>;
};

/** @throws Error where 389-ds-base, libnss3-tools or openssl is missing, or the data cannot be loaded */
export async function startDs389(options: Ds389Options = {}): Promise<Ds389> {
  const folder = await mkdtemp(join(tmpdir(), 'ds389-'));
  const admin = { dn: MANAGER_DN, password: randomBytes(12).toString('hex') };
  const reader = { dn: READER_DN, password: randomBytes(12).toString('hex') };
  let running: RunningDs389 | null = null;
  try {
    await writeFolder({ folder, suffix: SUFFIX, password: admin.password, plugins: options });
    const certificates = await makeCertificates(folder);
    await writeCertificates(folder, certificates);
    const load = (ldif: string) => loadOffline(folder, treeFor(reader) + ldif);
    await load(options.ldif ?? '');
    running = await runDs389(folder, admin.password, freePorts);
    const directory = serve(folder, running, { admin, reader }, certificates.caFile, load);
    const hasChangelog = options.retroChangelog === true || options.contentSync === true;
    if (hasChangelog && options.changelogReadable !== false) {
      await directory.modify('cn=changelog', { add: { aci: changelogAccess(reader.dn) } });
    }
    return directory;
  } catch (error) {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function serve(
  folder: string,
  first: RunningDs389,
  accounts: Pick<Ds389, 'admin' | 'reader'>,
  caFile: string,
  load: (ldif: string) => Promise<void>,
): Ds389 {
  let running = first;
  const { ports } = running;
  const whileDown = async (work: () => Promise<void>) => {
    await running.stop();
    await work();
    running = await runDs389(folder, accounts.admin.password, async () => ports);
  };
  const ldapUrl = `ldap://127.0.0.1:${ports.plain}`;
  return {
    ...administer(ldapUrl, accounts.admin),
    ...accounts,
    ldapUrl,
    ldapsUrl: `ldaps://127.0.0.1:${ports.secure}`,
    port: ports.plain,
    caFile,
    suffix: SUFFIX,
    peopleBase: `ou=people,${SUFFIX}`,
    groupsBase: `ou=groups,${SUFFIX}`,
    formerBase: `ou=former,${SUFFIX}`,
    restart: () => whileDown(async () => {}),
    reload: (ldif) => whileDown(() => load(ldif)),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function treeFor(reader: Account): string {
  return startingTree({
    suffix: SUFFIX,
    branches: ['people', 'groups', 'former'],
    readerDn: reader.dn,
    readerPassword: reader.password,
  });
}

async function loadOffline(folder: string, ldif: string): Promise<void> {
  const file = join(folder, 'ldif', 'load.ldif');
  await writeFile(file, ldif, { mode: 0o600 });
  await run(NS_SLAPD, ['ldif2db', '-D', folder, '-n', BACKEND, '-i', file]);
}

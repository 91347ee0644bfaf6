/**
 * A private OpenLDAP directory on this machine, for tests, the demo and rehearsals: starts, can be changed as an
 * administrator would, restarts, stops and leaves nothing behind.
 *
 * It is a real server in its own process. Passwords are new for each directory.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Administration, administer } from './administration.ts';
import { makeCertificates } from './certificates.ts';
import {
  ADMIN_DN,
  type ClientCertificates,
  databaseFolder,
  FORMER_BASE,
  GROUPS_BASE,
  LIMITED_DN,
  type Overlay,
  PEOPLE_BASE,
  READER_DN,
  SUFFIX,
  type Syncprov,
  slapdConf,
  startingTree,
  USUAL_SYNCPROV,
} from './configuration.ts';
import { findSlapd, type Installation } from './installation.ts';
import { freePorts, type PickPorts, type Ports, runSlapd, type SlapdCommand } from './slapd-process.ts';

const run = promisify(execFile);

export type DirectoryOptions = {
  /** Records to load besides the branches and accounts; operational attributes in it are kept. */
  readonly ldif?: string;
  /** Where its data goes; it must not exist yet. Default: a new temporary folder. */
  readonly dir?: string;
  /** `access to …` lines of slapd.conf that come before the usual ones. */
  readonly access?: readonly string[];
  /** Default: nobody is asked for one. */
  readonly clientCertificates?: ClientCertificates;
  /** How it does RFC 4533. Default: with a log of the last 1,000 changes. */
  readonly syncprov?: Syncprov;
  /** What the server does besides keeping entries. Default: nothing. */
  readonly overlays?: readonly Overlay[];
  /** Chooses the ports; asked again when an attempt failed. Default: two free ones. */
  readonly pickPorts?: (free: PickPorts) => Promise<Ports>;
};

export type Account = { readonly dn: string; readonly password: string };

export type Directory = Administration & {
  readonly ldapUrl: string;
  readonly ldapsUrl: string;
  readonly port: number;
  readonly securePort: number;
  /** PEM file of the authority behind its certificate, which is for `localhost` and 127.0.0.1. */
  readonly caFile: string;
  readonly suffix: string;
  readonly peopleBase: string;
  readonly groupsBase: string;
  readonly formerBase: string;
  readonly admin: Account;
  /** May read everything, without limits. */
  readonly reader: Account;
  /** May read everything, but gets 500 entries a page and 1,000 in all. */
  readonly limited: Account;
  /** Loads records while the server is down, as a replica would: their own stamps and ids are kept. */
  load(ldif: string): Promise<void>;
  /** Stops and starts again on the same ports with the same data. */
  restart(): Promise<void>;
  /** Stops and removes its folder. */
  stop(): Promise<void>;
};

/** @throws Error where slapd or openssl is missing, or the data cannot be loaded */
export async function startDirectory(options: DirectoryOptions = {}): Promise<Directory> {
  const installation = await findSlapd();
  const folder = await makeFolder(options.dir);
  const password = () => randomBytes(12).toString('hex');
  const [admin, reader, limited] = [ADMIN_DN, READER_DN, LIMITED_DN].map((dn) => ({
    dn,
    password: password(),
  }));
  if (admin === undefined || reader === undefined || limited === undefined)
    throw new Error('three accounts expected');
  try {
    const certificates = await makeCertificates(folder);
    const { schemaFolder, moduleFolder } = installation;
    const conf = slapdConf({
      folder,
      schemaFolder,
      moduleFolder,
      certificates,
      adminPassword: admin.password,
      access: options.access ?? [],
      clientCertificates: options.clientCertificates ?? 'never',
      syncprov: options.syncprov ?? USUAL_SYNCPROV,
      overlays: options.overlays ?? [],
    });
    await writeFile(join(folder, 'slapd.conf'), conf, { mode: 0o600 });
    const tree = startingTree({ reader: reader.password, limited: limited.password });
    await loadOffline(installation, folder, tree + (options.ldif ?? ''));
    const command = { slapd: installation.slapd, folder, adminDn: admin.dn, adminPassword: admin.password };
    const pickPorts = () => options.pickPorts?.(freePorts) ?? freePorts();
    return await serve(installation, command, certificates.caFile, { admin, reader, limited }, pickPorts);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function serve(
  installation: Installation,
  command: SlapdCommand,
  caFile: string,
  accounts: Pick<Directory, 'admin' | 'reader' | 'limited'>,
  pickPorts: PickPorts,
): Promise<Directory> {
  const { folder } = command;
  let running = await runSlapd(command, pickPorts);
  const { ports } = running;
  const whileDown = async (work: () => Promise<void>) => {
    await running.stop();
    await work();
    running = await runSlapd(command, async () => ports);
  };
  const ldapUrl = `ldap://127.0.0.1:${ports.plain}`;
  return {
    ...administer(ldapUrl, accounts.admin),
    ...accounts,
    ldapUrl,
    ldapsUrl: `ldaps://127.0.0.1:${ports.secure}`,
    port: ports.plain,
    securePort: ports.secure,
    caFile,
    suffix: SUFFIX,
    peopleBase: PEOPLE_BASE,
    groupsBase: GROUPS_BASE,
    formerBase: FORMER_BASE,
    load: (ldif) => whileDown(() => loadOffline(installation, folder, ldif)),
    restart: () => whileDown(async () => {}),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(dir: string | undefined): Promise<string> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'sandbox-directory-')));
  if (dir !== undefined) await mkdir(dir, { mode: 0o700 });
  await mkdir(databaseFolder(folder));
  return folder;
}

async function loadOffline({ slapadd }: Installation, folder: string, ldif: string): Promise<void> {
  const file = join(folder, 'load.ldif');
  await writeFile(file, ldif, { mode: 0o600 });
  await run(slapadd, ['-q', '-f', join(folder, 'slapd.conf'), '-b', SUFFIX, '-l', file]);
}

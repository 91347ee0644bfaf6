/**
 * A private Active Directory domain controller (Samba) on this machine: starts, can be changed as an administrator
 * would, restarts on the same address, stops and leaves nothing behind.
 *
 * It is a real server in its own process. The people who read it: `reader` has the rights of any account, `replicating`
 * may ask for replication changes, `undertaker` may see what was deleted.
 */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import { guidText } from '../../app/person/binary-ids.ts';
import { type Administration, administer } from '../../sandbox/directory/administration.ts';
import { makeCertificates } from '../../sandbox/directory/certificates.ts';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';
import { checkSamba, removeAsRoot, runAsRoot } from './samba/as-root.ts';
import { type Controller, confOf, runController, someAddress, writeConf } from './samba/controller.ts';
import { makeTree, type Passwords, REALM, SUFFIX } from './samba/domain-tree.ts';

export const STAFF = `OU=Staff,${SUFFIX}`;
export const GROUPS = `OU=Groups,${SUFFIX}`;
export const FORMER = `OU=Former,${SUFFIX}`;
export const DELETED = `CN=Deleted Objects,${SUFFIX}`;
export { SUFFIX };

/** For the hook that starts one: the first of a run makes the domain, which is work for an idle machine of 4 s. */
export const PROVISIONING_MS = 240_000;

export type Account = { readonly dn: string; readonly password: string };

export type Samba = Administration & {
  readonly ldapUrl: string;
  readonly ldapsUrl: string;
  /** PEM file of the authority behind its certificate, and its text. */
  readonly caFile: string;
  readonly ca: string;
  /** They log in by their userPrincipalName, as accounts of Active Directory may. */
  readonly accounts: Readonly<Record<keyof Passwords, Account>>;
  /** The objectGUID as people write it. */
  guidOf(dn: string): Promise<string>;
  setPassword(dn: string, password: string): Promise<void>;
  /** Puts an access control entry, as SDDL writes it, before those that an entry has; or takes it away again. */
  giveAccess(dn: string, ace: string): Promise<void>;
  takeAccess(dn: string, ace: string): Promise<void>;
  /** Loads records while the server is down; an objectGUID in them is kept. */
  load(ldif: string): Promise<void>;
  /** Stops and starts again on the same address with the same data. */
  restart(): Promise<void>;
  halt(): Promise<void>;
  resume(): Promise<void>;
  /** Stops and removes its folder. */
  stop(): Promise<void>;
};

/** A person of the domain, able to log in once there is a password. */
export function personLdif(
  name: string,
  more: Readonly<Record<string, string | readonly string[]>> = {},
): string {
  return ldifEntry(`CN=${name},${STAFF}`, personAttributes(name, more));
}

export function personAttributes(
  name: string,
  more: Readonly<Record<string, string | readonly string[]>> = {},
) {
  return {
    objectClass: 'user',
    sAMAccountName: name,
    userPrincipalName: `${name}@${REALM}`,
    sn: name,
    mail: `${name}@example.test`,
    ...more,
  };
}

export function groupAttributes(name: string, members: readonly string[]) {
  return { objectClass: 'group', sAMAccountName: name, ...(members.length > 0 ? { member: members } : {}) };
}

export function groupLdif(name: string, members: readonly string[]): string {
  return ldifEntry(`CN=${name},${GROUPS}`, groupAttributes(name, members));
}

/**
 * @param ldif records to load besides the branches and accounts
 * @throws Error that says what to do where Samba or the rights to run it are missing
 */
export async function startSamba(ldif = ''): Promise<Samba> {
  await checkSamba();
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-samba-'));
  try {
    const tree = join(folder, 'dc');
    const passwords = await makeTree(tree);
    const address = someAddress();
    const certificates = await makeCertificates(folder, address);
    const ca = await readFile(certificates.caFile, 'utf8');
    await writeConf(tree, address, certificates);
    if (ldif !== '') await loadOffline(tree, ldif);
    const controller = await runController(tree, address);
    return serve({ folder, tree, address, caFile: certificates.caFile, ca }, passwords, controller);
  } catch (error) {
    await removeAsRoot(folder);
    throw error;
  }
}

type Place = {
  readonly folder: string;
  readonly tree: string;
  readonly address: string;
  readonly caFile: string;
  readonly ca: string;
};

function serve(place: Place, passwords: Passwords, started: Controller): Samba {
  let controller = started;
  const { folder, tree, address, caFile, ca } = place;
  const ldapsUrl = `ldaps://${address}`;
  const tlsOptions = { ca };
  const account = (name: keyof Passwords, login: string): Account => ({
    dn: `${login}@${REALM}`,
    password: passwords[name],
  });
  const accounts = {
    admin: account('admin', 'Administrator'),
    reader: account('reader', 'reader'),
    replicating: account('replicating', 'replicating'),
    undertaker: account('undertaker', 'undertaker'),
  };
  const asAdmin = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ url: ldapsUrl, tlsOptions });
    try {
      await client.bind(accounts.admin.dn, accounts.admin.password);
      return await work(client);
    } finally {
      await client.unbind();
    }
  };
  const halt = () => controller.stop();
  const resume = async () => {
    controller = await runController(tree, address);
  };
  const whileDown = async (work: () => Promise<void>) => {
    await halt();
    await work();
    await resume();
  };
  return {
    ...administer(ldapsUrl, accounts.admin, tlsOptions),
    ldapUrl: `ldap://${address}`,
    ldapsUrl,
    caFile,
    ca,
    accounts,
    guidOf: (dn) => asAdmin((client) => guidOf(client, dn)),
    setPassword: (dn, password) => asAdmin((client) => setPassword(client, dn, password)),
    giveAccess: (dn, ace) => changeAccess(tree, 'give', dn, ace),
    takeAccess: (dn, ace) => changeAccess(tree, 'take', dn, ace),
    load: (ldif) => whileDown(() => loadOffline(tree, ldif)),
    restart: () => whileDown(async () => {}),
    halt,
    resume,
    stop: async () => {
      await halt();
      await removeAsRoot(folder);
    },
  };
}

async function loadOffline(tree: string, ldif: string): Promise<void> {
  const file = join(tree, 'load.ldif');
  await writeFile(file, ldif, { mode: 0o600 });
  const options = ['-H', databaseOf(tree), `--configfile=${confOf(tree)}`, '--relax'];
  const said = await runAsRoot('ldbadd', [...options, file]);
  // A record that is refused ends it, and whatever came before makes that a success.
  const records = ldif.match(/^dn:/gm)?.length ?? 0;
  if (!said.includes(`Added ${records} records`)) throw new Error(`ldbadd loads ${records} records: ${said}`);
}

async function changeAccess(tree: string, action: 'give' | 'take', dn: string, ace: string): Promise<void> {
  const script = join(import.meta.dirname, 'samba', 'access.py');
  await runAsRoot('/usr/bin/python3', [script, confOf(tree), databaseOf(tree), action, dn, ace]);
}

function databaseOf(tree: string): string {
  return join(tree, 'private', 'sam.ldb');
}

async function guidOf(client: Client, dn: string): Promise<string> {
  const { searchEntries } = await client.search(dn, {
    scope: 'base',
    attributes: ['objectGUID'],
    explicitBufferAttributes: ['objectGUID'],
  });
  const guid = guidText(searchEntries[0]?.['objectGUID'] as Buffer);
  if (guid === null) throw new Error(`${dn} has no objectGUID`);
  return guid;
}

/** unicodePwd takes a quoted text in UTF-16 ([MS-ADTS] 3.1.1.3.1.5); the account is switched on with it. */
async function setPassword(client: Client, dn: string, password: string): Promise<void> {
  const replaced = (type: string, values: string[] | Buffer[]) =>
    new Change({ operation: 'replace', modification: new Attribute({ type, values }) });
  await client.modify(dn, [
    replaced('unicodePwd', [Buffer.from(`"${password}"`, 'utf16le')]),
    replaced('userAccountControl', ['512']),
  ]);
}

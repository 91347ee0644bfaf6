/**
 * Writes the folder that a private 389 Directory Server lives in: its settings (dse.ldif, from the template that the
 * package brings), a schema folder of its own and a certificate database. No path of the system's is written to,
 * so that neither dscreate nor systemd is needed, nor any rights.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificates } from '../../../sandbox/directory/certificates.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';

const run = promisify(execFile);

const TEMPLATES = '/usr/share/dirsrv/data';
/** Without a file of its own in the folder, the server looks for the common ones in the wrong place. */
const OWN_SCHEMA = ldifEntry('cn=schema', {
  objectClass: ['top', 'ldapSubentry', 'subschema'],
  cn: 'schema',
});

export const MANAGER_DN = 'cn=Directory Manager';
export const BACKEND = 'userRoot';

/** Else the first log-in of an account would change its entry. */
const QUIET = 'nsslapd-enable-upgrade-hash: off';

/** Plug-ins that a test may switch on; all others are as the package has them. */
export type Plugins = {
  /** Also keeps each target's nsUniqueId, as Red Hat's manual has it for synchronisation. */
  readonly retroChangelog?: boolean;
  /** Needs the retro changelog, which is switched on with it. */
  readonly contentSync?: boolean;
  readonly memberOf?: boolean;
};

export type FolderInput = {
  readonly folder: string;
  readonly suffix: string;
  readonly password: string;
  readonly plugins: Plugins;
};

/** Everything but the ports, which `withPorts` sets. @throws Error where 389-ds-base is not installed */
export async function writeFolder({ folder, suffix, password, plugins }: FolderInput): Promise<void> {
  const folders = ['bak', 'db', 'home', 'ldif', 'lock', 'log', 'run', 'schema', 'tmp'];
  for (const name of folders) await mkdir(join(folder, name));
  await writeFile(join(folder, 'schema', '99user.ldif'), OWN_SCHEMA);
  // Languages to sort by: none. The system's own file is only for its own user to read.
  await writeFile(join(folder, 'slapd-collations.conf'), '');
  const values = placeholders(folder, suffix, password);
  const dse = fill(await template('template-dse.ldif'), values).replace(
    'cn: config\n',
    `cn: config\n${QUIET}\n`,
  );
  const database = fill(await template('template-suffix-db.ldif'), values).replace(/^#.*\n/gm, '');
  await writeFile(dseOf(folder), withPlugins(`${dse.trimEnd()}\n\n${database}`, plugins), { mode: 0o600 });
}

/** Sets the ports in the settings of a server that does not run: it writes the file itself while it does. */
export async function withPorts(folder: string, ports: { plain: number; secure: number }): Promise<void> {
  const lines = {
    'nsslapd-listenhost': '127.0.0.1',
    'nsslapd-securelistenhost': '127.0.0.1',
    'nsslapd-security': 'on',
    'nsslapd-port': String(ports.plain),
    'nsslapd-securePort': String(ports.secure),
  };
  const dse = await readFile(dseOf(folder), 'utf8');
  const rest = Object.keys(lines).reduce(
    (text, name) => text.replace(new RegExp(`^${name}:.*\\n`, 'gim'), ''),
    dse,
  );
  const added = Object.entries(lines).map(([name, value]) => `${name}: ${value}\n`);
  await writeFile(
    dseOf(folder),
    rest.replace(/^dn: cn=config\n/m, (dn) => dn + added.join('')),
  );
}

/** The server takes its certificate from an NSS database, under the name that the template gives it. */
export async function writeCertificates(folder: string, certificates: Certificates): Promise<void> {
  const bundle = join(folder, 'server.p12');
  const { caFile, certFile, keyFile } = certificates;
  const database = `sql:${folder}`;
  const names = ['-name', 'Server-Cert', '-passout', 'pass:'];
  await run('openssl', ['pkcs12', '-export', '-in', certFile, '-inkey', keyFile, '-out', bundle, ...names]);
  await run('certutil', ['-N', '-d', database, '--empty-password']).catch(notInstalled);
  await run('pk12util', ['-i', bundle, '-d', database, '-W', '']);
  await run('certutil', ['-A', '-d', database, '-n', 'Sandbox CA', '-t', 'CT,,', '-i', caFile]);
}

/** The suffix, its branches, and an account that may read everything below it but passwords. */
export function startingTree(tree: {
  readonly suffix: string;
  readonly branches: readonly string[];
  readonly readerDn: string;
  readonly readerPassword: string;
}): string {
  const { suffix, branches, readerDn, readerPassword } = tree;
  return [
    ldifEntry(suffix, { objectClass: ['domain', 'top'], dc: 'example', aci: readAccess(readerDn) }),
    ...branches.map((ou) => ldifEntry(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou })),
    ldifEntry(readerDn, {
      objectClass: ['person', 'top'],
      cn: 'reader',
      sn: 'reader',
      userPassword: hashed(readerPassword),
    }),
  ].join('');
}

function readAccess(dn: string): string {
  return `(targetattr != "userPassword || aci")${allowReading(dn)}`;
}

/** As docs/directories.md has it: the records' `changes` hold passwords, and are nobody's to read. */
export function changelogAccess(dn: string): string {
  return `(targetattr != "changes || aci")${allowReading(dn)}`;
}

function allowReading(dn: string): string {
  return `(version 3.0; acl "Landbridge"; allow (read, search, compare) userdn = "ldap:///${dn}";)`;
}

function placeholders(folder: string, suffix: string, password: string): Readonly<Record<string, string>> {
  const at = (name: string) => join(folder, name);
  return {
    schema_dir: at('schema'),
    lock_dir: at('lock'),
    tmp_dir: at('tmp'),
    cert_dir: folder,
    config_dir: folder,
    inst_dir: folder,
    ldif_dir: at('ldif'),
    bak_dir: at('bak'),
    run_dir: at('run'),
    log_dir: at('log'),
    db_dir: at('db'),
    db_home_dir: at('home'),
    db_lib: 'bdb',
    ds_bename: BACKEND,
    ds_suffix: suffix,
    fqdn: 'localhost',
    ds_port: '0',
    ds_user: userInfo().username,
    rootdn: MANAGER_DN,
    ds_passwd: hashed(password),
    ldapi_enabled: 'off',
    ldapi: at('run/socket'),
    ldapi_autobind: 'off',
  };
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/%(\w+)%/g, (whole, name: string) => values[name] ?? whole);
}

function withPlugins(dse: string, { retroChangelog, contentSync, memberOf }: Plugins): string {
  const wanted = [
    ...(retroChangelog === true || contentSync === true ? ['Retro Changelog Plugin'] : []),
    ...(contentSync === true ? ['Content Synchronization'] : []),
    ...(memberOf === true ? ['MemberOf Plugin'] : []),
  ];
  const records = dse.split(/\n{2,}/).map((record) => {
    const name = wanted.find((each) => record.startsWith(`dn: cn=${each},cn=plugins,cn=config\n`));
    if (name === undefined) return record;
    const more = name === 'Retro Changelog Plugin' ? '\nnsslapd-attribute: nsuniqueid:targetUniqueId' : '';
    return record.trimEnd().replace(/^(nsslapd-pluginEnabled:).*$/im, '$1 on') + more;
  });
  return `${records.join('\n\n').trimEnd()}\n`;
}

/** Salted SHA-1 (RFC 2307): the server refuses its manager's password in clear, and any slower one costs each start. */
function hashed(password: string): string {
  const salt = randomBytes(8);
  const digest = createHash('sha1').update(password).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}

async function template(name: string): Promise<string> {
  return readFile(join(TEMPLATES, name), 'utf8').catch(notInstalled);
}

function dseOf(folder: string): string {
  return join(folder, 'dse.ldif');
}

function notInstalled(cause: unknown): never {
  throw new Error(
    '389 Directory Server or the NSS tools are not on this machine. Run: npm run setup -- --tests',
    {
      cause,
    },
  );
}

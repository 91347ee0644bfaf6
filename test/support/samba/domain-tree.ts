/**
 * Makes a domain's files: provisioned once (4 s) in a run of the tests, copied (20 ms) for each controller. The copies
 * have the same SID, ids and passwords, and nothing else in common.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../run-folder.ts';
import { runAsRoot } from './as-root.ts';

export const REALM = 'ad.example.test';
export const SUFFIX = 'DC=ad,DC=example,DC=test';

const FURNISH = join(import.meta.dirname, 'furnish.py');

/** The accounts that a domain starts with, beside its administrator. */
export type Passwords = Readonly<Record<'admin' | 'reader' | 'replicating' | 'undertaker', string>>;

/** @param folder must not exist yet. @returns the passwords of the accounts in it */
export async function makeTree(folder: string): Promise<Passwords> {
  const kept = runFolder();
  if (kept === null) return await provision(folder);
  const tree = join(kept, 'samba');
  try {
    await access(tree);
  } catch {
    const making = await mkdtemp(join(kept, 'samba-making-'));
    await provision(join(making, 'tree'));
    // Another test file may have been quicker: then its tree stays and ours goes with the folder.
    await rename(join(making, 'tree'), tree).catch(() => {});
  }
  await runAsRoot('cp', ['-a', tree, folder]);
  return await passwordsIn(folder);
}

async function provision(folder: string): Promise<Passwords> {
  const password = () => `Aa1!${randomBytes(12).toString('hex')}`;
  const passwords: Passwords = {
    admin: password(),
    reader: password(),
    replicating: password(),
    undertaker: password(),
  };
  await mkdir(folder, { mode: 0o755 });
  const options = ['interfaces=lo', 'bind interfaces only=yes', 'vfs objects='];
  await runAsRoot('samba-tool', [
    ...['domain', 'provision', `--targetdir=${folder}`, `--realm=${REALM.toUpperCase()}`, '--domain=ADTEST'],
    ...['--server-role=dc', '--dns-backend=NONE', '--host-name=dc1', '--host-ip=127.0.0.1'],
    ...[`--adminpass=${passwords.admin}`, ...options.map((option) => `--option=${option}`)],
  ]);
  const { admin: _, ...accounts } = passwords;
  const conf = join(folder, 'etc', 'smb.conf');
  const database = join(folder, 'private', 'sam.ldb');
  await runAsRoot('/usr/bin/python3', [FURNISH, conf, database], JSON.stringify(accounts));
  await writeFile(join(folder, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function passwordsIn(folder: string): Promise<Passwords> {
  return JSON.parse(await readFile(join(folder, 'passwords.json'), 'utf8')) as Passwords;
}

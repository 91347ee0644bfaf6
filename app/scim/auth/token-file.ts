/**
 * A token of our own in a file of the operator's choosing, one file per target, readable by our user alone. It is written
 * beside and renamed, so that a reader or a crash never meets half a token.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TokenVault } from '../../store/ports/index.ts';

/** @param path absolute, or from the working directory; its folder is made where it is missing */
export function createTokenFile(path: string): TokenVault {
  return {
    read: () => readToken(path),
    write: (_target, token) => writeToken(path, token),
    remove: () => rm(path, { force: true }),
  };
}

async function readToken(path: string): Promise<string | null> {
  try {
    const token = (await readFile(path, 'utf8')).trim();
    return token === '' ? null : token;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function writeToken(path: string, token: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}.new`;
  // A leftover of a crash would keep its own mode, so it goes first.
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(`${token}\n`, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

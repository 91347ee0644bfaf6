/**
 * A folder for one run of the tests, for what is dear to make and the same for several test files. Vitest makes it
 * before the first and removes it after the last.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAsRoot } from './samba/as-root.ts';

const NAME = 'LANDBRIDGE_TEST_RUN_FOLDER';

/** Null outside of vitest. */
export function runFolder(): string | null {
  return process.env[NAME] ?? null;
}

export async function setup(): Promise<void> {
  process.env[NAME] = await mkdtemp(join(tmpdir(), 'landbridge-tests-'));
}

export async function teardown(): Promise<void> {
  const folder = runFolder();
  if (folder !== null) await removeAsRoot(folder);
}

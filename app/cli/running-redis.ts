/**
 * Tells whether a folder's Redis is still running, by its pid file. Two servers on one append-only file would ruin it.
 * A pid file alone proves nothing: after a power cut it stays, and its number may belong to another program.
 */
import { readFileSync } from 'node:fs';

/** The process id of the Redis that uses this pid file; null where none does. */
export function runningRedis(pidFile: string): number | null {
  const pid = Number.parseInt(readOrEmpty(pidFile), 10);
  if (!(pid > 0) || !isAlive(pid)) return null;
  const commandLine = readOrEmpty(`/proc/${pid}/cmdline`);
  return commandLine === '' || /redis|valkey/.test(commandLine) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

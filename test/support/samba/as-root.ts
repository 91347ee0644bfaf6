/**
 * Runs Samba's programs as root: a domain controller owns ports below 1024, and its files belong to root. Where this
 * process is not root, `sudo` has to work without a password; a test fails with those words where it does not.
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PREFIX = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

/** The command line that runs this as root. */
export function asRoot(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  const [first = program, ...rest] = [...PREFIX, program, ...args];
  return [first, rest];
}

/** @param input given to the program. @returns what it said. @throws Error with the program's last words */
export async function runAsRoot(program: string, args: readonly string[], input = ''): Promise<string> {
  const [command, all] = asRoot(program, args);
  try {
    const running = run(command, all, { maxBuffer: 16 * 1024 * 1024 });
    // A program that does not read it may be gone before it is written.
    running.child.stdin?.on('error', () => {}).end(input);
    return (await running).stdout;
  } catch (error) {
    throw new Error(`${program} failed: ${lastWords(error)}`, { cause: error });
  }
}

/** @throws Error that says what to do, where Samba cannot be run */
export async function checkSamba(): Promise<void> {
  try {
    if (PREFIX.length > 0) await run('sudo', ['-n', 'true']);
  } catch (cause) {
    throw new Error(
      'A Samba domain controller needs ports below 1024. Run the tests as root, or let sudo work without a password.',
      { cause },
    );
  }
  try {
    await run('sh', ['-c', 'PATH="$PATH:/usr/sbin" && command -v samba samba-tool ldbadd']);
  } catch (cause) {
    throw new Error('Samba was not found on this machine. Run: npm run setup -- --tests', { cause });
  }
}

function lastWords(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return said.trim().split('\n').slice(-5).join(' | ') || String(error);
}

/** Removes a folder in which root may have written. */
export async function removeAsRoot(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await runAsRoot('rm', ['-rf', folder]);
  }
}

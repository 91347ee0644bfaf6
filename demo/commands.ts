/** Runs the command line as an administrator would, to its end, and takes what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type Said = { readonly code: number; readonly lines: readonly string[] };

/**
 * @param entry the built command line under dist/
 * @throws Error with what it wrote to standard error, where it could not do what it was asked
 */
export async function runCommand(
  entry: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Said> {
  const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code === null || code === 1) throw new Error(`landbridge ${args.join(' ')}: ${err.trim()}`);
  return { code, lines: out.trimEnd().split('\n') };
}

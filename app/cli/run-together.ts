/**
 * Runs several programs side by side and ends them together: when asked, or as soon as one of them dies, since half
 * an installation only looks as if it worked. Their lines are shown with their names in front.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type Program = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
};

export type Ending =
  | { readonly kind: 'asked' }
  | { readonly kind: 'died'; readonly name: string; readonly how: string };

export type Stopping = {
  /** Asks all programs to end, and waits for them. */
  readonly stop: AbortSignal;
  /** Ends them at once. */
  readonly hurry: AbortSignal;
  readonly graceMs: number;
};

type Running = { readonly name: string; readonly child: ChildProcess; readonly ended: Promise<string> };

/** Resolves when all programs have ended. @returns what began it */
export async function runTogether(
  programs: readonly Program[],
  write: (line: string) => void,
  stopping: Stopping,
): Promise<Ending> {
  const width = Math.max(...programs.map(({ name }) => name.length));
  const running = programs.map((program) =>
    start(program, (line) => write(`${program.name.padEnd(width)} | ${line}`)),
  );
  let forget = () => {};
  const asked = new Promise<Ending>((settle) => {
    forget = whenAborted(stopping.stop, () => settle({ kind: 'asked' }));
  });
  const deaths = running.map(({ name, ended }) => ended.then((how): Ending => ({ kind: 'died', name, how })));
  const ending = await Promise.race([asked, ...deaths]);
  forget();
  await endAll(running, stopping, write);
  return ending;
}

function start({ name, command, args, env }: Program, write: (line: string) => void): Running {
  // A group of its own: Ctrl-C in a terminal must reach it once, through us, and in the right order.
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) showLines(stream, write);
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => settle(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  return { name, child, ended };
}

function showLines(stream: Readable, write: (line: string) => void): void {
  createInterface({ input: stream }).on('line', write);
}

async function endAll(
  running: readonly Running[],
  stopping: Stopping,
  write: (line: string) => void,
): Promise<void> {
  const killed = new Set<ChildProcess>();
  const kill = () => {
    for (const { name, child } of running) {
      if (child.exitCode !== null || child.signalCode !== null || killed.has(child)) continue;
      write(`landbridge: ${name} did not end in time and is killed`);
      killed.add(child);
      child.kill('SIGKILL');
    }
  };
  for (const { child } of running) child.kill('SIGTERM');
  // A timer rather than AbortSignal.timeout: on Node.js 20 that one can be collected as garbage and never fire.
  const patience = setTimeout(kill, stopping.graceMs);
  const forget = whenAborted(stopping.hurry, kill);
  await Promise.all(running.map(({ ended }) => ended));
  clearTimeout(patience);
  forget();
}

/** Calls once, at once where the signal is aborted already. @returns forgets it */
function whenAborted(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
}

/** Starts the demo's programs as processes of their own, and ends them by pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export type Running = {
  readonly name: string;
  /** Ends it as a deployment would: SIGTERM, and wait. */
  stop(): Promise<void>;
};

const PATIENCE_MS = 20_000;

/**
 * @param entry a built file under dist/
 * @param ready takes what it waits for out of a line; null for any other line
 * @param logFile where everything goes that the program says
 * @throws Error where the program ends, or is silent for too long, before it is ready
 */
export async function startProcess<T>(
  name: string,
  entry: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
  ready: (line: string) => T | null,
): Promise<Running & { readonly answer: T }> {
  const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile);
  child.stderr.pipe(log, { end: false });
  const answer = await firstAnswer(name, child, log, ready).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    log.end();
  };
  return { name, answer, stop };
}

async function firstAnswer<T>(
  name: string,
  child: ChildProcess,
  log: NodeJS.WritableStream,
  ready: (line: string) => T | null,
): Promise<T> {
  const { stdout } = child;
  if (stdout === null) throw new Error(`${name} has no output`);
  return await new Promise<T>((settle, fail) => {
    const timer = setTimeout(() => fail(new Error(`${name} was not ready in time`)), PATIENCE_MS);
    child.once('exit', (code) => fail(new Error(`${name} ended with ${code} before it was ready`)));
    createInterface({ input: stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const found = ready(line);
      if (found === null) return;
      clearTimeout(timer);
      settle(found);
    });
  });
}

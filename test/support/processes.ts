/** Landbridge's own processes for a test, run from the sources as a deployment would run them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Process = {
  readonly pid: number;
  /** Everything it has said so far. */
  readonly output: () => string;
  /** @returns the exit code, null where a signal ended it */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

export type LogLine = Readonly<Record<string, unknown>>;

/** @param isReady whether a line of its log says that it has started. @throws with what it said, when it ends before */
export async function startProcess(
  entry: string,
  env: NodeJS.ProcessEnv,
  isReady: (line: LogLine) => boolean,
): Promise<{ process: Process; line: LogLine }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, entry)], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const line = await new Promise<LogLine>((settle, fail) => {
    child.once('exit', (code) => fail(new Error(`${entry} ended with ${code}: ${output}`)));
    createInterface({ input: child.stdout }).on('line', (text) => {
      output += `${text}\n`;
      const read = JSON.parse(text) as LogLine;
      if (isReady(read)) settle(read);
    });
  });
  return {
    line,
    process: { pid: child.pid ?? 0, output: () => output, end: (signal) => end(child, signal) },
  };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

/**
 * Tells when there is a file that is ready to be read and was not there before. A bell only: what is in it is found out
 * by whoever hears it.
 *
 * The system is asked to tell of changes in the folder. Network file systems tell of none, and some tell of a few, so
 * the folder is looked at regularly as well.
 */
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SourceUnavailable } from '../../errors.ts';
import { newestFile, type Print, samePrint } from './locate.ts';
import type { FileSourceOptions } from './options.ts';
import { readiness } from './ready.ts';

/** How often the folder is looked at where nothing is told. */
const LOOK_EVERY_MS = 5_000;

/** Ends by the signal. */
export async function* watchForFiles(
  options: FileSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<void, void> {
  const nudges = listen(await folderOf(options.path));
  try {
    let rung = await newestReady(options, null, signal);
    if (signal.aborted) return;
    yield;
    while (!signal.aborted) {
      await nudges.next(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      const ready = await newestReady(options, rung, signal);
      if (ready === null) continue;
      rung = ready;
      yield;
    }
  } finally {
    nudges.close();
  }
}

/** @returns the file that can be read now, null where it is none or the one that was rung for */
async function newestReady(
  options: FileSourceOptions,
  rung: Print | null,
  signal: AbortSignal,
): Promise<Print | null> {
  try {
    const located = await newestFile(options);
    if (rung !== null && samePrint(located.print, rung)) return null;
    return (await readiness(located, options, signal)).kind === 'ready' ? located.print : null;
  } catch (error) {
    // Not there yet, or not at the moment: reads say so.
    if (signal.aborted || error instanceof SourceUnavailable) return null;
    throw error;
  }
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? path : dirname(path);
}

type Nudges = {
  /** Settles when something happened since it was asked last, after this long, or by the signal. */
  next(milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
};

function listen(folder: string): Nudges {
  let happened = false;
  let wake = (): void => {};
  const watcher = openWatcher(folder, () => {
    happened = true;
    wake();
  });
  return {
    next: (milliseconds, signal) =>
      new Promise((settle) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          happened = false;
          settle();
        };
        const timer = setTimeout(done, milliseconds);
        signal.addEventListener('abort', done, { once: true });
        wake = done;
        if (happened || signal.aborted) done();
      }),
    close: () => watcher?.close(),
  };
}

function openWatcher(folder: string, nudge: () => void): FSWatcher | null {
  try {
    // Where the system tells no more, the regular look goes on.
    return watch(folder, { persistent: false }, nudge).on('error', () => {});
  } catch {
    return null;
  }
}

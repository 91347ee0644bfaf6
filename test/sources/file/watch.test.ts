import { appendFile, rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { FileSourceOptions } from '../../../app/sources/file/index.ts';
import { inbox, sourceFor } from './delivered.ts';

/** Listens, and counts how often it rang. */
function listen(path: string, change: Partial<FileSourceOptions> = {}) {
  const stopping = new AbortController();
  const watch = sourceFor(path, { settleMs: 100, ...change }).watch;
  if (watch === null) throw new Error('it cannot be listened to');
  const rings = watch(null, stopping.signal)[Symbol.asyncIterator]();
  return { next: () => rings.next(), stop: () => stopping.abort() };
}

test('a new file rings once it is ready, whether it was written in place or moved there', async () => {
  const box = inbox();
  await box.write('people-1.csv', 'id,sn\n1,Byron\n');
  const bell = listen(box.at('people-*.csv'));
  expect(await bell.next()).toEqual({ done: false, value: undefined });

  const moved = bell.next();
  await writeFile(box.at('people-2.csv.filepart'), 'id,sn\n');
  await appendFile(box.at('people-2.csv.filepart'), '1,Byron\n');
  await rename(box.at('people-2.csv.filepart'), box.at('people-2.csv'));
  expect(await moved).toEqual({ done: false, value: undefined });

  const written = bell.next();
  await box.write('people-3.csv', 'id,sn\n');
  expect(await written).toEqual({ done: false, value: undefined });

  const last = bell.next();
  bell.stop();
  expect(await last).toEqual({ done: true, value: undefined });
});

test('what stands beside the file is waited for', async () => {
  const box = inbox();
  await box.write('people.csv', 'id,sn\n');
  const bell = listen(box.at('people.csv'), { companion: 'done' });
  await bell.next();
  let rang = false;
  const ring = bell.next().then(() => {
    rang = true;
  });
  await new Promise((settle) => setTimeout(settle, 400));
  expect(rang).toBe(false);
  await box.write('people.csv.done', '');
  await ring;
  expect(rang).toBe(true);
  bell.stop();
});

test('a folder that is not there yet is looked at until it is', async () => {
  const box = inbox();
  const bell = listen(box.at('later/people.csv'));
  expect(await bell.next()).toEqual({ done: false, value: undefined });
  bell.stop();
  expect(await bell.next()).toEqual({ done: true, value: undefined });
});

/** Writes made files to disk and says so. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from './generated-files.ts';

export function writeFiles(
  folder: string,
  files: readonly GeneratedFile[],
  write: (line: string) => void,
): void {
  for (const { path, text } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    write(`wrote ${target}`);
  }
}

/**
 * How far a file source has been read: which file was read last, and under which settings. Written as JSON; whatever
 * cannot be read, or was made under other settings, means that everybody has to be read again.
 *
 * A digest is no part of it: the same content in a new file is read again, since another file may have been read in
 * between, and what came of that has to be put right.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Watermark } from '../source.ts';
import type { Print } from './locate.ts';
import type { FileSourceOptions } from './options.ts';

export type Mark = {
  readonly print: Print;
  /** What it was read by. */
  readonly settings: string;
};

const markSchema = z.strictObject({
  print: z.strictObject({
    name: z.string(),
    size: z.number(),
    modified: z.string().regex(/^\d+$/),
    changed: z.string(),
  }),
  settings: z.string(),
});

/** For a source that has not been read yet. */
export const NOTHING_READ = '{}' as Watermark;

export function formatMark(mark: Mark): Watermark {
  return JSON.stringify(mark) as Watermark;
}

/** @returns null where it is none */
export function parseMark(watermark: Watermark): Mark | null {
  try {
    const parsed = markSchema.safeParse(JSON.parse(watermark));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Everything that decides what a file says, in short: under other settings the same file says something else. */
export function settingsPrint({ format, encoding, reads }: FileSourceOptions): string {
  const text = JSON.stringify([format, encoding, [...reads].sort()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Whether a file is whole, as far as can be told without reading it: nobody writes to it any more, and the file beside
 * it that the configuration asks for has come. Whoever is not ready is waited for; that is never news about people.
 */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { SourceUnavailable } from '../../errors.ts';
import { cannotUse, type Located, newestFile, samePrint } from './locate.ts';
import type { FileSourceOptions } from './options.ts';

export type Readiness =
  | {
      readonly kind: 'ready';
      /** What its digest has to be; null where nothing says. */
      readonly digest: string | null;
    }
  /** `why` follows the file's name. */
  | { readonly kind: 'waiting'; readonly why: string };

/** @throws SourceUnavailable where it may not be looked at */
export async function readiness(
  located: Located,
  options: FileSourceOptions,
  signal: AbortSignal,
): Promise<Readiness> {
  if (!(await isSettled(located, options, signal)))
    return { kind: 'waiting', why: 'is still being written; it is read when nobody writes to it any more' };
  if (options.companion === 'none') return { kind: 'ready', digest: null };
  return await besideIt(located, options);
}

/** By the clock where the file is old enough by it, else by looking twice: clocks of file servers may differ. */
async function isSettled(
  located: Located,
  options: FileSourceOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { settleMs, now, sleep } = options;
  const age = now().getTime() - Number(BigInt(located.print.modified) / 1_000_000n);
  if (age >= settleMs) return true;
  await sleep(age < 0 ? settleMs : settleMs - age, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    throw new SourceUnavailable(`source ${options.name}: reading ${located.path} was stopped`);
  });
  return samePrint((await newestFile(options)).print, located.print);
}

async function besideIt(
  { path, print }: Located,
  { name, companion }: FileSourceOptions,
): Promise<Readiness> {
  const beside = `${path}.${companion}`;
  const found = await stat(beside, { bigint: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw cannotUse(name, beside, error);
  });
  if (found === null) return { kind: 'waiting', why: `waits for ${print.name}.${companion}` };
  // A pipe would be waited for, and a device read, for ever.
  if (!found.isFile()) throw new SourceUnavailable(`source ${name}: ${beside} is not a file`);
  // One that is left over from the file before says nothing about this one.
  if (found.mtimeNs < BigInt(print.modified))
    return { kind: 'waiting', why: `waits for a ${print.name}.${companion} that is not older than itself` };
  if (companion === 'done') return { kind: 'ready', digest: null };
  const text = await beginningOf(beside).catch((error: unknown) => {
    throw cannotUse(name, beside, error);
  });
  // As sha256sum writes it: the digest, blanks, the file's name.
  const [, digest] = /^\\?([0-9a-f]{64})(?:\s|$)/i.exec(text.trimStart()) ?? [];
  if (digest === undefined) return { kind: 'waiting', why: `waits for a SHA-256 in ${print.name}.sha256` };
  return { kind: 'ready', digest: digest.toLowerCase() };
}

/** The digest stands at the beginning; however long the file is, the rest of it says nothing. */
async function beginningOf(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1_024), 0, 1_024, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

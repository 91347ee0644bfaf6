/**
 * Goes through one file from beginning to end, a record at a time, and says at the end what it was: its digest, and
 * everything about it that is not right. However large the file, only the record under way is in memory.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SourceUnavailable } from '../../errors.ts';
import { readCsv } from './csv/read-csv.ts';
import { decoded } from './decode.ts';
import { type FileItem, Unreadable } from './item.ts';
import { readLdif } from './ldif/read-ldif.ts';
import { cannotUse, type Located, printOf, sameContent } from './locate.ts';
import type { FileSourceOptions } from './options.ts';

/** A record of the file. */
export type Scanned = Exclude<FileItem, { kind: 'problem' }>;

export type ScanEnd = {
  readonly kind: 'end';
  /** SHA-256 of its bytes in hexadecimal digits; null where it could not be read to its end. */
  readonly digest: string | null;
  /** Each with the file's name and the line; empty where the file is the whole truth. */
  readonly problems: readonly string[];
};

/** Bytes that are read at a time. */
const PIECE = 65_536;

/** So many problems are told one by one. */
const MOST_TOLD = 10;

/** A file that stays the same one while it is open, whatever is moved over it. */
export type OpenFile = {
  readonly located: Located;
  readonly handle: FileHandle;
};

/** Whoever may write to the folder could put a pipe in the file's place: opening that would wait for ever. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/** @throws SourceUnavailable where the file may not be read */
export async function openFile(located: Located, source: string): Promise<OpenFile> {
  const handle = await open(located.path, WITHOUT_WAITING).catch((error: unknown) => {
    throw cannotUse(source, located.path, error);
  });
  return { located, handle };
}

/** From the beginning, however often. @throws SourceUnavailable where reading it broke off */
export async function* scan(
  { located, handle }: OpenFile,
  options: FileSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<Scanned | ScanEnd, void> {
  const { path, print } = located;
  const problems = createProblems(print.name);
  const hash = createDigest();
  try {
    for await (const item of itemsOf(hashed(handle, hash, signal), options)) {
      if (item.kind === 'problem') {
        problems.add(item.problem);
        continue;
      }
      if (item.kind === 'rejected') problems.add(`line ${item.line} ${item.why}`);
      yield item;
    }
    const after = printOf(print.name, await handle.stat({ bigint: true }));
    if (!sameContent(after, print)) problems.add('was written to while it was read');
  } catch (error) {
    if (signal.aborted) throw new SourceUnavailable(`source ${options.name}: reading ${path} was stopped`);
    if (!(error instanceof Unreadable))
      throw isOfSystem(error) ? cannotUse(options.name, path, error) : error;
    problems.add(error.message);
  }
  yield { kind: 'end', digest: hash.ofWhole(), problems: problems.told() };
}

function itemsOf(
  bytes: AsyncIterable<Buffer>,
  { format, encoding, reads, companion }: FileSourceOptions,
): AsyncIterable<FileItem> {
  const text = decoded(bytes, encoding);
  const isKnownWhole = companion !== 'none';
  if (format.kind === 'ldif') return readLdif(text, { format, reads, isKnownWhole });
  const folded = new Set(reads.map((name) => name.toLowerCase()));
  return readCsv(text, { format, encoding, reads: folded, isKnownWhole });
}

async function* hashed(handle: FileHandle, hash: Digest, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PIECE), 0, PIECE, position);
    if (bytesRead === 0) {
      hash.end();
      return;
    }
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    position += bytesRead;
    yield piece;
  }
}

type Digest = ReturnType<typeof createDigest>;

function createDigest() {
  const hash = createHash('sha256');
  let whole: string | null = null;
  return {
    update: (piece: Buffer): void => void hash.update(piece),
    end(): void {
      whole = hash.digest('hex');
    },
    ofWhole: (): string | null => whole,
  };
}

function createProblems(file: string) {
  const told: string[] = [];
  let more = 0;
  return {
    add(problem: string): void {
      if (told.length < MOST_TOLD) told.push(`${file} ${problem}`);
      else more += 1;
    },
    told: (): readonly string[] => (more === 0 ? told : [...told, `${file}: ${more} more of the kind`]),
  };
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

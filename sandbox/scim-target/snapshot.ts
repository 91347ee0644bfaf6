/**
 * Keeps accounts, groups and tokens in a file, for rehearsals that go on for days. The file is replaced whole, so a crash
 * leaves the last complete one. At most a second of changes is lost; journal and faults are never kept.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from './json.ts';
import type { Saved, TargetState } from './target-state.ts';

const SAVE_EVERY_MS = 1000;

const resource = {
  id: z.string(),
  created: z.string(),
  lastModified: z.string(),
  version: z.int(),
  attributes: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null),
};
const savedSchema = z.strictObject({
  dialect: z.string(),
  users: z.array(z.strictObject({ ...resource, userName: z.string(), hasPassword: z.boolean() })),
  groups: z.array(z.strictObject({ ...resource, displayName: z.string(), members: z.array(z.string()) })),
  tokens: z.array(
    z.strictObject({
      id: z.string(),
      user: z.string(),
      hash: z.string(),
      description: z.string(),
      createdOn: z.string(),
      expiresOn: z.string().nullable(),
    }),
  ),
  lastId: z.string().regex(/^\d+$/),
});

/**
 * Loads the file where it exists, and from then on saves what changed.
 * @returns saves a last time and stops
 * @throws where the file is not one of ours or cannot be written
 */
export function keepOnDisk(state: TargetState, file: string): () => void {
  let onDisk = '';
  if (existsSync(file)) {
    onDisk = readFileSync(file, 'utf8');
    state.restore(parseSaved(onDisk, file, state.dialect.name));
  }
  const save = () => {
    const text = JSON.stringify(state.save());
    if (text === onDisk) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    onDisk = text;
  };
  save();
  const timer = setInterval(save, SAVE_EVERY_MS);
  return () => {
    clearInterval(timer);
    save();
  };
}

function parseSaved(text: string, file: string, dialect: string): Saved {
  const result = savedSchema.safeParse(readJson(text));
  if (result.success && result.data.dialect === dialect) return result.data;
  if (result.success) {
    const meant = result.data.dialect;
    throw new Error(
      `${file} holds accounts of the dialect ${meant}; start with --dialect ${meant}, or name another`,
    );
  }
  throw new Error(
    `${file} does not hold a saved sandbox target; move it away or name another file with --data`,
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

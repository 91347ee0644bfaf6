/**
 * What decides about accounts, as one short text: sources, targets, policy, mapping files and whatever these name,
 * such as fragments and tables. A plan notes it, so that it is not carried out under other rules than it was made by.
 * Secrets are not in it.
 */
import { createHash } from 'node:crypto';
import type { Config } from './config/index.ts';
import type { MappingFiles } from './mapping/index.ts';

/** Files that also note what they were read for: of each path a digest of its text. */
export type NotedFiles = MappingFiles & { readonly noted: ReadonlyMap<string, string> };

export function notingFiles({ read }: MappingFiles): NotedFiles {
  const noted = new Map<string, string>();
  return {
    noted,
    read(path) {
      const found = read(path);
      if (found.ok) noted.set(path, digestOf(found.text));
      return found;
    },
  };
}

export function fingerprintOf(
  { environment, sources, targets, mappings, policy }: Config,
  { noted }: NotedFiles,
): string {
  const files = [...noted].sort(([one], [other]) => (one < other ? -1 : 1));
  return digestOf(JSON.stringify({ environment, sources, targets, mappings, policy, files }));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

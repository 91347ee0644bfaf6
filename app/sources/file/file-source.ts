/** The Source over a file that is delivered again and again, such as an HR export that arrives by SFTP. */
import type { Source } from '../source.ts';
import { findInFile, groupsInFile } from './find.ts';
import type { FileSourceOptions } from './options.ts';
import { type Memory, readNewest } from './read.ts';
import { watchForFiles } from './watch.ts';

/** @param options ones that `fileOptionProblems` has nothing against */
export function createFileSource(options: FileSourceOptions): Source {
  const memory: Memory = { lastRead: null };
  return {
    name: options.name,
    read: (wish, signal) => readNewest(options, memory, wish, signal),
    find: (ids, signal) => findInFile(options, ids, signal),
    groupsNaming: (members, signal) => groupsInFile(options, members, signal),
    watch: (_since, signal) => watchForFiles(options, signal),
  };
}

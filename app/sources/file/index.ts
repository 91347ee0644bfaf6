/** Public face of the file source. */

export { checkFile } from './checking/check-file.ts';
export { createFileSource } from './file-source.ts';
export {
  type CsvFormat,
  type FileSourceOptions,
  fileOptionProblems,
  type LdifFormat,
} from './options.ts';

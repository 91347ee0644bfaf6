/** Public face of the file source. */

export { checkFile } from './checking/check-file.ts';
export { attributeOf as headingAsAttribute } from './csv/columns.ts';
export { csvAttributes, csvHeadings } from './csv/header.ts';
export { createFileSource } from './file-source.ts';
export {
  type CsvFormat,
  type FileSourceOptions,
  fileOptionProblems,
  type LdifFormat,
} from './options.ts';

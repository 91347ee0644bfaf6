/**
 * The public face of the mapping engine: load a mapping file, map people with it, show what is wrong with it.
 * Everything else in this folder is internal.
 */
export { formatMappingProblem, type MappingFileProblem } from './file-problem.ts';
export { mappingFileJsonSchema } from './json-schema.ts';
export { type LoadedMapping, loadMapping } from './load.ts';
export type { Mapped, Mapping, MappingProblem } from './mapping.ts';

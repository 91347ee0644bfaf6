/**
 * The public face of the mapping engine: load a mapping file, map people with it, show what is wrong with it.
 * Everything else in this folder is internal.
 */
export { environmentsOf } from './environments.ts';
export type { ExplainedAttribute, ExplainedExpression, Explanation } from './explain/explanation.ts';
export { formatMappingProblem, type MappingFileProblem } from './file-problem.ts';
export { functionReference } from './functions/reference.ts';
export type { GroupMapping } from './group/group-mapping.ts';
export { isGroupFile, type LoadedGroupMapping, loadGroupMapping } from './group/load-group.ts';
export { fragmentJsonSchema, groupFileJsonSchema, mappingFileJsonSchema } from './json-schema.ts';
export { type Around, type LoadedMapping, loadMapping } from './load.ts';
export type { Mapped, Mapping, MappingProblem } from './mapping.ts';
export type { FileRead, MappingFiles } from './mapping-files.ts';
export { readPerson } from './samples/read-person.ts';
export { type SampleOutcome, sampleOutcome } from './samples/run-sample.ts';
export type { SampleFault, SampleTest } from './samples/sample-test.ts';
export type { SourceAttributes } from './source-fit.ts';
export type { TargetAttributes } from './target-fit.ts';
export type { WrittenGroupMapping, WrittenMapping } from './written-mapping.ts';

/** One thing that is wrong with a mapping file, and how it is shown: where, what is wrong, how to mend it. */

export type Position = { readonly line: number; readonly column: number };

export type MappingFileProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `attributes.name.familyName`; empty where the file as a whole is meant. */
  readonly field: string;
  /** The expression the fault stands in, where it stands in one. */
  readonly expression?: string;
  readonly message: string;
};

/** `mappings/agileplace.yaml:12:20 attributes.title: no attribute "titel" … in: e.titel` */
export function formatMappingProblem(problem: MappingFileProblem): string {
  const { field, expression } = problem;
  const named = field === '' ? '' : `${field}: `;
  const quoted = expression === undefined ? '' : `   in: ${expression.replaceAll(/\s+/g, ' ').trim()}`;
  return `${formatPlace(problem.file, problem)} ${named}${problem.message}${quoted}`;
}

/** `mappings/agileplace.yaml:35:26` */
export function formatPlace(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

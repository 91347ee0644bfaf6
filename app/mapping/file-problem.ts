/** One thing that is wrong with a mapping file, and how it is shown: where, what is wrong, how to mend it. */

/** A mapping can be written in several files, so each place knows which one it is in. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

export type MappingFileProblem = Position & {
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
  return `${formatPlace(problem)} ${named}${problem.message}${quoted}`;
}

/** The place that `formatPlace` wrote. */
export function placeFrom(written: string): Position {
  const [, file = written, line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/s.exec(written) ?? [];
  return { file, line: Number(line), column: Number(column) };
}

/** `mappings/agileplace.yaml:35:26` */
export function formatPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

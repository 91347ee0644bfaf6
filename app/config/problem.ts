/** One thing that is wrong with a configuration file, and how it is shown: where, what is wrong, how to mend it. */

export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `sources.corp.urls`; empty where the file as a whole is meant. */
  readonly field: string;
  readonly message: string;
};

export type FieldPath = readonly (string | number)[];

/** `landbridge.yaml:12:5 sources.corp.urls: is empty. Name at least one.` */
export function formatProblem({ file, line, column, field, message }: Problem): string {
  return `${file}:${line}:${column} ${field === '' ? '' : `${field}: `}${message}`;
}

/** `inbound.tokens[0].name` */
export function formatField(path: FieldPath): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`;
    return field === '' ? part : `${field}.${part}`;
  }, '');
}

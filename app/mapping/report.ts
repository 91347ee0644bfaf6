/** Collects what is wrong with one mapping file, so that everything is told at once and in the file's order. */
import { formatPlace, type MappingFileProblem, type Position } from './file-problem.ts';

export type Report = {
  readonly file: string;
  readonly problem: (at: Position, field: string, message: string, expression?: string) => void;
  /** Allowed, and probably not meant. */
  readonly warning: (at: Position, field: string, message: string) => void;
  readonly place: (at: Position) => string;
  readonly problems: () => readonly MappingFileProblem[];
  readonly warnings: () => readonly MappingFileProblem[];
};

export function createReport(file: string): Report {
  const problems: MappingFileProblem[] = [];
  const warnings: MappingFileProblem[] = [];
  return {
    file,
    problem({ line, column }, field, message, expression) {
      problems.push({
        file,
        line,
        column,
        field,
        message,
        ...(expression === undefined ? {} : { expression }),
      });
    },
    warning({ line, column }, field, message) {
      warnings.push({ file, line, column, field, message });
    },
    place: (at) => formatPlace(file, at),
    problems: () => problems.toSorted(byPlace),
    warnings: () => warnings.toSorted(byPlace),
  };
}

function byPlace(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

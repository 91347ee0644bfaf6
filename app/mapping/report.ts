/**
 * Collects what is wrong with one mapping, so that everything is told at once and in the order of its lines: those of
 * the mapping file itself first, then those of each file that it includes. A file that is compiled for several
 * environments says the same each time; it is told once.
 */
import { formatPlace, type MappingFileProblem, type Position } from './file-problem.ts';

export type Report = {
  /** The mapping file itself. */
  readonly file: string;
  readonly problem: (at: Position, field: string, message: string, expression?: string) => void;
  /** Allowed, and probably not meant. */
  readonly warning: (at: Position, field: string, message: string) => void;
  readonly place: (at: Position) => string;
  readonly problems: () => readonly MappingFileProblem[];
  readonly warnings: () => readonly MappingFileProblem[];
};

export function createReport(file: string): Report {
  const problems = new Map<string, MappingFileProblem>();
  const warnings = new Map<string, MappingFileProblem>();
  return {
    file,
    problem(at, field, message, expression) {
      const quoted = expression === undefined ? {} : { expression };
      note(problems, { ...placeOf(at), field, message, ...quoted });
    },
    warning(at, field, message) {
      note(warnings, { ...placeOf(at), field, message });
    },
    place: formatPlace,
    problems: () => [...problems.values()].toSorted(byPlace(file)),
    warnings: () => [...warnings.values()].toSorted(byPlace(file)),
  };
}

function placeOf({ file, line, column }: Position): Position {
  return { file, line, column };
}

function note(found: Map<string, MappingFileProblem>, problem: MappingFileProblem): void {
  const { file, line, column, field, message } = problem;
  found.set(JSON.stringify([file, line, column, field, message]), problem);
}

function byPlace(first: string) {
  const rank = ({ file }: Position): string => (file === first ? '' : file);
  return (a: Position, b: Position): number =>
    rank(a).localeCompare(rank(b), 'en') || a.line - b.line || a.column - b.column;
}

/**
 * Loads a mapping: its file, the fragments and tables that it names, and what differs in each environment. Checks all
 * of it and reports everything that is wrong at once, each with its file and place. Pure; what the files say is the
 * caller's to read.
 */
import { compileMapping } from './compile-mapping.ts';
import { variantsOf } from './environments.ts';
import type { MappingFileProblem } from './file-problem.ts';
import { gather } from './fragments.ts';
import { type MappingFiles, NO_FILES } from './mapping-files.ts';
import { createReport } from './report.ts';
import { personTests, warnOfUnread } from './samples/samples.ts';
import { checkSourceFit, type SourceAttributes } from './source-fit.ts';
import { createTables } from './tables.ts';
import { checkTargetFit, type TargetAttributes } from './target-fit.ts';
import type { WrittenMapping } from './written-mapping.ts';

export type LoadedMapping =
  | {
      readonly ok: true;
      readonly mapping: WrittenMapping;
      /** Allowed, and probably not meant, such as what is declared and never used. */
      readonly warnings: readonly MappingFileProblem[];
    }
  | { readonly ok: false; readonly problems: readonly MappingFileProblem[] };

/** What a mapping is loaded in. */
export type Around = {
  readonly files: MappingFiles;
  /** Which environment counts; null where none is chosen. */
  readonly environment: string | null;
  /** What is known of a target or source by its name; null where nothing is. */
  readonly target: (name: string) => TargetAttributes | null;
  readonly source: (name: string) => SourceAttributes | null;
};

/** Of a mapping that stands alone. */
const ALONE: Around = { files: NO_FILES, environment: null, target: () => null, source: () => null };

/**
 * @param file its name, for messages; what it includes is looked for from its folder
 * @param text what the file says
 */
export function loadMapping(file: string, text: string, around: Around = ALONE): LoadedMapping {
  const report = createReport(file);
  const root = gather(file, text, around.files, report);
  if (root === null) return { ok: false, problems: report.problems() };
  const tables = createTables(around.files, report);
  const compiled = variantsOf(root, around.environment, report).map(({ root: variant, isChosen }) => {
    const unused = createReport(file);
    const made = compileMapping(variant, tables, report, unused);
    const target = made === null ? null : around.target(made.mapping.target);
    if (target !== null) checkTargetFit(variant, target, report);
    if (made !== null) checkSourceFit(made.rules, made.mapping.source, around.source, report);
    if (made !== null) warnOfUnread(variant, made.rules, unused);
    return { isChosen, made, unused: unused.warnings() };
  });
  const chosen = compiled.find(({ isChosen }) => isChosen)?.made ?? null;
  const { environment } = around;
  const tests = chosen === null ? [] : personTests(chosen.mapping, { root, environment, report });
  const problems = report.problems();
  if (problems.length > 0 || chosen === null) return { ok: false, problems };
  for (const { message, field, ...at } of inAll(compiled.map(({ unused }) => unused))) {
    // What stands in a fragment is there for other mappings, too.
    if (at.file === file) report.warning(at, field, message);
  }
  return { ok: true, mapping: { ...chosen.mapping, tests }, warnings: report.warnings() };
}

/** What one environment does not use may be there for another. */
function inAll(found: readonly (readonly MappingFileProblem[])[]): readonly MappingFileProblem[] {
  const [first = [], ...others] = found.map((each) => each.map((problem) => JSON.stringify(problem)));
  const shared = new Set(first.filter((text) => others.every((other) => other.includes(text))));
  return (found[0] ?? []).filter((problem) => shared.has(JSON.stringify(problem)));
}

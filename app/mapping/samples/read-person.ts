/** Reads a file that holds one sample person, as the tests of a mapping write them. Pure. */
import type { Identity } from '../../person/identity.ts';
import type { MappingFileProblem } from '../file-problem.ts';
import { createReport } from '../report.ts';
import { checkShape } from '../shape.ts';
import { readTree } from '../yaml-tree.ts';
import { identityOf } from './sample-person.ts';
import { SAMPLE_PERSON } from './sample-schema.ts';

export type ReadPerson =
  | {
      readonly ok: true;
      /** As one of the people of that source. */
      readonly identity: (source: string, now: Date) => Identity;
    }
  | { readonly ok: false; readonly problems: readonly MappingFileProblem[] };

/** @param file its name, for messages */
export function readPerson(file: string, text: string): ReadPerson {
  const report = createReport(file);
  const { root, problems } = readTree(file, text);
  for (const { message, ...at } of problems) report.problem(at, '', message);
  const person = root === null ? null : checkShape(root, SAMPLE_PERSON, report);
  const told = report.problems();
  if (person === null || told.length > 0) return { ok: false, problems: told };
  return { ok: true, identity: (source, now) => identityOf(source, person, now) };
}

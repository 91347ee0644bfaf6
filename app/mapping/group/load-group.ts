/**
 * Loads a mapping file of groups (`resource: Group`): reads the YAML with what it includes, checks its shape, compiles
 * its expressions. Pure; reports everything that is wrong at once, each with its place in the file. Expressions see
 * `g.name`, `g.dn`, `g.members`, `id`, `source`, and the tables of the file.
 */

import { createAtHand } from '../at-hand.ts';
import { compileAt, isExpression } from '../compile-expression.ts';
import { declarationsOf } from '../declarations.ts';
import { createEngine, type Engine } from '../engine.ts';
import { variantsOf } from '../environments.ts';
import type { Expression, Surroundings } from '../expression.ts';
import type { MappingFileProblem } from '../file-problem.ts';
import { gather } from '../fragments.ts';
import { createFunctions } from '../functions/index.ts';
import type { Known } from '../known.ts';
import type { Around } from '../load.ts';
import { createReport, type Report } from '../report.ts';
import { groupTests } from '../samples/samples.ts';
import { checkShape } from '../shape.ts';
import { createTables, type Tables } from '../tables.ts';
import type { WrittenGroupMapping } from '../written-mapping.ts';
import { entryOf, type Located, readTree } from '../yaml-tree.ts';
import { groupMapper } from './evaluate-group.ts';
import type { GroupMapping } from './group-mapping.ts';
import { type GroupFileShape, groupFileShape } from './group-schema.ts';

export type LoadedGroupMapping =
  | {
      readonly ok: true;
      readonly mapping: WrittenGroupMapping;
      readonly warnings: readonly MappingFileProblem[];
    }
  | { readonly ok: false; readonly problems: readonly MappingFileProblem[] };

const WORDS = ['id', 'source', 'dn'];

/** Whether the text of a mapping file is about groups. What cannot be read is not. */
export function isGroupFile(file: string, text: string): boolean {
  const resource = entryOf(readTree(file, text).root ?? undefined, 'resource')?.value;
  return resource?.kind === 'scalar' && resource.value === 'Group';
}

/** @param file its name, for messages; what it includes is looked for from its folder */
export function loadGroupMapping(
  file: string,
  text: string,
  around: Pick<Around, 'files' | 'environment'>,
): LoadedGroupMapping {
  const report = createReport(file);
  const root = gather(file, text, around.files, report);
  if (root === null) return { ok: false, problems: report.problems() };
  const tables = createTables(around.files, report);
  const compiled = variantsOf(root, around.environment, report).map(({ root: variant, isChosen }) => ({
    isChosen,
    mapping: compileGroupMapping(file, variant, tables, report),
  }));
  const chosen = compiled.find(({ isChosen }) => isChosen)?.mapping ?? null;
  const { environment } = around;
  const tests = chosen === null ? [] : groupTests(chosen, { root, environment, report });
  const problems = report.problems();
  if (problems.length > 0 || chosen === null) return { ok: false, problems };
  return { ok: true, mapping: { ...chosen, tests }, warnings: report.warnings() };
}

function compileGroupMapping(
  file: string,
  root: Located,
  tables: Tables,
  report: Report,
): GroupMapping | null {
  const shape = checkShape(root, groupFileShape, report);
  const surroundings = surroundingsOf(root, tables, report);
  const attributes = entryOf(root, 'attributes')?.value;
  const scope = compiled(root, 'scope', 'scope', 'bool', surroundings, report);
  const at = (name: string) =>
    compiled(attributes, name, `attributes.${name}`, 'string', surroundings, report);
  const [displayName, externalId] = [at('displayName'), at('externalId')];
  if (shape === null || displayName === null) return null;
  checkMatch(shape, root, report);
  return {
    file,
    source: shape.source,
    target: shape.target,
    matchOn: [...new Set(shape.match)],
    policy: {
      gone: shape.lifecycle?.gone ?? 'leave',
      protected: new Set((shape.lifecycle?.protect ?? []).map((name) => name.toLowerCase())),
      foreignMembers: shape.members?.foreign ?? 'keep',
    },
    map: groupMapper({ scope, displayName, externalId }),
  };
}

function surroundingsOf(root: Located, tables: Tables, report: Report): Surroundings {
  const declared = declarationsOf(root, tables, report).tables;
  const entries = new Map([...declared].map(([name, table]) => [name, table.entries] as const));
  const known: Known = {
    attributes: new Set(),
    vars: new Set(),
    tables: new Set(declared.keys()),
    words: new Set([...WORDS, 'g']),
    sources: new Set(),
    isOfGroup: true,
  };
  const person = createAtHand();
  return { engine: engineFor(entries, person), known, vars: new Map(), person };
}

function engineFor(...[entries, person]: Parameters<typeof createFunctions>): Engine {
  const functions = createFunctions(entries, person);
  const g = new Map([
    ['name', 'string'],
    ['dn', 'string'],
    ['members', 'int'],
  ] as const);
  const group = { name: 'g', fields: g };
  return createEngine({ attributes: new Map(), words: WORDS, functions, record: group });
}

function compiled(
  parent: Located | undefined,
  key: string,
  field: string,
  type: 'string' | 'bool',
  surroundings: Surroundings,
  report: Report,
): Expression | null {
  const node = entryOf(parent, key)?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (!isExpression(node)) {
    report.problem(node.at, field, 'must be an expression. Begin it with "= ".');
    return null;
  }
  const expression = compileAt(node, field, surroundings, report);
  if (expression === null || expression.type === type) return expression;
  const mend = type === 'bool' ? 'Compare with something, as in g.name != "".' : 'Write string(…).';
  report.problem(node.at, field, `must give ${type === 'bool' ? 'true or false' : 'text'}. ${mend}`);
  return null;
}

/** What is not mapped cannot be looked for. */
function checkMatch({ match, attributes }: GroupFileShape, root: Located, report: Report): void {
  if (!match.includes('externalId') || attributes.externalId !== undefined) return;
  const at = entryOf(root, 'match')?.keyAt ?? root.at;
  const mend = 'Map it, or take it out of match.';
  report.problem(at, 'match', `externalId is not mapped under attributes. ${mend}`);
}

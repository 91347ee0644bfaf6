/**
 * Loads a mapping file: reads the YAML, checks its shape, compiles every expression, checks the whole. Pure; the text
 * is the caller's to read. Reports everything that is wrong at once, each with its place in the file.
 */
import { compileAttributes } from './compile-attributes.ts';
import { compileAt, isExpression } from './compile-leaf.ts';
import { type Declared, declarationsOf, entriesOf } from './declarations.ts';
import { mapPerson } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { formatPlace, type MappingFileProblem } from './file-problem.ts';
import { createLanguage, type Language } from './language.ts';
import type { Mapping } from './mapping.ts';
import { USUAL_POLICY } from './policy.ts';
import { createReport, type Report } from './report.ts';
import type { Part, Rules } from './rules.ts';
import type { MappingFileShape } from './schema.ts';
import { checkShape } from './shape.ts';
import { expressionsIn, referredToBy, warnOfUnused } from './usage.ts';
import { entryOf, type Located, readTree } from './yaml-tree.ts';

export type LoadedMapping =
  | {
      readonly ok: true;
      readonly mapping: Mapping;
      /** Allowed, and probably not meant: what is declared and never used. */
      readonly warnings: readonly MappingFileProblem[];
    }
  | { readonly ok: false; readonly problems: readonly MappingFileProblem[] };

type Vars = ReadonlyMap<string, Expression | null>;

/**
 * @param file its name, for messages
 * @param text what the file says
 */
export function loadMapping(file: string, text: string): LoadedMapping {
  const report = createReport(file);
  const { root, problems } = readTree(text);
  for (const { message, ...at } of problems) report.problem(at, '', message);
  if (root === null) return { ok: false, problems: report.problems() };
  const shaped = checkShape(root);
  if (!shaped.ok) for (const { message, field, ...at } of shaped.problems) report.problem(at, field, message);
  const declared = declarationsOf(root, report);
  const language = createLanguage(declared);
  const vars = compileVars(root, language, report);
  const scope = compileScope(root, language, vars, report);
  const parts = compileParts(root, language, vars, report);
  checkNeeded(root, report);
  if (!shaped.ok || report.problems().length > 0) return { ok: false, problems: report.problems() };
  const rules = rulesOf(file, declared, vars, scope, parts);
  warnOfUnused(declared, entriesOf(root, 'vars'), rules, report);
  return { ok: true, mapping: createMapping(shaped.shape, rules, language), warnings: report.warnings() };
}

/** Each var may use those above it. */
function compileVars(root: Located, language: Language, report: Report): Vars {
  const vars = new Map<string, Expression | null>();
  for (const { key, value } of entriesOf(root, 'vars')) {
    const field = `vars.${key}`;
    if (value.kind !== 'scalar' || typeof value.value !== 'string') vars.set(key, null);
    else if (isExpression(value)) vars.set(key, compileAt(value, field, language.around(vars), report));
    else {
      report.problem(value.at, field, 'must be an expression. Begin it with "= ".');
      vars.set(key, null);
    }
  }
  return vars;
}

function compileScope(root: Located, language: Language, vars: Vars, report: Report): Expression | null {
  const node = entryOf(root, 'scope')?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (!isExpression(node)) {
    report.problem(node.at, 'scope', 'must be an expression. Begin it with "= ".');
    return null;
  }
  const scope = compileAt(node, 'scope', language.around(vars), report);
  if (scope !== null && scope.type !== 'bool') {
    report.problem(node.at, 'scope', 'must give true or false. Compare with something, as in e.mail != "".');
  }
  return scope;
}

function compileParts(root: Located, language: Language, vars: Vars, report: Report): readonly Part[] {
  const node = entryOf(root, 'attributes')?.value;
  if (node?.kind !== 'map') return [];
  const withItem = (name: string) => language.around(vars, name);
  return compileAttributes(node, { report, around: language.around(vars), withItem });
}

/** An account cannot be made or looked for without these, so they must be there. */
function checkNeeded(root: Located, report: Report): void {
  const attributes = entryOf(root, 'attributes');
  if (attributes?.value.kind !== 'map') return;
  if (entryOf(attributes.value, 'userName') === undefined) {
    report.problem(attributes.keyAt, 'attributes', 'userName is not mapped, and SCIM requires it. Map it.');
  }
  if (entryOf(attributes.value, 'active') === undefined) {
    const howTo = 'Map it; write active: true where being in scope is enough.';
    report.problem(
      attributes.keyAt,
      'attributes',
      `active is not mapped, so no account could be made. ${howTo}`,
    );
  }
  const match = entryOf(root, 'match')?.value;
  for (const item of match?.kind === 'list' ? match.items : []) {
    const name = item.kind === 'scalar' ? item.value : null;
    if (name !== 'externalId' || entryOf(attributes.value, name) !== undefined) continue;
    report.problem(
      item.at,
      'match',
      `${name} is not mapped under attributes. Map it, or take it out of match.`,
    );
  }
}

function rulesOf(
  file: string,
  { reads }: Declared,
  vars: Vars,
  scope: Expression | null,
  parts: readonly Part[],
): Rules {
  const compiled = new Map(
    [...vars].flatMap(([name, made]) => (made === null ? [] : [[name, made] as const])),
  );
  const expressions = expressionsIn(scope, parts);
  const referred = referredToBy(parts);
  const used = new Set([...expressions.flatMap(({ attributes }) => [...attributes]), ...referred]);
  const sources = [...reads].flatMap(([name, { type, at }]) =>
    used.has(name) ? [{ name, type, where: formatPlace(file, at) }] : [],
  );
  return { file, reads: sources, vars: compiled, scope, parts, refers: referred.length > 0 };
}

function createMapping(shape: MappingFileShape, rules: Rules, language: Language): Mapping {
  return {
    file: rules.file,
    source: shape.source,
    target: shape.target,
    reads: rules.reads.map(({ name }) => name.toLowerCase()),
    matchOn: [...new Set(shape.match)],
    policy: USUAL_POLICY,
    map: (identity) => mapPerson(identity, rules, language.atHand),
  };
}

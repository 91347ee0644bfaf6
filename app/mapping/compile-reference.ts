/**
 * Compiles `{ accountOf: manager }`: an attribute that holds the target's id of another person's account. The source
 * names that person; which account they have is known to the target's links alone, so a mapping says whom is meant and
 * nothing more (`sync/references.ts` finds the id).
 */
import { type AttributePath, formatPath } from '../scim/resource.ts';
import { attributeFault } from './attribute-name.ts';
import type { Compiling } from './compile-expression.ts';
import type { Rule } from './rules.ts';
import { NAMING, type SimpleType } from './user-schema.ts';
import { entryOf, type Located, type LocatedMap } from './yaml-tree.ts';

/** The option that makes a reference of an attribute. */
const ACCOUNT_OF = 'accountOf';

/** @returns null where no reference is written */
export function referenceIn(node: Located): LocatedMap | null {
  return node.kind === 'map' && entryOf(node, ACCOUNT_OF) !== undefined ? node : null;
}

export function compileReference(
  node: LocatedMap,
  path: AttributePath,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  const { report, around } = compiling;
  const field = `attributes.${formatPath(path)}`;
  const misplaced = misplacedBecause(path, type, compiling);
  if (misplaced !== null) {
    report.problem(node.at, field, misplaced);
    return null;
  }
  const extra = node.entries.find(({ key }) => key !== ACCOUNT_OF);
  if (extra !== undefined) {
    report.problem(extra.keyAt, `${field}.${extra.key}`, `does not go with ${ACCOUNT_OF}. Remove it.`);
    return null;
  }
  const named = entryOf(node, ACCOUNT_OF)?.value ?? node;
  const fault = namingFault(named, around.known.attributes);
  if (fault === null && named.kind === 'scalar') {
    return { kind: 'reference', path, attribute: String(named.value), where: report.place(node.at) };
  }
  report.problem(named.at, `${field}.${ACCOUNT_OF}`, fault ?? NO_NAME);
  return null;
}

/** A person who is not there yet must keep nobody from being written, and an id says neither yes nor no. */
function misplacedBecause(path: AttributePath, type: SimpleType, { isInList }: Compiling): string | null {
  if (isInList === true)
    return `${ACCOUNT_OF} does not go into a list. Write it under an attribute of one value.`;
  if (type === 'boolean') return `is true or false, and ${ACCOUNT_OF} gives an id. Write an expression.`;
  if (path.length === 1 && NAMING.has(path[0])) {
    return `names the account itself, and ${ACCOUNT_OF} gives the id of another one. Write an expression.`;
  }
  return null;
}

const NO_NAME = 'takes the name of an attribute alone, as in accountOf: manager.';

function namingFault(named: Located, declared: ReadonlySet<string> | null): string | null {
  const name = named.kind === 'scalar' && typeof named.value === 'string' ? named.value : '';
  return /^[^\s=]+$/.test(name) ? attributeFault(name, declared) : NO_NAME;
}

/** Compiles an expression where it stands in a file, so that its faults are told with their place in the file. */
import { compileExpression, type Expression, type Surroundings } from './expression.ts';
import type { Report } from './report.ts';
import type { Located, LocatedScalar } from './yaml-tree.ts';

/** What is being compiled, and where its problems go. */
export type Compiling = {
  readonly report: Report;
  readonly around: Surroundings;
  /** For `each`: the same with a name for the item. */
  readonly withItem: (name: string) => Surroundings;
  /** Where items of a list are compiled. */
  readonly isInList?: true;
};

/** @param node as `isExpression` lets it pass */
export function compileAt(
  node: LocatedScalar,
  field: string,
  around: Surroundings,
  report: Report,
): Expression | null {
  const written = String(node.value);
  const begin = written.indexOf('=') + 1;
  const text = written.slice(begin);
  const result = compileExpression(text, report.place(node.at), around);
  if (result.ok) return result.expression;
  const firstWord = Math.max(text.search(/\S/), 0);
  for (const { start, message } of result.faults) {
    report.problem(node.locate(begin + Math.max(start, firstWord)), field, message, text);
  }
  return null;
}

export function isExpression(node: LocatedScalar): boolean {
  return typeof node.value === 'string' && /^\s*=/.test(node.value);
}

/** Reports what is wrong with a value that stands here, with the expression where it is one. */
export function refuse({ report }: Compiling, node: Located, field: string, message: string): null {
  const expression =
    node.kind === 'scalar' && isExpression(node) ? String(node.value).replace(/^\s*=/, '') : undefined;
  report.problem(node.at, field, message, expression);
  return null;
}

/**
 * Compiles what gives one value by itself: an expression, a constant, or the name of an attribute to copy (`from`).
 * Checks it against the type that the attribute has.
 */
import { attributeFault } from './attribute-name.ts';
import { type Compiling, compileAt, isExpression, refuse } from './compile-expression.ts';
import type { ValueType } from './engine.ts';
import { copyFrom, copyOf, type Expression, type Surroundings } from './expression.ts';
import { FUNCTION_USAGE } from './functions/index.ts';
import type { Constant } from './rules.ts';
import { NAMING, type SimpleType } from './user-schema.ts';
import { cleaned } from './values.ts';
import type { Located, LocatedScalar } from './yaml-tree.ts';

/** The attribute that a value is for. */
export type Leaf = {
  /** As SCIM writes it. */
  readonly path: string;
  readonly type: SimpleType;
};

export type Value =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'expression'; readonly expression: Expression };

/** @param field for messages: `attributes.title`, `attributes.title.default` */
export function compileValue(
  node: LocatedScalar,
  { path, type }: Leaf,
  field: string,
  compiling: Compiling,
): Value | null {
  if (!isExpression(node)) return compileConstant(node, { path, type }, field, compiling);
  const expression = compileAt(node, field, aroundOf(path, field, compiling), compiling.report);
  if (expression === null) return null;
  const fault = typeFault(type, expression.type);
  return fault === null ? { kind: 'expression', expression } : refuse(compiling, node, field, fault);
}

/** Names are proposed for an account where its own name is given, and not where that is stood in for. */
function aroundOf(path: string, field: string, { around }: Compiling): Surroundings {
  if (path !== 'userName' || field !== `attributes.${path}`) return around;
  return { ...around, known: { ...around.known, proposesNames: true } };
}

function compileConstant(
  node: LocatedScalar,
  { path, type }: Leaf,
  field: string,
  compiling: Compiling,
): Value | null {
  const value: Constant | null = typeof node.value === 'string' ? cleaned(node.value) : node.value;
  if (value === null || value === '') return refuse(compiling, node, field, NOTHING);
  const fault = constantFault(value, path, type);
  return fault === null ? { kind: 'constant', value } : refuse(compiling, node, field, fault);
}

const NOTHING = 'is empty. Write an expression or a constant, or remove the line.';

function constantFault(value: Constant, path: string, type: SimpleType): string | null {
  if (typeof value === 'string' && looksLikeExpression(value)) {
    return 'looks like an expression, but would be taken as it stands. Begin it with "= ".';
  }
  if (NAMING.has(path)) return 'would be the same for everybody. Begin an expression with "= ".';
  if (type === 'string' && typeof value !== 'string') return 'must be text. Put it in quotes.';
  if (type === 'boolean' && typeof value !== 'boolean') {
    return 'must be true or false, without quotes, or an expression.';
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'is too large for a number. Put it in quotes.';
  }
  return null;
}

function looksLikeExpression(text: string): boolean {
  const [, called = ''] = /^(\w+)\(/.exec(text) ?? [];
  return /^[ev]\.[A-Za-z_]/.test(text) || FUNCTION_USAGE.has(called);
}

const GIVES: Readonly<Record<ValueType, string>> = {
  string: 'text',
  bool: 'true or false',
  int: 'a number',
  double: 'a number',
  'list<string>': 'a list',
};

function typeFault(type: SimpleType, given: ValueType): string | null {
  if (type === 'boolean') {
    const mend = 'Compare it with something, as in e.status == "on".';
    return given === 'bool' ? null : `gives ${GIVES[given]}; true or false is wanted. ${mend}`;
  }
  if (type === 'any' || given === 'string') return null;
  const mends: Readonly<Record<string, string>> = {
    bool: 'Choose between two texts, as in condition ? "a" : "b".',
    'list<string>': 'Write first(…).',
  };
  return `gives ${GIVES[given]}; text is wanted. ${mends[given] ?? 'Write string(…).'}`;
}

/**
 * `from: title`: the first value of an attribute, without an expression.
 * @param order the sources that are asked, the first one best; null: as the mapping has it
 */
export function compileCopy(
  node: Located,
  order: readonly string[] | null,
  { type }: Leaf,
  field: string,
  compiling: Compiling,
): Value | null {
  const refused = (message: string): null => refuse(compiling, node, field, message);
  if (type === 'boolean')
    return refused("copies text, and true or false is wanted. Write value: '= …' instead.");
  const name = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  if (!/^[^\s=]+$/.test(name) || looksLikeExpression(name)) return refused(NO_NAME);
  const fault = attributeFault(name, compiling.around.known.attributes);
  if (fault !== null) return refused(fault);
  const where = compiling.report.place(node.at);
  const { firstOf } = compiling.around.person;
  const expression = order === null ? copyOf(name, where) : copyFrom(order, name, where, firstOf);
  return { kind: 'expression', expression };
}

const NO_NAME = 'takes the name of an attribute alone, as in from: title. An expression stands under value.';

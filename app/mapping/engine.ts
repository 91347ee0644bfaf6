/**
 * The expression engine: CEL (Common Expression Language, github.com/google/cel-spec) by @marcbachmann/cel-js. The
 * only file that knows it, so that it can be replaced. It has no loops, no recursion, and no way out into JavaScript;
 * what remains dangerous in it (`matches`, a backtracking RegExp) is refused before anything runs (`analysis.ts`).
 *
 * Messages of the engine may quote values, so none of them is passed on once a person is involved.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { CannotTell } from './functions/cannot-tell.ts';
import { LONGEST_VALUE, MOST_VALUES } from './limits.ts';

export type SyntaxNode = ASTNode;

/** What an expression can give. */
export type ValueType = 'string' | 'bool' | 'int' | 'double' | 'list<string>';

/** Whole numbers are BigInt in here. */
export type EngineValue = string | boolean | bigint | number | readonly string[];

export type EngineFunction = {
  /** `string.lower(): string` */
  readonly signature: string;
  // The engine checks arguments against the signature before it calls.
  readonly handler: (...args: never[]) => EngineValue;
};

export type Declarations = {
  /** Fields of `e`; null: any that is named, each a text. */
  readonly attributes: ReadonlyMap<string, 'string' | 'list<string>'> | null;
  /** Texts that stand under a name of their own. */
  readonly words: Iterable<string>;
  readonly functions: readonly EngineFunction[];
  /** Fields under one more name, such as `g` for what is known of a group. */
  readonly record?: { readonly name: string; readonly fields: ReadonlyMap<string, ValueType> };
};

/** What `e` and `v` are for the engine. It knows them by their class, so it neither copies nor wraps them. */
export class Attributes {
  [name: string]: EngineValue;
}
export class Vars {
  [name: string]: EngineValue;
}
export class GroupFields {
  [name: string]: EngineValue;
}

/** What expressions are computed with: `e`, `v` and the words. Everything that an expression names is there. */
export type EngineContext = {
  readonly e: Fields;
  readonly v: Fields;
  readonly [word: string]: EngineValue | Fields;
};

type Fields = Readonly<Record<string, EngineValue>>;

/** Where in the expression, counted in UTF-16 units, and what. */
export type Fault = { readonly start: number; readonly message: string };

export type Parsed =
  | { readonly ok: true; readonly syntax: SyntaxNode; readonly check: () => Checked }
  | { readonly ok: false; readonly fault: Fault };

export type Checked =
  | { readonly ok: true; readonly type: string; readonly run: (context: EngineContext) => Answer }
  | { readonly ok: false; readonly fault: Fault };

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export type Engine = {
  readonly parse: (text: string) => Parsed;
  /** The same with fields of `v`, and a text more under a name of its own. The functions are not declared again. */
  readonly extended: (vars: ReadonlyMap<string, ValueType>, word?: string) => Engine;
};

const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 30,
  maxListElements: 100,
  maxMapEntries: 1,
  maxCallArguments: 10,
};

export function createEngine({ attributes, words, functions, record }: Declarations): Engine {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
  if (attributes === null) environment.registerVariable('e', 'map<string, string>');
  else {
    environment.registerType('Attributes', { ctor: Attributes, fields: Object.fromEntries(attributes) });
    environment.registerVariable('e', 'Attributes');
  }
  for (const word of words) environment.registerVariable(word, 'string');
  if (record !== undefined) {
    environment.registerType('Group', { ctor: GroupFields, fields: Object.fromEntries(record.fields) });
    environment.registerVariable(record.name, 'Group');
  }
  for (const { signature, handler } of functions) {
    environment.registerFunction(signature, handler, { async: false });
  }
  return engineIn(environment);
}

function engineIn(environment: Environment): Engine {
  return {
    parse: (text) => parse(environment, text),
    extended(vars, word) {
      const inner = environment.clone();
      inner.registerType('Vars', { ctor: Vars, fields: Object.fromEntries(vars) });
      inner.registerVariable('v', 'Vars');
      if (word !== undefined) inner.registerVariable(word, 'string');
      return engineIn(inner);
    },
  };
}

function parse(environment: Environment, text: string): Parsed {
  try {
    const program = environment.parse(text);
    return { ok: true, syntax: program.ast, check: () => check(program) };
  } catch (error) {
    return { ok: false, fault: faultOf(error, text.length) };
  }
}

function check(program: ReturnType<Environment['parse']>): Checked {
  const { valid, type, error } = program.check();
  if (!valid || type === undefined) return { ok: false, fault: faultOf(error, 0) };
  return { ok: true, type, run: (context) => run(program, context) };
}

function run(program: (context: EngineContext) => unknown, context: EngineContext): Answer {
  try {
    const value = program(context);
    return isTooLarge(value) ? { ok: false, message: TOO_LARGE } : { ok: true, value };
  } catch (error) {
    const message = error instanceof CannotTell ? error.words : failureWords(property(error, 'code'));
    return { ok: false, message };
  }
}

const TOO_LARGE = `more than ${LONGEST_VALUE} characters or ${MOST_VALUES} values come out`;

/** Joining texts makes longer ones, and what comes out may be used again by others. */
function isTooLarge(value: unknown): boolean {
  if (typeof value === 'string') return value.length > LONGEST_VALUE;
  return Array.isArray(value) && (value.length > MOST_VALUES || value.some(isTooLarge));
}

/** At load no person is involved, so the engine's own words are safe. */
function faultOf(error: unknown, elsewhere: number): Fault {
  const start = property(property(error, 'range'), 'start');
  return { start: typeof start === 'number' ? start : elsewhere, message: faultWords(error) };
}

function faultWords(error: unknown): string {
  if (property(error, 'code') === 'cannot_index_type')
    return 'there is nothing inside this value to be named.';
  const summary = property(error, 'summary');
  if (typeof summary !== 'string') return 'this cannot be understood.';
  return summary.endsWith('EOF') ? 'the expression ends too early. Complete it.' : `${summary}.`;
}

function failureWords(code: unknown): string {
  switch (code) {
    case 'index_out_of_bounds':
      return 'a list has fewer values than the expression asks for';
    case 'index_out_of_range':
      return 'a text is shorter than the expression asks for';
    case 'int_conversion_error':
    case 'double_conversion_error':
      return 'a text that should be a number is none';
    case 'division_by_zero':
      return 'the expression divides by zero';
    case 'numeric_overflow':
      return 'a number is too large';
    default:
      return 'the expression cannot be computed for this person';
  }
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}

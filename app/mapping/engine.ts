/**
 * The expression engine: CEL (Common Expression Language, github.com/google/cel-spec) by @marcbachmann/cel-js. The
 * only file that knows it, so that it can be replaced. It has no loops, no recursion, and no way out into JavaScript;
 * what remains dangerous in it (`matches`, a backtracking RegExp) is refused before anything runs (`analysis.ts`).
 *
 * Messages of the engine may quote values, so none of them is passed on once a person is involved.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

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
  /** Fields of `e`. */
  readonly attributes: ReadonlyMap<string, 'string' | 'list<string>'>;
  /** Fields of `v`. */
  readonly vars: ReadonlyMap<string, ValueType>;
  /** Texts that stand under a name of their own. */
  readonly words: Iterable<string>;
  readonly functions: readonly EngineFunction[];
};

/** Where in the expression, counted in UTF-16 units, and what. */
export type Fault = { readonly start: number; readonly message: string };

export type Parsed =
  | { readonly ok: true; readonly syntax: SyntaxNode; readonly check: () => Checked }
  | { readonly ok: false; readonly fault: Fault };

export type Checked =
  | { readonly ok: true; readonly type: string; readonly run: (context: object) => Answer }
  | { readonly ok: false; readonly fault: Fault };

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export type Engine = { readonly parse: (text: string) => Parsed };

const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 30,
  maxListElements: 100,
  maxMapEntries: 1,
  maxCallArguments: 10,
};

export function createEngine({ attributes, vars, words, functions }: Declarations): Engine {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
  environment.registerVariable({ name: 'e', schema: Object.fromEntries(attributes) });
  environment.registerVariable({ name: 'v', schema: Object.fromEntries(vars) });
  for (const word of words) environment.registerVariable(word, 'string');
  for (const { signature, handler } of functions) {
    environment.registerFunction(signature, handler, { async: false });
  }
  return { parse: (text) => parse(environment, text) };
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

function run(program: (context: Record<string, unknown>) => unknown, context: object): Answer {
  try {
    return { ok: true, value: program({ ...context }) };
  } catch (error) {
    return { ok: false, message: failureWords(property(error, 'code')) };
  }
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

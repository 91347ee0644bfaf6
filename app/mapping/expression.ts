/**
 * One expression of a mapping file, compiled: what it reads, what it gives, and how to compute it for a person.
 * Everything that can be found wrong without a person is found here, with its place in the expression.
 */
import { type Analysis, analyse, type Known } from './analysis.ts';
import type { Checked, Engine, EngineValue, Fault, ValueType } from './engine.ts';
import { FUNCTION_USAGE } from './functions.ts';
import { cleaned, cleanedList } from './values.ts';

export type Expression = {
  /** `mappings/agileplace.yaml:35:26` */
  readonly where: string;
  readonly type: ValueType;
  /** Declared names of the attributes it rests on, through vars as well. */
  readonly attributes: ReadonlySet<string>;
  /** Vars it names itself. */
  readonly vars: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  readonly run: (context: object) => Computed;
};

export type Computed =
  | { readonly ok: true; readonly value: EngineValue }
  | { readonly ok: false; readonly where: string; readonly message: string };

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What expressions at one place of the file can use. */
export type Surroundings = {
  readonly engine: Engine;
  readonly known: Known;
  /** null: the var is wrong itself, and reported where it stands. */
  readonly vars: ReadonlyMap<string, Expression | null>;
};

/**
 * @param text the expression without its leading `=`
 * @param where its place, for messages about people
 */
export function compileExpression(text: string, where: string, around: Surroundings): Compiled {
  if (cleaned(text) === '')
    return refused(0, 'nothing follows the "=". Write an expression, or leave it out.');
  const parsed = around.engine.parse(text);
  if (!parsed.ok) return { ok: false, faults: [parsed.fault] };
  const analysis = analyse(parsed.syntax, around.known);
  if (analysis.faults.length > 0) return { ok: false, faults: analysis.faults };
  if ([...analysis.vars].some((name) => around.vars.get(name) === null)) return { ok: false, faults: [] };
  const checked = parsed.check();
  if (!checked.ok) return { ok: false, faults: [withUsage(checked.fault)] };
  const type = valueType(checked.type);
  if (type === null)
    return refused(
      0,
      `this gives ${checked.type}; text, true or false, a number or a list of texts is wanted.`,
    );
  return { ok: true, expression: build(where, type, analysis, checked.run, around) };
}

function build(
  where: string,
  type: ValueType,
  { attributes, vars, tables }: Analysis,
  run: Extract<Checked, { ok: true }>['run'],
  around: Surroundings,
): Expression {
  const through = [...vars].flatMap((name) => [...(around.vars.get(name)?.attributes ?? [])]);
  return {
    where,
    type,
    attributes: new Set([...attributes, ...through]),
    vars,
    tables,
    run(context) {
      const answer = run(context);
      if (!answer.ok) return { ok: false, where, message: answer.message };
      const value = engineValue(answer.value);
      if (value === null)
        return { ok: false, where, message: 'the expression gives something that is no value' };
      return { ok: true, value };
    },
  };
}

/** Cleans what was computed, so that joining and splitting texts never makes a blank value out of absent ones. */
function engineValue(value: unknown): EngineValue | null {
  switch (typeof value) {
    case 'string':
      return cleaned(value);
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    default:
      return Array.isArray(value) ? cleanedList(value.filter((item) => typeof item === 'string')) : null;
  }
}

function valueType(type: string): ValueType | null {
  switch (type) {
    case 'string':
    case 'bool':
    case 'int':
    case 'double':
    case 'list<string>':
      return type;
    default:
      return null;
  }
}

/** The engine says which arguments it got; we add which ones it wants. */
function withUsage({ start, message }: Fault): Fault {
  const name = /no matching overload for '(?:[^(']*\.)?(\w+)\(/.exec(message)?.[1];
  const usage = name === undefined ? undefined : FUNCTION_USAGE.get(name);
  return usage === undefined ? { start, message } : { start, message: `${message} Write ${usage}.` };
}

function refused(start: number, message: string): Compiled {
  return { ok: false, faults: [{ start, message }] };
}

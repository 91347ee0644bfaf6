/**
 * One expression of a mapping file, compiled: what it reads, what it gives, and how to compute it for a person.
 * Everything that can be found wrong without a person is found here, with its place in the expression.
 */
import { type Analysis, analyse } from './analysis.ts';
import type { PersonAtHand } from './at-hand.ts';
import type { Checked, Engine, EngineContext, EngineValue, Fault, SyntaxNode, ValueType } from './engine.ts';
import { FUNCTION_USAGE } from './functions/index.ts';
import type { Known, SourceRead } from './known.ts';
import { cleaned, cleanedList } from './values.ts';

export type Expression = {
  /** `mappings/agileplace.yaml:35:26` */
  readonly where: string;
  /** As it stands in the file, for whoever looks. */
  readonly written: string;
  readonly type: ValueType;
  /** Names of the attributes it rests on, through vars as well. */
  readonly attributes: ReadonlySet<string>;
  /** These, and those that functions in it read by themselves. */
  readonly reads: ReadonlySet<string>;
  /** The same without those that vars read. */
  readonly ownReads: ReadonlySet<string>;
  /** What it asks one source alone for, through vars as well. */
  readonly from: readonly SourceRead[];
  /** Sources of which it asks whether they have the person, through vars as well. */
  readonly asked: ReadonlySet<string>;
  /** Whether it proposes names for the account, by `unique`. */
  readonly proposes: boolean;
  /** Vars it names itself. */
  readonly vars: readonly string[];
  readonly tables: ReadonlySet<string>;
  readonly run: (context: EngineContext) => Computed;
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
  readonly person: Pick<PersonAtHand, 'firstOf'>;
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
  const run = directly(parsed.syntax) ?? throughEngine(checked.run, where);
  return {
    ok: true,
    expression: { ...build(where, type, analysis, around), written: `= ${text.trim()}`, run },
  };
}

/**
 * `= e.title` without the expression: the first value of one attribute of the source.
 * @param name as `attributeFault` lets it pass
 * @param where its place, for messages about people
 */
export function copyOf(name: string, where: string): Expression {
  const named = new Set([name]);
  const nothing = {
    vars: [],
    tables: new Set<string>(),
    from: [],
    asked: new Set<string>(),
    proposes: false,
  };
  const run = (context: EngineContext): Computed => {
    const value = context.e[name] ?? '';
    return { ok: true, value: typeof value === 'object' ? (value[0] ?? '') : value };
  };
  const reading = { attributes: named, reads: named, ownReads: named };
  return { where, written: `from: ${name}`, type: 'string', ...reading, ...nothing, run };
}

/**
 * The same from these sources alone, the first one best.
 * @param firstOf as the person at hand tells it
 */
export function copyFrom(
  sources: readonly string[],
  name: string,
  where: string,
  firstOf: (sources: readonly string[], name: string) => string,
): Expression {
  const none = new Set<string>();
  return {
    ...copyOf(name, where),
    attributes: none,
    reads: none,
    ownReads: none,
    from: sources.map((source) => ({ source, name })),
    run: () => ({ ok: true, value: firstOf(sources, name) }),
  };
}

function build(
  where: string,
  type: ValueType,
  { attributes, reads, vars, tables, from, asked, proposes }: Analysis,
  around: Surroundings,
): Omit<Expression, 'written' | 'run'> {
  const through = [...vars].flatMap((name) => around.vars.get(name) ?? []);
  return {
    where,
    type,
    attributes: new Set([...attributes, ...through.flatMap((made) => [...made.attributes])]),
    reads: new Set([...reads, ...through.flatMap((made) => [...made.reads])]),
    ownReads: reads,
    from: [...from, ...through.flatMap((made) => made.from)],
    asked: new Set([...asked, ...through.flatMap((made) => [...made.asked])]),
    proposes,
    vars: [...vars],
    tables,
  };
}

function throughEngine(run: Extract<Checked, { ok: true }>['run'], where: string): Expression['run'] {
  return (context) => {
    const answer = run(context);
    if (!answer.ok) return { ok: false, where, message: answer.message };
    const value = engineValue(answer.value);
    if (value === null)
      return { ok: false, where, message: 'the expression gives something that is no value' };
    return { ok: true, value };
  };
}

/** Most expressions only name something that is there, cleaned already; the engine is not needed for these. */
function directly(syntax: SyntaxNode): Expression['run'] | null {
  if (syntax.op !== '.' || syntax.args[0].op !== 'id') return null;
  const [{ args: root }, name] = syntax.args;
  if (root !== 'e' && root !== 'v') return null;
  return (context) => ({ ok: true, value: context[root][name] ?? '' });
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

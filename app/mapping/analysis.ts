/**
 * Reads an expression's syntax tree before it is type-checked: which attributes, vars and tables it uses, and what is
 * not allowed in it. Knows the house's names, so it can say what was meant; the engine's own check comes after.
 */

import { didYouMean } from './did-you-mean.ts';
import type { Fault, SyntaxNode } from './engine.ts';
import { FUNCTION_USAGE, LIST_MACROS, patternFault, REFUSED_FUNCTIONS } from './functions.ts';
import { isFreeWord, isHostile } from './names.ts';

/** What an expression may name. */
export type Known = {
  readonly attributes: ReadonlySet<string>;
  /** Vars that stand above this expression. */
  readonly vars: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  /** `id`, `source`, `dn`, and the name of an item of a list. */
  readonly words: ReadonlySet<string>;
};

export type Analysis = {
  /** As declared under `reads`. */
  readonly attributes: ReadonlySet<string>;
  readonly vars: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  readonly faults: readonly Fault[];
};

/** Three lists of a thousand values inside one another would be a thousand million steps. */
const DEEPEST_LIST_MACRO = 2;

/** What one node of the tree tells us. */
type Finding =
  | { readonly kind: 'attribute' | 'var' | 'table'; readonly name: string }
  | { readonly kind: 'fault'; readonly start: number; readonly message: string };

/** Where a node stands: what it may name, and what the list macros around it have named. */
type Place = { readonly known: Known; readonly bound: readonly string[] };

export function analyse(syntax: SyntaxNode, known: Known): Analysis {
  const findings = visit(syntax, { known, bound: [] });
  const named = (kind: 'attribute' | 'var' | 'table') =>
    new Set(findings.flatMap((finding) => (finding.kind === kind ? [finding.name] : [])));
  return {
    attributes: named('attribute'),
    vars: named('var'),
    tables: named('table'),
    faults: findings.filter((finding) => finding.kind === 'fault'),
  };
}

function visit(node: SyntaxNode, place: Place): readonly Finding[] {
  switch (node.op) {
    case 'value':
      return node.args === null ? fault(node, 'null is not used: what is absent is "" or []. Use that.') : [];
    case 'id':
      return visitWord(node, node.args, place);
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return visitAccess(node, node.args, place);
    case 'call':
      return visitCall(node, { name: node.args[0], receiver: null, args: node.args[1] }, place);
    case 'rcall':
      return visitCall(node, { name: node.args[0], receiver: node.args[1], args: node.args[2] }, place);
    case 'map':
      return fault(node, 'maps cannot be written in an expression. Write them as YAML.');
    case '!_':
    case '-_':
      return visit(node.args, place);
    default:
      return visitAll(node.args, place);
  }
}

function visitAll(nodes: readonly SyntaxNode[], place: Place): readonly Finding[] {
  return nodes.flatMap((node) => visit(node, place));
}

function visitWord(node: SyntaxNode, word: string, { known, bound }: Place): readonly Finding[] {
  const { attributes, vars, words } = known;
  if (bound.includes(word) || words.has(word)) return [];
  if (word === 'e' || word === 'v') {
    return fault(node, `${word} alone is not a value. Name what you want of it: ${word}.name`);
  }
  const names = ['e.<attribute>', 'v.<var>', ...words].join(', ');
  const all = ` Known are ${names}; texts stand in double quotes.`;
  const meant = attributes.has(word) ? `e.${word}` : vars.has(word) ? `v.${word}` : null;
  const mend = meant === null ? didYouMean(word, words) || all : ` Did you mean "${meant}"?`;
  return fault(node, `"${word}" is not known.${mend}`);
}

function visitAccess(
  node: SyntaxNode,
  [target, field]: readonly [SyntaxNode, SyntaxNode | string],
  place: Place,
): readonly Finding[] {
  const root = target.op === 'id' && !place.bound.includes(target.args) ? target.args : null;
  if (root !== 'e' && root !== 'v') {
    return visitAll(typeof field === 'string' ? [target] : [target, field], place);
  }
  const name = typeof field === 'string' ? field : constantText(field);
  if (name === null) {
    return fault(node, `${root}[…] takes a constant name in double quotes, so that we know what is read.`);
  }
  return root === 'e' ? useAttribute(node, name, place) : useVar(node, name, place);
}

function useAttribute(node: SyntaxNode, name: string, { known: { attributes } }: Place): readonly Finding[] {
  if (attributes.has(name)) return [{ kind: 'attribute', name }];
  if (isHostile(name)) return fault(node, `"${name}" cannot be read. Remove it.`);
  const mend = didYouMean(name, attributes) || ` Add it there: "${name}: string".`;
  return fault(node, `attribute "${name}" is not declared under reads.${mend}`);
}

function useVar(node: SyntaxNode, name: string, { known: { vars } }: Place): readonly Finding[] {
  if (vars.has(name)) return [{ kind: 'var', name }];
  const mend = didYouMean(name, vars) || ' Declare it under vars, above where it is used.';
  return fault(node, `no var "${name}" is known here.${mend}`);
}

type Call = {
  readonly name: string;
  readonly receiver: SyntaxNode | null;
  readonly args: readonly SyntaxNode[];
};

function visitCall(node: SyntaxNode, { name, receiver, args }: Call, place: Place): readonly Finding[] {
  const before = receiver === null ? [] : visit(receiver, place);
  if (!FUNCTION_USAGE.has(name)) {
    const mend = didYouMean(name, FUNCTION_USAGE.keys()) || ' The functions are listed in docs/mappings.md.';
    const words = REFUSED_FUNCTIONS.get(name) ?? `there is no function "${name}".${mend}`;
    return [...before, { kind: 'fault', start: nameStart(node, name, receiver), message: words }];
  }
  if (receiver !== null && LIST_MACROS.has(name)) return [...before, ...visitMacro(node, args, place)];
  const inside = [...before, ...visitAll(args, place)];
  if (name === 'table') return [...inside, ...useTable(node, args[0], place)];
  return name === 'matchRe' || name === 'replaceRe' ? [...inside, ...checkPattern(node, args[0])] : inside;
}

/** In a long chain of methods the start of the chain says too little. */
function nameStart(node: SyntaxNode, name: string, receiver: SyntaxNode | null): number {
  return receiver === null ? node.start : Math.max(node.input.indexOf(name, receiver.end), node.start);
}

function visitMacro(
  node: SyntaxNode,
  args: readonly SyntaxNode[],
  { known, bound }: Place,
): readonly Finding[] {
  const [variable, ...bodies] = args;
  if (variable?.op !== 'id') return []; // the engine says how the function is written
  const name = variable.args;
  if (!isFreeWord(name) || known.words.has(name) || bound.includes(name)) {
    return fault(variable, `"${name}" has a meaning already. Take another name, such as x.`);
  }
  if (bound.length >= DEEPEST_LIST_MACRO) {
    return fault(node, `more than ${DEEPEST_LIST_MACRO} lists are walked inside one another. Use a var.`);
  }
  return visitAll(bodies, { known, bound: [...bound, name] });
}

function useTable(
  node: SyntaxNode,
  name: SyntaxNode | undefined,
  { known: { tables } }: Place,
): readonly Finding[] {
  const constant = constantText(name);
  if (constant === null) return fault(name ?? node, 'a table is named by a constant text in double quotes.');
  if (tables.has(constant)) return [{ kind: 'table', name: constant }];
  const mend = didYouMean(constant, tables) || ' Declare it under tables.';
  return fault(name ?? node, `there is no table "${constant}".${mend}`);
}

function checkPattern(node: SyntaxNode, pattern: SyntaxNode | undefined): readonly Finding[] {
  const constant = constantText(pattern);
  if (constant === null) return fault(pattern ?? node, 'a pattern is a constant text in double quotes.');
  const why = patternFault(constant);
  return why === null
    ? []
    : fault(pattern ?? node, `the pattern cannot be used: ${why}. Patterns are RE2 syntax.`);
}

function constantText(node: SyntaxNode | undefined): string | null {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : null;
}

function fault(node: SyntaxNode, message: string): readonly Finding[] {
  return [{ kind: 'fault', start: node.start, message }];
}

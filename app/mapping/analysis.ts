/**
 * Reads an expression's syntax tree before it is type-checked: which attributes, vars and tables it uses, and what is
 * not allowed in it. Knows the house's names, so it can say what was meant; the engine's own check comes after.
 *
 * What a person is asked for is taken off the tree, so every name has to stand there as a constant: `e.sn`,
 * `e["odd-name"]`, `all("mail")`. Credentials and names that reach into JavaScript are read nowhere (O-26 c, O-27).
 */

import { attributeFault } from './attribute-name.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Fault, SyntaxNode } from './engine.ts';
import { constantText, type Finding, type FindingKind, fault } from './finding.ts';
import {
  argumentFaults,
  FUNCTION_READS,
  FUNCTION_USAGE,
  LIST_MACROS,
  PERSON_FUNCTIONS,
  REFUSED_FUNCTIONS,
} from './functions/index.ts';
import { growthOf } from './growing.ts';
import type { Known, SourceRead } from './known.ts';
import { isFreeWord } from './names.ts';
import { askSource } from './source-calls.ts';

export type Analysis = {
  /** As they are written here. */
  readonly attributes: ReadonlySet<string>;
  /** These, and those that functions read by themselves. */
  readonly reads: ReadonlySet<string>;
  readonly vars: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  /** What is read by `from`. */
  readonly from: readonly SourceRead[];
  /** Sources of which it is asked whether they have the person. */
  readonly asked: ReadonlySet<string>;
  /** Whether it is `unique(…)`. */
  readonly proposes: boolean;
  readonly faults: readonly Fault[];
};

const GROUP_READS = 'a group has no attributes here. Known of it are g.name, g.dn, g.members and id.';

/** Three lists of a thousand values inside one another would be a thousand million steps. */
const DEEPEST_LIST_MACRO = 2;

/** Where a node stands: what it may name, and what the list macros around it have named. */
type Place = { readonly known: Known; readonly bound: readonly string[] };

export function analyse(syntax: SyntaxNode, known: Known): Analysis {
  const proposes = syntax.op === 'call' && syntax.args[0] === 'unique' && known.proposesNames === true;
  const place: Place = { known, bound: [] };
  const findings = proposes ? visitAll(syntax.args[1], place) : visit(syntax, place);
  const named = (...kinds: readonly FindingKind[]) =>
    new Set(
      findings.flatMap((found) =>
        found.kind !== 'fault' && found.kind !== 'from' && kinds.includes(found.kind) ? [found.name] : [],
      ),
    );
  return {
    attributes: named('attribute'),
    reads: named('attribute', 'own'),
    vars: named('var'),
    tables: named('table'),
    from: findings.flatMap((found) =>
      found.kind === 'from' ? [{ source: found.source, name: found.name }] : [],
    ),
    asked: named('asked'),
    proposes,
    faults: findings.filter((finding) => finding.kind === 'fault'),
  };
}

function visit(node: SyntaxNode, place: Place): readonly Finding[] {
  const findings = visitInside(node, place);
  const mistaken = place.known.attributes === null ? attributeOf(listWantedIn(node)) : null;
  if (mistaken === null) return findings;
  const mend = `Every value is all("${mistaken}").`;
  return [...findings, ...fault(node, `e.${mistaken} is one text, the first value. ${mend}`)];
}

/** The part of this node that has to be a list; null where none has. */
function listWantedIn(node: SyntaxNode): SyntaxNode | null {
  if (node.op === '[]') return node.args[0];
  if (node.op === 'in') return node.args[1];
  if (node.op !== 'rcall') return null;
  const [name, receiver] = node.args;
  return LIST_MACROS.has(name) || name === 'join' ? receiver : null;
}

/** The attribute that this node and nothing else names as `e.name`. */
function attributeOf(node: SyntaxNode | null): string | null {
  if ((node?.op !== '.' && node?.op !== '[]') || node.args[0].op !== 'id' || node.args[0].args !== 'e')
    return null;
  const [, field] = node.args;
  return typeof field === 'string' ? field : constantText(field);
}

function visitInside(node: SyntaxNode, place: Place): readonly Finding[] {
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
  const mayBeRead = attributes === null ? attributeFault(word, null) === null : attributes.has(word);
  const meant = vars.has(word) ? `v.${word}` : mayBeRead ? `e.${word}` : null;
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

function useAttribute(node: SyntaxNode, name: string, { known }: Place): readonly Finding[] {
  if (known.isOfGroup === true) return fault(node, GROUP_READS);
  const wrong = attributeFault(name, known.attributes);
  return wrong === null ? [{ kind: 'attribute', name }] : fault(node, wrong);
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
  if (place.known.isOfGroup === true && PERSON_FUNCTIONS.has(name))
    return [...before, ...fault(node, `${name}() is not for groups: it asks for a person, or the time.`)];
  if (receiver !== null && LIST_MACROS.has(name)) return [...before, ...visitMacro(node, args, place)];
  if (receiver === null && name === 'all') return useAllOf(node, args[0], place);
  if (name === 'from' || name === 'isIn') return [...before, ...askSource(node, name, args, place.known)];
  if (name === 'unique') return [...before, ...fault(node, UNIQUE_ELSEWHERE)];
  const own = (FUNCTION_READS.get(name) ?? []).map((read): Finding => ({ kind: 'own', name: read }));
  const grows = growthOf(node, name, receiver, place.bound.length);
  const inside = [...before, ...grows, ...own, ...visitAll(args, place)];
  if (name === 'lookup') return [...inside, ...useTable(node, args[0], place)];
  return [...inside, ...checkArguments(node, name, args)];
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

/** `all("mail")`: every value of an attribute, whatever its type under `reads`. */
function useAllOf(node: SyntaxNode, name: SyntaxNode | undefined, place: Place): readonly Finding[] {
  const constant = constantText(name);
  if (constant !== null) return useAttribute(name ?? node, constant, place);
  return fault(
    name ?? node,
    'all() takes one constant name of an attribute in double quotes, as in all("mail").',
  );
}

const UNIQUE_ELSEWHERE =
  "unique() proposes names for the account, so it stands around all of userName: userName: '= unique(…)'.";

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

function checkArguments(node: SyntaxNode, name: string, args: readonly SyntaxNode[]): readonly Finding[] {
  return argumentFaults(name, args.map(constantText)).flatMap(({ position, message }) =>
    fault(args[position] ?? node, message),
  );
}

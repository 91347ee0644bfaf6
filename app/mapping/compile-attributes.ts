/**
 * Compiles the `attributes` of a mapping file, guided by what SCIM says each attribute is: a map under a simple
 * attribute holds options, under a complex one its parts, under a URN an extension's attributes; a list is a list of
 * items, or a map of options with `items` among them. In an extension that we do not know, a map with `accountOf` is a
 * reference, one with nothing but options holds options (`compile-options.ts`), and any other holds parts.
 */
import { isSecretName } from '../person/secret-names.ts';
import { type AttributePath, CORE_URN, formatPath, isUrn } from '../scim/resource.ts';
import { type Compiling, compileAt, isExpression } from './compile-expression.ts';
import { compileLeaf } from './compile-leaf.ts';
import {
  checkListOptions,
  compilePolicy,
  holdsItems,
  holdsOptions,
  misplacedOption,
  optionTakenAsPart,
} from './compile-options.ts';
import { compileReference, referenceIn } from './compile-reference.ts';
import { didYouMean } from './did-you-mean.ts';
import { isFreeWord } from './names.ts';
import type { Item, Part, Rule } from './rules.ts';
import { FREE_WORD_RULE } from './schema.ts';
import {
  type AttributeSchema,
  CORE_ATTRIBUTES,
  KNOWN_EXTENSIONS,
  OPEN,
  type Parts,
  type SimpleType,
} from './user-schema.ts';
import { entryOf, type Located, type LocatedEntry, type LocatedMap } from './yaml-tree.ts';

const CREDENTIAL: AttributeSchema = {
  kind: 'not-mapped',
  why: 'is a credential, and Landbridge sets none. Remove it.',
};

/** RFC 8141, as far as it matters here. */
const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:[^\s"]+$/i;

export function compileAttributes(node: LocatedMap, compiling: Compiling): readonly Part[] {
  return present(node.entries.map((entry) => compileTop(entry, compiling)));
}

function compileTop(entry: LocatedEntry, compiling: Compiling): Part | null {
  const schema = schemaOfTop(entry, compiling);
  return schema === null ? null : compilePart(entry, [entry.key], schema, compiling);
}

function schemaOfTop({ key, keyAt }: LocatedEntry, { report }: Compiling): AttributeSchema | null {
  const refuse = (message: string): null => {
    report.problem(keyAt, `attributes.${key}`, message);
    return null;
  };
  if (!isUrn(key)) {
    const known = [...CORE_ATTRIBUTES.keys()];
    const mend = didYouMean(key, known) || ' Attributes of an extension stand under its URN.';
    return CORE_ATTRIBUTES.get(key) ?? refuse(`SCIM 1.1 has no such attribute.${mend}`);
  }
  if (!URN.test(key)) return refuse('is no URN. Write it as the target names its extension.');
  const spelled = [...KNOWN_EXTENSIONS.keys(), CORE_URN].find(
    (urn) => urn.toLowerCase() === key.toLowerCase(),
  );
  if (spelled === CORE_URN)
    return refuse('core attributes stand directly under attributes. Move them there.');
  if (spelled !== undefined && spelled !== key)
    return refuse(`is spelled differently. Did you mean "${spelled}"?`);
  return { kind: 'complex', parts: KNOWN_EXTENSIONS.get(key) ?? new Map(), description: '' };
}

function compilePart(
  entry: LocatedEntry,
  path: AttributePath,
  schema: AttributeSchema,
  compiling: Compiling,
): Part | null {
  const rule = compileRule(entry, path, schema, compiling);
  const options = optionsIn(entry.value, schema, compiling);
  const policy = options === null ? null : compilePolicy(options, path, compiling);
  if (rule === null) return null;
  return { name: entry.key, path: formatPath(path), rule, ...(policy === null ? {} : { policy }) };
}

function compileRule(
  { keyAt, value }: LocatedEntry,
  path: AttributePath,
  schema: AttributeSchema,
  compiling: Compiling,
): Rule | null {
  switch (schema.kind) {
    case 'not-mapped':
      compiling.report.problem(keyAt, `attributes.${formatPath(path)}`, schema.why);
      return null;
    case 'simple':
      return compileSimple(value, path, schema.type, compiling);
    case 'complex':
      return compileComplex(value, path, schema.parts, compiling);
    case 'list':
      return compileList(value, path, schema, compiling);
    case 'open':
      return compileOpen(value, path, compiling);
  }
}

/** The map that may say how this attribute is kept; in a list only the list itself has one. */
function optionsIn(node: Located, schema: AttributeSchema, { isInList }: Compiling): LocatedMap | null {
  if (node.kind !== 'map' || isInList === true || referenceIn(node) !== null) return null;
  switch (schema.kind) {
    case 'simple':
      return node;
    case 'list':
      return entryOf(node, 'items') === undefined ? null : node;
    case 'open':
      return holdsItems(node) || holdsOptions(node, false) ? node : null;
    case 'complex':
    case 'not-mapped':
      return null;
  }
}

function compileOpen(node: Located, path: AttributePath, compiling: Compiling): Rule | null {
  const isInList = compiling.isInList === true;
  if (node.kind === 'list' || (holdsItems(node) && !isInList))
    return compileList(node, path, OPEN, compiling);
  const isSimple = holdsOptions(node, isInList) || referenceIn(node) !== null;
  if (node.kind === 'map' && !isSimple) return compileComplex(node, path, new Map(), compiling);
  return compileSimple(node, path, 'any', compiling);
}

function compileSimple(
  node: Located,
  path: AttributePath,
  type: SimpleType,
  compiling: Compiling,
): Rule | null {
  const reference = referenceIn(node);
  if (reference !== null) return compileReference(reference, path, type, compiling);
  return compileLeaf(node, { path: formatPath(path), type }, compiling);
}

/** @param parts empty where nothing is known about them */
function compileComplex(node: Located, path: AttributePath, parts: Parts, compiling: Compiling): Rule | null {
  const field = `attributes.${formatPath(path)}`;
  if (node.kind !== 'map' || (node.entries.length === 0 && node.isWhole)) {
    const some = parts.size === 0 ? 'name: value' : [...parts.keys()].slice(0, 3).join(', ');
    compiling.report.problem(node.at, field, `has parts. Write a map of them: ${some}.`);
    return null;
  }
  const compiled = node.entries.map((entry): Part | null => {
    const schema = parts.size === 0 ? openPart(entry.key) : parts.get(entry.key);
    const at: AttributePath = [...path, entry.key];
    const name = `attributes.${formatPath(at)}`;
    if (schema !== undefined) {
      const slip = parts.size === 0 ? optionTakenAsPart(entry) : null;
      if (slip !== null) compiling.report.warning(entry.keyAt, name, slip);
      return compilePart(entry, at, schema, compiling);
    }
    const mend = didYouMean(entry.key, parts.keys()) || ` Known are ${[...parts.keys()].join(', ')}.`;
    compiling.report.problem(entry.keyAt, name, misplacedOption(entry.key) ?? `is not known.${mend}`);
    return null;
  });
  return { kind: 'complex', parts: present(compiled) };
}

/** Where nothing is known of the parts, all are taken but credentials. */
function openPart(name: string): AttributeSchema {
  return isSecretName(name) ? CREDENTIAL : OPEN;
}

function compileList(
  node: Located,
  path: AttributePath,
  schema: AttributeSchema,
  compiling: Compiling,
): Rule | null {
  const listed = entryOf(node, 'items')?.value ?? node;
  if (listed.kind !== 'list') {
    const message = "has several values. Write a list: - { value: '= …', type: work }.";
    compiling.report.problem(listed.at, `attributes.${formatPath(path)}`, message);
    return null;
  }
  if (node.kind === 'map') checkListOptions(node, formatPath(path), compiling);
  const inside: Compiling = { ...compiling, isInList: true };
  const items = listed.items.map((item): Item | null => {
    if (entryOf(item, 'each') !== undefined) return compileEach(item, path, schema, inside);
    const rule = compileItem(item, path, schema, inside);
    return rule === null ? null : { kind: 'one', rule };
  });
  return { kind: 'list', items: present(items) };
}

function compileItem(
  node: Located,
  path: AttributePath,
  schema: AttributeSchema,
  compiling: Compiling,
): Rule | null {
  if (schema.kind === 'list') return compileComplex(node, path, schema.parts, compiling);
  return compileOpen(node, path, compiling);
}

/** `{ each: '= list', as: name, item: … }`: one item for each text of the list. */
function compileEach(
  node: Located,
  path: AttributePath,
  schema: AttributeSchema,
  compiling: Compiling,
): Item | null {
  const { report, around, withItem } = compiling;
  const field = `attributes.${formatPath(path)}`;
  const [each, as, item] = ['each', 'as', 'item'].map((key) => entryOf(node, key)?.value);
  const extra =
    node.kind === 'map' ? node.entries.find(({ key }) => !['each', 'as', 'item'].includes(key)) : undefined;
  if (extra !== undefined)
    report.problem(extra.keyAt, field, `"${extra.key}" does not go with each. Put it under item.`);
  if (each?.kind !== 'scalar' || !isExpression(each) || as?.kind !== 'scalar' || item === undefined) {
    report.problem(
      node.at,
      field,
      `each is written { each: '= all("mail")', as: m, item: { value: '= m' } }.`,
    );
    return null;
  }
  const name = String(as.value);
  if (!isFreeWord(name)) {
    report.problem(as.at, field, `"${name}" cannot name an item: ${FREE_WORD_RULE}.`);
    return null;
  }
  const over = compileAt(each, field, around, report);
  const rule = compileItem(item, path, schema, { ...compiling, around: withItem(name) });
  if (over !== null && over.type !== 'list<string>') {
    report.problem(each.at, field, 'each goes through a list of texts. Give it one, such as all("mail").');
    return null;
  }
  return over === null || rule === null ? null : { kind: 'each', over, as: name, rule };
}

function present<T>(items: readonly (T | null)[]): readonly T[] {
  return items.filter((item) => item !== null);
}

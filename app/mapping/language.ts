/** What expressions at each place of one mapping file can use: its attributes, tables and the vars above them. */
import type { Known } from './analysis.ts';
import type { Declared } from './declarations.ts';
import { createEngine, type ValueType } from './engine.ts';
import type { Expression, Surroundings } from './expression.ts';
import { createFunctions, groupKeys } from './functions.ts';

/** Texts that every expression can use. */
const WORDS = ['id', 'source', 'dn'] as const;

/** The groups of whoever is being mapped; see `createFunctions`. */
export type AtHand = { groups: ReadonlySet<string> };

export type Language = {
  readonly atHand: AtHand;
  /** @param vars null for one that could not be compiled, so that its users are not blamed for it */
  readonly around: (vars: ReadonlyMap<string, Expression | null>, item?: string) => Surroundings;
};

export function createLanguage({ reads, tables }: Declared): Language {
  const atHand: AtHand = { groups: groupKeys([]) };
  const entries = new Map([...tables].map(([name, table]) => [name, table.entries] as const));
  const functions = createFunctions(entries, () => atHand.groups);
  const attributes = new Map([...reads].map(([name, { type }]) => [name, type] as const));
  return {
    atHand,
    around(vars, item) {
      const words = new Set<string>(item === undefined ? WORDS : [...WORDS, item]);
      const types = new Map<string, ValueType>(
        [...vars].map(([name, made]) => [name, made?.type ?? 'string']),
      );
      const known: Known = {
        attributes: new Set(attributes.keys()),
        vars: new Set(vars.keys()),
        tables: new Set(tables.keys()),
        words,
      };
      return { engine: createEngine({ attributes, vars: types, words, functions }), known, vars };
    },
  };
}

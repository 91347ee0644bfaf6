/** What expressions at each place of one mapping file can use: its attributes, tables and the vars above them. */

import { type AtHand, createAtHand } from './at-hand.ts';
import type { Declared } from './declarations.ts';
import { createEngine, type ValueType } from './engine.ts';
import type { Expression, Surroundings } from './expression.ts';
import { createFunctions } from './functions/index.ts';
import type { Joins } from './joins.ts';
import type { Known } from './known.ts';

/** Texts that every expression can use. */
const WORDS = ['id', 'source', 'dn'] as const;

export type Language = {
  readonly atHand: AtHand;
  /** @param vars null for one that could not be compiled, so that its users are not blamed for it */
  readonly around: (vars: ReadonlyMap<string, Expression | null>, item?: string) => Surroundings;
};

export function createLanguage({ reads, tables }: Declared, { sources, precedence }: Joins): Language {
  const atHand = createAtHand(sources.length > 1 ? precedence : null);
  const entries = new Map([...tables].map(([name, table]) => [name, table.entries] as const));
  const functions = createFunctions(entries, atHand);
  const attributes =
    reads === null ? null : new Map([...reads].map(([name, { type }]) => [name, type] as const));
  const engine = createEngine({ attributes, words: WORDS, functions });
  return {
    atHand,
    around(vars, item) {
      const types = new Map<string, ValueType>(
        [...vars].map(([name, made]) => [name, made?.type ?? 'string']),
      );
      const known: Known = {
        attributes: attributes === null ? null : new Set(attributes.keys()),
        vars: new Set(vars.keys()),
        tables: new Set(tables.keys()),
        words: new Set<string>(item === undefined ? WORDS : [...WORDS, item]),
        sources: new Set(sources),
      };
      return { engine: engine.extended(types, item), known, vars, person: atHand };
    },
  };
}

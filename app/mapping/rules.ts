/**
 * A mapping file's attributes, compiled: for each attribute how its value is found. Data only; made by
 * `compile-attributes.ts`, carried out by `evaluate.ts`.
 */
import type { AttributePath } from '../scim/resource.ts';
import type { Expression } from './expression.ts';
import type { JoinRule } from './joins.ts';
import type { SourceRead } from './known.ts';
import type { AttributePolicy } from './policy.ts';

export type Constant = string | number | boolean;

export type Rule =
  | { readonly kind: 'constant'; readonly value: Constant }
  /** `byDefault`: what there is instead, where the expression gives nothing. */
  | {
      readonly kind: 'computed';
      readonly expression: Expression;
      readonly whenAbsent: 'leave-out' | 'fail';
      readonly byDefault: Rule | null;
    }
  /** `restsOn`: without any of these the rule gives nothing, whatever the expression says. */
  | {
      readonly kind: 'active';
      readonly expression: Expression;
      readonly restsOn: readonly string[];
      /** The same of what one source alone is asked for. */
      readonly restsOnFrom: readonly SourceRead[];
    }
  /** The id of the account of whomever this attribute of the source names. */
  | {
      readonly kind: 'reference';
      readonly path: AttributePath;
      readonly attribute: string;
      readonly where: string;
    }
  | { readonly kind: 'complex'; readonly parts: readonly Part[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] };

export type Part = {
  readonly name: string;
  /** As SCIM writes it, for messages: `name.familyName`. */
  readonly path: string;
  readonly rule: Rule;
  /** Where it is kept otherwise than `SOURCE_OWNED`. */
  readonly policy?: AttributePolicy;
};

export type Item =
  | { readonly kind: 'one'; readonly rule: Rule }
  | { readonly kind: 'each'; readonly over: Expression; readonly as: string; readonly rule: Rule };

/** An attribute of the source that some expression, reference or function reads. */
export type ReadAttribute = {
  /** As the file spells it. */
  readonly name: string;
  /** In small letters, as an entry has it. */
  readonly key: string;
  readonly type: 'string' | 'list<string>';
  /** Where it is declared or, in a file without `reads`, first used. */
  readonly where: string;
};

/** One that a single source is asked for. */
export type FromRead = ReadAttribute & { readonly source: string };

/** A whole mapping file, compiled. */
export type Rules = {
  readonly file: string;
  readonly reads: readonly ReadAttribute[];
  /** Whether the file has a list of what it reads. */
  readonly declaresReads: boolean;
  readonly fromReads: readonly FromRead[];
  /** Of the sources; null where nothing is joined. */
  readonly precedence: readonly string[] | null;
  readonly joined: readonly JoinRule[];
  readonly vars: ReadonlyMap<string, Expression>;
  readonly scope: Expression | null;
  readonly parts: readonly Part[];
  /** Whether any of them is a reference. */
  readonly refers: boolean;
};

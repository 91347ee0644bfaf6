/**
 * A mapping file's attributes, compiled: for each attribute how its value is found. Data only; made by
 * `compile-attributes.ts`, carried out by `evaluate.ts`.
 */
import type { AttributePath } from '../scim/resource.ts';
import type { Expression } from './expression.ts';

export type Constant = string | number | boolean;

export type Rule =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'computed'; readonly expression: Expression; readonly whenAbsent: 'leave-out' | 'fail' }
  /** `restsOn`: without any of these the rule gives nothing, whatever the expression says. */
  | { readonly kind: 'active'; readonly expression: Expression; readonly restsOn: readonly string[] }
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
};

export type Item =
  | { readonly kind: 'one'; readonly rule: Rule }
  | { readonly kind: 'each'; readonly over: Expression; readonly as: string; readonly rule: Rule };

/** An attribute of the source that some expression or reference reads. */
export type ReadAttribute = {
  /** As the file spells it. */
  readonly name: string;
  readonly type: 'string' | 'list<string>';
  readonly where: string;
};

/** A whole mapping file, compiled. */
export type Rules = {
  readonly file: string;
  readonly reads: readonly ReadAttribute[];
  readonly vars: ReadonlyMap<string, Expression>;
  readonly scope: Expression | null;
  readonly parts: readonly Part[];
  /** Whether any of them is a reference. */
  readonly refers: boolean;
};

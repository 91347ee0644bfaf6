/**
 * What a SCIM 1.1 filter says, as a tree (draft-scim-api-01, 3.2.2.1), and how one is put together in code. How it is
 * written stands in `format.ts`, how it is read in `parse.ts`. The grammar has no `ne`, `ew`, `not` and no `[…]`.
 */
import type { AttributePath } from '../resource.ts';
import type { FilterOperator } from './abilities.ts';
import { parsePath } from './path.ts';

export type FilterValue = string | number | boolean;

export type Comparison = Exclude<FilterOperator, 'pr'>;

export type FilterLeaf =
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare';
      readonly path: AttributePath;
      readonly operator: Comparison;
      readonly value: FilterValue;
    };

export type Filter = FilterLeaf | FilterJoin;

/** `parts` are two or more. */
export type FilterJoin = { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] };

/**
 * One comparison.
 * @param attribute as a filter names it: `userName`, `name.familyName`, `urn:…:enterprise:1.0:department`
 * @throws FilterError where that is no attribute
 */
export function where(attribute: string, operator: Comparison, value: FilterValue): Filter {
  return { kind: 'compare', path: parsePath(attribute, 0), operator, value };
}

/**
 * That the attribute has a value.
 * @throws FilterError where that is no attribute
 */
export function present(attribute: string): Filter {
  return { kind: 'present', path: parsePath(attribute, 0) };
}

export function allOf(first: Filter, ...more: readonly Filter[]): Filter {
  return more.length === 0 ? first : { kind: 'and', parts: [first, ...more] };
}

export function anyOf(first: Filter, ...more: readonly Filter[]): Filter {
  return more.length === 0 ? first : { kind: 'or', parts: [first, ...more] };
}

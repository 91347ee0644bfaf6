/**
 * Whether an entry matches a search filter (RFC 4511 section 4.5.1.7), for entries that no server has sifted. Pure.
 *
 * A comparison with an attribute that the entry does not have is false, so `(!(employeeType=former))` holds for whoever
 * has no type. Text is compared without case, as most attributes of people are; names of entries as names.
 */
import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from 'ldapts';
import { normaliseDn } from '../../../person/dn.ts';
import type { DecodedAttribute } from '../../ldap/values/attributes.ts';
import { syntaxOf } from '../../ldap/values/syntaxes.ts';

/** Active Directory's rules for numbers made of bits ([MS-ADTS] 3.1.1.3.4.4). */
const ALL_BITS = '1.2.840.113556.1.4.803';
const ANY_BIT = '1.2.840.113556.1.4.804';

/** @returns what of a filter cannot be decided here, null where everything can */
export function filterRefusal(filter: Filter): string | null {
  if (filter instanceof AndFilter || filter instanceof OrFilter) {
    return filter.filters.map(filterRefusal).find((refusal) => refusal !== null) ?? null;
  }
  if (filter instanceof NotFilter) return filterRefusal(filter.filter);
  if (!(filter instanceof ExtensibleFilter)) return null;
  const isKnown = (filter.rule === ALL_BITS || filter.rule === ANY_BIT) && filter.matchType !== '';
  if (!isKnown || filter.dnAttributes)
    return `in a file only the matching rules ${ALL_BITS} and ${ANY_BIT} can be used`;
  return /^\d+$/.test(filter.value) ? null : `the matching rule ${filter.rule} needs a number`;
}

/** @param filter one that `filterRefusal` has nothing against */
export function matches(filter: Filter, attributes: readonly DecodedAttribute[]): boolean {
  if (filter instanceof AndFilter) return filter.filters.every((part) => matches(part, attributes));
  if (filter instanceof OrFilter) return filter.filters.some((part) => matches(part, attributes));
  if (filter instanceof NotFilter) return !matches(filter.filter, attributes);
  const { attribute, holds } = comparison(filter);
  // `cn` is also about `cn;lang-fr` (RFC 4512 section 2.5.2).
  return attributes.some(
    ({ name, type, values }) =>
      (attribute === type || attribute === name) && values.some((value) => holds(value, type)),
  );
}

type Comparison = {
  readonly attribute: string;
  readonly holds: (value: string, type: string) => boolean;
};

function comparison(filter: Filter): Comparison {
  if (filter instanceof PresenceFilter) return of(filter.attribute, () => true);
  if (filter instanceof EqualityFilter || filter instanceof ApproximateFilter) {
    const { value: wanted } = filter;
    const text = typeof wanted === 'string' ? wanted : wanted.toString('base64');
    return of(filter.attribute, (value, type) => fold(value, type) === fold(text, type));
  }
  if (filter instanceof SubstringFilter) {
    const pattern = [filter.initial, ...filter.any, filter.final].map((piece) => fold(piece, ''));
    return of(filter.attribute, (value) => holdsInOrder(fold(value, ''), pattern));
  }
  if (filter instanceof GreaterThanEqualsFilter)
    return of(filter.attribute, (value) => order(value, filter.value) >= 0);
  if (filter instanceof LessThanEqualsFilter)
    return of(filter.attribute, (value) => order(value, filter.value) <= 0);
  if (filter instanceof ExtensibleFilter) return of(filter.matchType, (value) => hasBits(value, filter));
  throw new Error('a filter of a kind that the parser does not make');
}

function of(attribute: string, holds: Comparison['holds']): Comparison {
  return { attribute: attribute.toLowerCase(), holds };
}

function fold(value: string, type: string): string {
  if (syntaxOf(type) === 'dn') return normaliseDn(value);
  return value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The first piece stands at the beginning, the last one at the end, the others anywhere between, in their order. */
function holdsInOrder(value: string, pieces: readonly string[]): boolean {
  const [initial = '', ...rest] = pieces;
  const final = rest.pop() ?? '';
  if (!value.startsWith(initial)) return false;
  let from = initial.length;
  for (const piece of rest) {
    const at = value.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return value.length - final.length >= from && value.endsWith(final);
}

/** Whole numbers by their size, anything else as text: generalised times are in order as text. */
function order(a: string, b: string): number {
  const areNumbers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  if (areNumbers) {
    const difference = BigInt(a) - BigInt(b);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  const [left, right] = [fold(a, ''), fold(b, '')];
  return left === right ? 0 : left < right ? -1 : 1;
}

function hasBits(value: string, { rule, value: wanted }: ExtensibleFilter): boolean {
  if (!/^-?\d+$/.test(value)) return false;
  const bits = BigInt(wanted);
  const found = BigInt(value) & bits;
  return rule === ALL_BITS ? found === bits : found !== 0n;
}

/**
 * Reads a filter that an operator wrote (RFC 4515) and refuses what is not one, saying where it went wrong.
 *
 * ldapts has a parser of its own, which we do not use: it takes `(&(uid=a)` without a word, and it turns `\c3\a9` into
 * two characters, so that a filter that looks right matches nobody. A filter that quietly matches nobody looks like
 * an empty directory.
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

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly problem: string };

const ATTRIBUTE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)(?:;[a-z0-9-]+)*$/i;
const DEEPEST = 50;

/** @returns the filter, or what is wrong with it and at which character */
export function parseFilter(text: string): ParsedFilter {
  const trimmed = text.trim();
  try {
    const { filter, end } = parseAt(trimmed, 0, 0);
    if (end < trimmed.length) throw new Malformed(end, 'the filter has ended, but more text follows');
    return { ok: true, filter };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, problem: `${error.message} (character ${error.at + 1})` };
  }
}

/** Carries a position out of the recursion; never leaves this file. */
class Malformed extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

type Parsed = { readonly filter: Filter; readonly end: number };

function parseAt(text: string, at: number, depth: number): Parsed {
  if (depth > DEEPEST) throw new Malformed(at, `filters may be nested ${DEEPEST} deep at most`);
  if (text[at] !== '(') throw new Malformed(at, 'an opening parenthesis is expected here');
  const operator = text[at + 1];
  if (operator === '&' || operator === '|') {
    const { filters, end } = parseList(text, at, depth);
    return { filter: operator === '&' ? new AndFilter({ filters }) : new OrFilter({ filters }), end };
  }
  if (operator === '!') {
    const inner = parseAt(text, at + 2, depth + 1);
    return { filter: new NotFilter({ filter: inner.filter }), end: closing(text, inner.end, at) };
  }
  const stop = /[()]/g;
  stop.lastIndex = at + 1;
  const end = stop.exec(text)?.index ?? text.length;
  const filter = parseComparison(text.slice(at + 1, end), at + 1);
  return { filter, end: closing(text, end, at) };
}

function parseList(text: string, at: number, depth: number): { filters: Filter[]; end: number } {
  const filters: Filter[] = [];
  let end = at + 2;
  while (text[end] === '(') {
    const part = parseAt(text, end, depth + 1);
    filters.push(part.filter);
    end = part.end;
  }
  if (filters.length === 0) throw new Malformed(end, `"(${text[at + 1]}" needs at least one filter inside`);
  return { filters, end: closing(text, end, at) };
}

/** @returns the place after the `)` that closes what was opened at `opened` */
function closing(text: string, at: number, opened: number): number {
  if (text[at] === ')') return at + 1;
  throw new Malformed(at, `the parenthesis opened at character ${opened + 1} is not closed here`);
}

function parseComparison(text: string, at: number): Filter {
  const match = /^([^=<>~:]*)(:[^=]*:=|>=|<=|~=|=)(.*)$/s.exec(text);
  if (match === null)
    throw new Malformed(at, 'expected attribute=value, attribute>=value or attribute<=value');
  const [, attribute = '', operator = '', raw = ''] = match;
  if (operator.startsWith(':')) return parseExtensible(attribute, operator, raw, at);
  if (!ATTRIBUTE.test(attribute)) throw new Malformed(at, `"${attribute}" is not an attribute name`);
  if (operator === '=' && raw === '*') return new PresenceFilter({ attribute });
  if (operator === '=' && raw.includes('*')) return parseSubstring(attribute, raw, at);
  if (operator === '=') return new EqualityFilter({ attribute, value: unescapeBytes(raw, at) });
  const value = unescapeText(raw, at);
  if (operator === '>=') return new GreaterThanEqualsFilter({ attribute, value });
  if (operator === '<=') return new LessThanEqualsFilter({ attribute, value });
  return new ApproximateFilter({ attribute, value });
}

function parseSubstring(attribute: string, raw: string, at: number): Filter {
  const pieces = raw.split('*').map((piece) => unescapeText(piece, at));
  const middle = pieces.slice(1, -1);
  if (middle.includes('')) throw new Malformed(at, 'two asterisks stand side by side');
  return new SubstringFilter({
    attribute,
    initial: pieces[0] ?? '',
    any: middle,
    final: pieces.at(-1) ?? '',
  });
}

/** `attribute:dn:rule:=value`, as Active Directory's bit and chain rules need. */
function parseExtensible(attribute: string, operator: string, raw: string, at: number): Filter {
  const match = /^(:dn)?(?::([a-z0-9.-]+))?:=$/i.exec(operator);
  const rule = match?.[2] ?? '';
  if (
    match === null ||
    (attribute === '' && rule === '') ||
    (attribute !== '' && !ATTRIBUTE.test(attribute))
  ) {
    throw new Malformed(at, 'expected attribute:matchingRule:=value');
  }
  return new ExtensibleFilter({
    matchType: attribute,
    rule,
    dnAttributes: match[1] !== undefined,
    value: unescapeText(raw, at),
  });
}

function unescapeText(raw: string, at: number): string {
  const value = unescapeBytes(raw, at);
  if (typeof value === 'string') return value;
  throw new Malformed(at, 'bytes that are not UTF-8 text can only be compared with "="');
}

/** Escapes are bytes, not characters. @returns text where the bytes are UTF-8, else the bytes */
function unescapeBytes(raw: string, at: number): string | Buffer {
  if (raw.includes('*')) throw new Malformed(at, 'an asterisk inside this value must be written \\2a');
  const bytes = Buffer.concat(
    (raw.match(/\\[0-9a-f]{2}|\\|[^\\]+/gi) ?? []).map((token) => {
      if (token === '\\')
        throw new Malformed(at, 'a backslash must be followed by two hex digits, as in \\5c');
      return token.startsWith('\\') ? Buffer.from(token.slice(1), 'hex') : Buffer.from(token, 'utf8');
    }),
  );
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes;
}

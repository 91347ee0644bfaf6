/**
 * Reads a filter expression into a tree (draft-scim-api-01, section 3.2.2.1). It never looks at a user.
 *
 *   filter = term ("or" term)*      term = atom ("and" atom)*
 *   atom   = "(" filter ")" | path "pr" | path operator value
 *   value  = JSON string | number | true | false
 *
 * Names and operators ignore case. Length and nesting are capped, so that no text can exhaust the stack. Whatever is
 * wrong comes out as a FilterError, nothing else.
 */
import { parsePath } from './attribute-path.ts';

const MAX_LENGTH = 4096;
const MAX_DEPTH = 32;
const OPERATORS = ['eq', 'co', 'sw', 'gt', 'ge', 'lt', 'le'] as const;

export type Operator = (typeof OPERATORS)[number];
export type FilterValue = string | number | boolean;
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Filter[] }
  | { readonly kind: 'present'; readonly path: readonly string[] }
  | {
      readonly kind: 'compare';
      readonly path: readonly string[];
      readonly operator: Operator;
      readonly value: FilterValue;
    };

export class FilterError extends Error {
  override name = 'FilterError';
}

type Token = { readonly kind: 'word' | 'string' | 'open' | 'close'; readonly text: string };

/** @throws FilterError */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_LENGTH) throw new FilterError(`The filter is longer than ${MAX_LENGTH} characters.`);
  const reader = new TokenReader(tokenise(text));
  const filter = parseOr(reader, 0);
  if (reader.peek()) throw new FilterError('The filter goes on after its end; join expressions with and/or.');
  return filter;
}

function tokenise(text: string): readonly Token[] {
  const pattern = /\s*(?:(?<open>\()|(?<close>\))|(?<string>"(?:[^"\\]|\\.)*")|(?<word>[^\s()"]+))/suy;
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw new FilterError(`The string that begins after character ${at} has no end.`);
    for (const kind of ['open', 'close', 'string', 'word'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

class TokenReader {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token | undefined {
    return this.tokens[this.next];
  }

  take(expected: string): Token {
    const token = this.tokens[this.next];
    if (!token) throw new FilterError(`The filter ends where ${expected} is needed.`);
    this.next += 1;
    return token;
  }

  takeWord(word: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.next += 1;
    return true;
  }
}

function parseOr(reader: TokenReader, depth: number): Filter {
  return parseJoined(reader, 'or', () => parseJoined(reader, 'and', () => parseAtom(reader, depth)));
}

function parseJoined(reader: TokenReader, kind: 'or' | 'and', parsePart: () => Filter): Filter {
  const first = parsePart();
  const parts = [first];
  while (reader.takeWord(kind)) parts.push(parsePart());
  return parts.length === 1 ? first : { kind, parts };
}

function parseAtom(reader: TokenReader, depth: number): Filter {
  const token = reader.take('an attribute name or a bracket');
  if (token.kind === 'open') {
    if (depth >= MAX_DEPTH) throw new FilterError(`The filter has more than ${MAX_DEPTH} nested brackets.`);
    const inner = parseOr(reader, depth + 1);
    if (reader.take('a closing bracket').kind !== 'close')
      throw new FilterError('A closing bracket is missing.');
    return inner;
  }
  if (token.kind !== 'word') throw new FilterError('An attribute name must stand here, without quotes.');
  const path = parsePath(token.text);
  return parseComparison(reader, path);
}

function parseComparison(reader: TokenReader, path: readonly string[]): Filter {
  const word = reader.take('an operator').text.toLowerCase();
  if (word === 'pr') return { kind: 'present', path };
  const operator = OPERATORS.find((known) => known === word);
  if (!operator) throw new FilterError(`The operator is unknown; known are ${OPERATORS.join(', ')} and pr.`);
  return { kind: 'compare', path, operator, value: parseValue(reader.take('a value')) };
}

function parseValue(token: Token): FilterValue {
  const value = readLiteral(token.text);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new FilterError('A value must be a JSON string in double quotes, a number, true or false.');
}

function readLiteral(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

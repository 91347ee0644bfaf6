/**
 * Reads a filter (draft-scim-api-01, 3.2.2.1). It throws FilterError and nothing else, whatever the text is (O-26 e, f).
 *
 *   filter = term ("or" term)*      term = atom ("and" atom)*
 *   atom   = "(" filter ")" | attribute "pr" | attribute operator value
 *   value  = JSON string | number | true | false             dates are JSON strings
 *
 * Names and operators ignore case. Length and nesting are limited, so that no text can exhaust the stack; a number that
 * JavaScript cannot hold exactly is refused rather than changed.
 */
import { EVERY_OPERATOR } from './abilities.ts';
import type { Comparison, Filter, FilterValue } from './expression.ts';
import { FilterError } from './filter-error.ts';
import { parsePath } from './path.ts';
import { type Token, tokensOf } from './tokens.ts';

const LONGEST = 4096;
const DEEPEST = 64;

const COMPARISONS = EVERY_OPERATOR.filter((operator): operator is Comparison => operator !== 'pr');

/** @throws FilterError, which says where the text goes wrong and how to mend it */
export function parseFilter(text: string): Filter {
  if (text.length > LONGEST) {
    throw new FilterError(LONGEST, `it is longer than ${LONGEST} characters; ask in several requests`);
  }
  const reader = readerOf(tokensOf(text), text.trimEnd().length);
  const filter = readOr(reader, 0);
  const left = reader.peek();
  if (left === undefined) return filter;
  throw new FilterError(
    left.index,
    left.kind === 'close'
      ? 'a bracket is closed that was not opened'
      : 'the filter goes on after its end; join expressions with and, or',
  );
}

type Reader = {
  peek(): Token | undefined;
  /** @param needed what has to stand here, for the message */
  take(needed: string): Token;
  takeWord(word: string): boolean;
};

function readerOf(tokens: readonly Token[], end: number): Reader {
  let next = 0;
  return {
    peek: () => tokens[next],
    take(needed) {
      const token = tokens[next];
      if (token === undefined) throw new FilterError(end, `it ends where ${needed} is needed`);
      next += 1;
      return token;
    },
    takeWord(word) {
      const token = tokens[next];
      if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
      next += 1;
      return true;
    },
  };
}

function readOr(reader: Reader, depth: number): Filter {
  return readJoin('or', reader, () => readJoin('and', reader, () => readAtom(reader, depth)));
}

function readJoin(kind: 'and' | 'or', reader: Reader, readPart: () => Filter): Filter {
  const first = readPart();
  const parts = [first];
  while (reader.takeWord(kind)) parts.push(readPart());
  return parts.length === 1 ? first : { kind, parts };
}

function readAtom(reader: Reader, depth: number): Filter {
  const token = reader.take('an attribute or an opening bracket');
  switch (token.kind) {
    case 'open':
      return readBrackets(token, reader, depth);
    case 'close':
      throw new FilterError(token.index, 'an attribute is needed before the closing bracket');
    case 'text':
      throw new FilterError(token.index, 'an attribute is needed here, without quotes');
    case 'word':
      return readExpression(token, reader);
  }
}

function readBrackets(open: Token, reader: Reader, depth: number): Filter {
  if (depth >= DEEPEST)
    throw new FilterError(open.index, `more than ${DEEPEST} brackets stand in each other`);
  const inner = readOr(reader, depth + 1);
  const close = reader.take('a closing bracket');
  if (close.kind === 'close') return inner;
  throw new FilterError(close.index, 'a closing bracket, and, or is needed here');
}

function readExpression(attribute: Token, reader: Reader): Filter {
  const path = parsePath(attribute.text, attribute.index);
  const word = reader.take('an operator');
  const name = word.kind === 'word' ? word.text.toLowerCase() : '';
  if (name === 'pr') return { kind: 'present', path };
  const operator = COMPARISONS.find((known) => known === name);
  if (operator === undefined) {
    throw new FilterError(word.index, `an operator is needed; SCIM 1.1 has ${EVERY_OPERATOR.join(', ')}`);
  }
  return { kind: 'compare', path, operator, value: readValue(reader.take('a value')) };
}

function readValue({ text, index }: Token): FilterValue {
  const value = jsonIn(text);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number') {
    throw new FilterError(index, 'a value is needed: a text in double quotes, a number, true or false');
  }
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new FilterError(index, 'the number is too large to be kept exactly; put it in double quotes');
  }
  // -0 would be written as 0.
  return value === 0 ? 0 : value;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

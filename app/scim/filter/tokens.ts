/**
 * Cuts a filter's text into words, literals in double quotes, and brackets. Pure, and linear in the text: each
 * character is looked at once, so that no text can keep it busy (O-26).
 */
import { FilterError } from './filter-error.ts';

export type Token = {
  readonly kind: 'word' | 'text' | 'open' | 'close';
  /** As it stands in the filter, a text with its quotes. */
  readonly text: string;
  /** Where it begins, counted from 0. */
  readonly index: number;
};

const PART = /\s*(?:(?<open>\()|(?<close>\))|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[^\s()"]+))/suy;

/** @throws FilterError where a text in quotes has no end */
export function tokensOf(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = filter.trimEnd().length;
  for (let at = 0; at < end; ) {
    PART.lastIndex = at;
    const groups = PART.exec(filter)?.groups;
    if (groups === undefined) {
      const index = filter.indexOf('"', at);
      throw new FilterError(index, 'the text in quotes has no end; close it with "');
    }
    at = PART.lastIndex;
    for (const kind of ['open', 'close', 'text', 'word'] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text, index: at - text.length });
    }
  }
  return tokens;
}

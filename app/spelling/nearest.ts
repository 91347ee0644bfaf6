/** Finds what a mistyped word was meant to be, for "did you mean". */

const MOST_TYPOS = 2;

/**
 * The known word with the fewest typing mistakes between the two; undefined where none is near.
 * @param most how many mistakes are believed
 */
export function nearest(word: string, known: Iterable<string>, most = MOST_TYPOS): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, typos: typosBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.typos - b.typos);
  const best = ranked[0];
  return best !== undefined && best.typos <= Math.min(most, word.length - 1) ? best.candidate : undefined;
}

/** Levenshtein distance, row by row. */
function typosBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

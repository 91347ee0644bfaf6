/** Keeps what was made of texts that come again and again: patterns, zones, names of groups. Bounded. */

const MOST_REMEMBERED = 10_000;
/** What is longer is nobody's name, and would fill the memory. */
const LONGEST_REMEMBERED = 1_000;

/** @param make pure: the same text gives the same */
export function remembering<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    if (made.size >= MOST_REMEMBERED) made.clear();
    const result = make(text);
    if (text.length <= LONGEST_REMEMBERED) made.set(text, result);
    return result;
  };
}

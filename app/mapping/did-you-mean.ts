/** Ends a message about an unknown word with what was probably meant. */
import { nearest } from '../spelling/nearest.ts';

/** ` Did you mean "mail"?`, or nothing where no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** What is said where one of a few words should stand: all of them, and the one that was probably meant. */
import { nearest } from '../spelling/nearest.ts';

/** @param written what stands there; it is not repeated */
export function mustBeOneOf(words: readonly unknown[], written: unknown): string {
  const known = words.map(String);
  const meant = typeof written === 'string' ? nearest(written, known) : undefined;
  return `must be one of: ${known.join(', ')}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`;
}

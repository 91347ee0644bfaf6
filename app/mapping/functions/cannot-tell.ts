/**
 * Thrown by a function that has no answer for a person: neither a value nor its absence would be true. The engine makes
 * a message of it; `active` is then left out, any other attribute fails the person (O-07 o).
 */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
  /** @param words what is wrong, without any value: it goes into messages about people */
  readonly words: string;

  constructor(words: string) {
    super(words);
    this.words = words;
  }
}

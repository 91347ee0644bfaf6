/** Why a text is no SCIM 1.1 filter. Its words name a place, never a value: filters hold names of people. */
export class FilterError extends Error {
  override name = 'FilterError';
  /** Of the character where it goes wrong, counted from 1. */
  readonly position: number;
  /** @param index of that character, counted from 0 */
  constructor(index: number, problem: string) {
    super(`the filter cannot be read at character ${index + 1}: ${problem}`);
    this.position = index + 1;
  }
}

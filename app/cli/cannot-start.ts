/** Something outside the program keeps a command from running. The message is for the operator; no stack is shown. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

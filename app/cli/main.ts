/** The `landbridge` command. Turns failures into a message and an exit code; a stack is shown only for surprises. */
import { CommanderError } from 'commander';
import { CannotStart } from './cannot-start.ts';
import { landbridge } from './program.ts';

try {
  await landbridge().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own message, and ends `--help` this way with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof CannotStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 1;
}

/**
 * Under which name a decision from the command line stands in the records, unless another is given: the name that the
 * machine knows the user by. Nobody is asked for a password here: whoever may read the configuration may decide.
 */
import { userInfo } from 'node:os';

/** @returns a user's number where they have no name, as in a container that runs under a number alone */
export function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

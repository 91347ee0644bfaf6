/** Basic authentication (RFC 7617). A refused password is read once more, in case it was rotated meanwhile. */
import { type Authentication, basic, readSecret } from './authentication.ts';
import { rereadOnRefusal } from './reread.ts';

export function createBasicAuthentication(options: {
  readonly target: string;
  readonly username: string;
  readonly password: () => string;
}): Authentication {
  const what = `the password for target ${options.target}`;
  return rereadOnRefusal(() => basic(options.username, readSecret(what, options.password)));
}

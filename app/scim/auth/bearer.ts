/** A bearer token that somebody else made (RFC 6750). A refused one is read once more, in case it was rotated. */
import { type Authentication, bearer, readSecret } from './authentication.ts';
import { rereadOnRefusal } from './reread.ts';

export function createBearerAuthentication(options: {
  readonly target: string;
  readonly token: () => string;
}): Authentication {
  const what = `the token for target ${options.target}`;
  return rereadOnRefusal(() => bearer(what, readSecret(what, options.token).trim()));
}

/**
 * Whom the server takes us for (RFC 4532), where it can tell. A server that answers as if nobody had logged in shows
 * nobody, without an error: what it says then must not be believed.
 */
import { SourceUnavailable } from '../../../errors.ts';
import { type Connection, WHO_AM_I } from './connection.ts';
import type { Server } from './server.ts';

export type Identity = {
  /** @returns why what was read since is not to be believed; null where nothing speaks against it */
  check(): Promise<string | null>;
};

/**
 * @param account how messages name it
 * @throws SourceUnavailable where the server takes us for nobody
 */
export async function identify(connection: Connection, server: Server, account: string): Promise<Identity> {
  const ask = async () => (server.supports(WHO_AM_I) ? await connection.whoAmI() : null);
  const before = await ask();
  if (before === '') {
    throw new SourceUnavailable(
      `${connection.url}: the server let ${account} in, and takes it for nobody (anonymous); check its rights there`,
    );
  }
  return {
    check: async () => {
      if (before === null || (await ask()) === before) return null;
      return `the server no longer takes us for ${account} at the end of the read; what it showed may not be everything`;
    },
  };
}

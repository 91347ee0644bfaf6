/**
 * Listening on the loopback address, and nowhere else: the sandbox has invented passwords and no TLS.
 */
import type { Server } from 'node:http';

export const HOST = '127.0.0.1';

/** @param port 0 takes a free one. @throws when it is taken */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve());
  });
}

/** @throws before the server listens */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
}

/** Stops listening and cuts what is connected, so that it ends at once. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

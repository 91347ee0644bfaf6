/** Web process: the HTTP API, until it is told to stop. On SIGTERM it takes nothing new and answers what it has. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createHttpTerminator } from 'http-terminator';
import { begin, endOnSignal, GRACE_MS } from './begin.ts';
import { configFile } from './config/index.ts';
import { createContext } from './context.ts';
import { createServer } from './http/server.ts';
import { webDeps } from './web-deps.ts';

const { installation, redisUrl, log } = begin('web', configFile(process.env), process.env);
const context = createContext(installation, redisUrl, log);

const { host, port } = installation.config.http;
const server = createHttpServer(createServer(webDeps(context)));
const terminator = createHttpTerminator({ server, gracefulTerminationTimeout: GRACE_MS });
server.listen(port, host);
await once(server, 'listening').catch((error: unknown) => {
  const { code } = error as NodeJS.ErrnoException;
  log.fatal({ host, port, code }, 'cannot listen: another process may use this address');
  process.exit(1);
});
const address = server.address();
const heard = typeof address === 'object' && address !== null ? address.port : port;
log.info({ url: `http://${host.includes(':') ? `[${host}]` : host}:${heard}` }, 'listening');

let stopping = false;
endOnSignal(log, async () => {
  stopping = true;
  await terminator.terminate();
  await context.close();
});
// Only now, since it waits for Redis: a process that does not answer meanwhile would be killed as dead.
await context.start().catch((error: unknown) => {
  if (!stopping) throw error;
});

/** Web process: the HTTP API, until it is told to stop. On SIGTERM it takes nothing new and answers what it has. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createHttpTerminator } from 'http-terminator';
import { begin } from './begin.ts';
import { configFile } from './config/index.ts';
import { createContext } from './context.ts';
import { createServer } from './http/server.ts';
import { webDeps } from './web-deps.ts';

/** Deployments usually kill after 30 s. */
const GRACE_MS = 20_000;

const { installation, redisUrl, log } = begin('web', configFile(process.env), process.env);
const context = createContext(installation, redisUrl, log);
await context.start();

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
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info('stopping');
    void terminator
      .terminate()
      .then(() => context.close())
      .then(() => {
        log.info('stopped');
        process.exit(0);
      });
  });
}

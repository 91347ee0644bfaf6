/**
 * OpenSSL's own TLS server, which wants a client certificate and refuses one by an alert, as Node's servers never do.
 * It speaks nothing but TLS.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.ts';
import type { IssuedCertificate } from './certificates.ts';

export type TlsServer = { readonly port: number; stop(): Promise<void> };

/** @param ca PEM of the authority whose clients are let in */
export async function startTlsServer({ cert, key }: IssuedCertificate, ca: string): Promise<TlsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tls-server-'));
  const files = { cert, key, ca };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  const port = await freePort();
  const child = spawn(
    'openssl',
    [
      ...['s_server', '-accept', `127.0.0.1:${port}`, '-cert', 'cert', '-key', 'key', '-CAfile', 'ca'],
      ...['-Verify', '1', '-verify_return_error', '-quiet'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  await once(child, 'spawn');
  while (!(await answers(port)) && child.exitCode === null) await sleep(20);
  return {
    port,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

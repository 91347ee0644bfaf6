/** Certificates by the openssl command, and real servers over TLS and proxies that speak CONNECT, for wire tests. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { freePort } from '../../../sandbox/free-port.ts';
import { until } from '../../../sandbox/until.ts';

export type Certificate = { readonly cert: string; readonly key: string };

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate that vouches for itself; also the authority of others. */
export function selfSigned(name = 'localhost'): Certificate {
  return withFolder((at) => {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2'];
    openssl(['req', '-x509', ...NEW_KEY, ...subject, '-keyout', at('key'), '-out', at('cert')]);
    return { cert: read(at('cert')), key: read(at('key')) };
  });
}

/** @param days below 0: it has expired */
export function issuedBy(authority: Certificate, name: string, days = 2): Certificate {
  return withFolder((at) => {
    writeFileSync(at('ca'), authority.cert);
    writeFileSync(at('ca-key'), authority.key);
    openssl(['req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', at('key'), '-out', at('request')]);
    const by = ['-CA', at('ca'), '-CAkey', at('ca-key'), '-CAcreateserial', '-days', String(days)];
    openssl(['x509', '-req', '-in', at('request'), ...by, '-out', at('cert')]);
    return { cert: read(at('cert')), key: read(at('key')) };
  });
}

export function encrypted(key: string, passphrase: string): string {
  return withFolder((at) => {
    writeFileSync(at('key'), key);
    openssl(['pkcs8', '-topk8', '-in', at('key'), '-out', at('locked'), '-passout', `pass:${passphrase}`]);
    return read(at('locked'));
  });
}

export type TlsServer = {
  readonly origin: string;
  readonly port: number;
  /** Of each request: the Authorization header, and whom the client certificate names. */
  readonly asked: { readonly authorization: string; readonly client: string }[];
  stop(): Promise<void>;
};

/** Answers everything with `{}`. */
export async function startTlsServer(options: ServerOptions): Promise<TlsServer> {
  const asked: TlsServer['asked'] = [];
  const server = createTlsServer(options, ({ headers, socket }, response) => {
    const { subject } = (socket as TLSSocket).getPeerCertificate();
    asked.push({ authorization: headers.authorization ?? '', client: String(subject?.CN ?? '') });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const port = await listening(server);
  return { origin: `https://localhost:${port}`, port, asked, stop: () => stopped(server) };
}

/** OpenSSL's own server, which says by a TLS alert why it does not take a client certificate. */
export async function startAlertingServer(
  own: Certificate,
  clientCa: string,
  version: '-tls1_2' | '-tls1_3',
): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-tls-'));
  const at = (name: string) => join(folder, name);
  writeFileSync(at('cert'), own.cert);
  writeFileSync(at('key'), own.key);
  writeFileSync(at('ca'), clientCa);
  const port = await freePort();
  const files = ['-cert', at('cert'), '-key', at('key'), '-CAfile', at('ca')];
  const strict = ['-Verify', '1', '-verify_return_error', '-www', version];
  const child = spawn('openssl', ['s_server', '-accept', String(port), ...files, ...strict], {
    stdio: 'ignore',
  });
  await until('openssl listens', () => answers(port));
  return {
    origin: `https://localhost:${port}`,
    async stop() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}

export type TunnelProxy = {
  readonly url: string;
  /** Where tunnels were asked for, as `host:port`. */
  readonly tunnels: string[];
  /** Everything that clients sent through tunnels. */
  readonly carried: () => string;
  stop(): Promise<void>;
};

/** Tunnels to this machine, whatever host is named. @param own over TLS, with this certificate */
export async function startProxy(own?: Certificate): Promise<TunnelProxy> {
  const tunnels: string[] = [];
  const chunks: Buffer[] = [];
  const open = new Set<Duplex>();
  const server: Server = own === undefined ? createServer() : createTlsServer(own);
  server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const far = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.pipe(far).pipe(socket);
    });
    for (const side of [far, socket]) {
      open.add(side);
      side.on('error', () => side.destroy());
    }
  });
  const port = await listening(server);
  const scheme = own === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://localhost:${port}`,
    tunnels,
    carried: () => Buffer.concat(chunks).toString('latin1'),
    stop: async () => {
      for (const side of open) side.destroy();
      await stopped(server);
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function withFolder<T>(use: (at: (name: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-tls-'));
  try {
    return use((name) => join(folder, `${name}.pem`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

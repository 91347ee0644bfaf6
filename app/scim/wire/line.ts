/**
 * The way to one server: connections straight to it or through a proxy, whom to trust there, and with which certificate
 * we show ourselves. Nothing of a request is decided here.
 *
 * The client certificate goes to the server alone, never to the proxy. Trust is said outright everywhere, so that
 * NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
 */
import { createSecureContext, rootCertificates } from 'node:tls';
import { buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

/** `environment`: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
export type ProxyChoice = 'environment' | { readonly url: string; readonly noProxy?: string };

/** PEM texts; certificate first its own, then those up to its authority. */
export type ClientCertificate = {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
};

export type LineOptions = {
  /** `https://account.example` */
  readonly origin: string;
  /** How many connections at most. */
  readonly connections: number;
  /** Between two bytes of an answer. */
  readonly timeoutMs: number;
  /** PEM of the CA to trust instead of the well-known ones. */
  readonly ca?: string;
  readonly clientCertificate?: ClientCertificate;
  readonly proxy?: ProxyChoice;
};

export type Line = {
  readonly dispatcher: Dispatcher;
  /** The TLS alert by which the server ended the connection that this error is about. */
  alertBehind(error: unknown): string | null;
  /** What OpenSSL has against our certificate or its key; null where nothing. */
  readonly ownTrouble: unknown;
};

type Connect = buildConnector.connector;

const LONGEST_CONNECT_MS = 10_000;

export function openLine(options: LineOptions): Line {
  // By local port: what undici throws names the connection so, and not what its socket said.
  const alerts = new Map<number, string>();
  return {
    dispatcher: dispatcherFor(options, (connect) => noting(connect, alerts)),
    alertBehind(error) {
      const port = localPortOf(error);
      const alert = alerts.get(port) ?? null;
      alerts.delete(port);
      return alert;
    },
    // Found before a connection is opened: a tunnel through a proxy would be left open behind it.
    ownTrouble: troubleWith(options.clientCertificate),
  };
}

function troubleWith(certificate: ClientCertificate | undefined): unknown {
  try {
    if (certificate !== undefined) createSecureContext(certificate);
    return null;
  } catch (error) {
    return error;
  }
}

function dispatcherFor(options: LineOptions, watched: (connect: Connect) => Connect): Dispatcher {
  const { origin, ca, clientCertificate, timeoutMs, proxy } = options;
  const timeout = Math.min(timeoutMs, LONGEST_CONNECT_MS);
  const trust = { rejectUnauthorized: true, timeout };
  const toServer = { ...trust, ...(ca === undefined ? {} : { ca }), ...clientCertificate };
  const common = { connections: options.connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  if (proxy === undefined) {
    return new Pool(origin, { ...common, connect: watched(buildConnector(toServer)) });
  }
  const throughProxy = {
    ...common,
    connect: toServer,
    requestTls: toServer,
    proxyTls: { ...trust, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) },
    factory: (to: string | URL, { connect, ...pool }: Pool.Options) =>
      new Pool(to, {
        ...pool,
        connect: watched(typeof connect === 'function' ? connect : buildConnector(connect)),
      }),
  };
  if (proxy === 'environment') return new EnvHttpProxyAgent(throughProxy);
  const { url, noProxy = '' } = proxy;
  return new EnvHttpProxyAgent({ ...throughProxy, httpProxy: url, httpsProxy: url, noProxy });
}

/** In TLS 1.3 a server refuses our certificate only after the handshake, when undici is no longer told of it. */
function noting(connect: Connect, alerts: Map<number, string>): Connect {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result;
      const port = socket?.localPort;
      socket?.once('error', (error: Error & { code?: unknown }) => {
        if (port !== undefined && /_ALERT_/.test(String(error.code))) alerts.set(port, String(error.code));
      });
      callback(...result);
    });
}

function localPortOf(error: unknown): number {
  const socket: unknown = property(error, 'socket');
  const port = property(socket, 'localPort');
  return typeof port === 'number' ? port : 0;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

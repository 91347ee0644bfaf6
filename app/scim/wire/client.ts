/**
 * HTTP to one target over kept-alive connections (undici). It sends a request and hands back what came, or throws
 * what `transport-failure.ts` makes of a broken connection. It never follows a redirect, never repeats a request and
 * never logs: those three would take a write or a credential where nobody decided to send it (O-18, O-27).
 */
import { TargetUnusable } from '../../errors.ts';
import type { Reply } from './answer.ts';
import { certificatePage } from './certificate-refusal.ts';
import { type ClientCertificate, type Line, openLine, type ProxyChoice } from './line.ts';
import { transportFailure } from './transport-failure.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type HttpRequest = {
  readonly method: HttpMethod;
  /** From the root of the origin, with query. */
  readonly path: string;
  /** The request in words, for messages; without values, since messages are logged. */
  readonly what: string;
  /** True where it changes a user. */
  readonly writes: boolean;
  /** Left out where the body says who asks. */
  readonly authorization?: string;
  /** JSON text, unless `headers` say otherwise. */
  readonly body?: string;
  /** Carried out only where the user still has this ETag. */
  readonly ifMatch?: string;
  /** Further ones, in lower case; they go before ours. */
  readonly headers?: Readonly<Record<string, string>>;
};

export type ClientOptions = {
  /** `https://account.example` */
  readonly origin: string;
  /** Our version, for the User-Agent. */
  readonly version: string;
  /** How many connections at most. Default 4. */
  readonly connections?: number;
  /** How long one request may take, from sending to the last byte. Default 30 s. */
  readonly timeoutMs?: number;
  /** PEM of the CA to trust instead of the well-known ones. */
  readonly ca?: string;
  /** Shown where the server asks for it. */
  readonly clientCertificate?: ClientCertificate;
  readonly proxy?: ProxyChoice;
  /** Send PUT, PATCH and DELETE as POST with X-HTTP-Method-Override (draft-scim-api-01, 3.12). */
  readonly methodOverride?: boolean;
};

export type HttpClient = {
  /** @throws TargetUnavailable, TargetUnusable (untrusted certificate), LeaseLost (as the signal's reason) */
  send(request: HttpRequest, signal: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
};

const LARGEST_ANSWER_BYTES = 5 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CONNECTIONS = 4;

export function createClient(options: ClientOptions): HttpClient {
  const { connections = DEFAULT_CONNECTIONS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const line = openLine({ ...options, connections, timeoutMs });
  return {
    send: (request, signal) => sendOnce(line, options, request, timeoutMs, signal),
    // Destroyed, not closed: a request that still runs at shutdown is broken off rather than waited for.
    close: () => line.dispatcher.destroy(),
  };
}

async function sendOnce(
  line: Line,
  options: ClientOptions,
  request: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Reply> {
  if (signal.aborted) throw unsent(signal.reason, request, 'stopped', signal);
  if (line.ownTrouble !== null) throw unsent(line.ownTrouble, request, null, signal);
  const deadline = startDeadline(timeoutMs, signal);
  try {
    const answer = await line.dispatcher.request({
      origin: options.origin,
      path: request.path,
      signal: deadline.signal,
      ...onTheWire(options, request),
    });
    const reply = {
      status: answer.statusCode,
      headers: flat(answer.headers),
      ...(await readCapped(answer.body)),
    };
    const refusal = certificatePage(reply);
    if (refusal !== null) throw new TargetUnusable('misconfigured', `${request.what}: ${refusal}`);
    return reply;
  } catch (error) {
    if (error instanceof TargetUnusable) throw error;
    const attempt = {
      ...request,
      brokenOff: deadline.brokenOff(),
      stopReason: signal.reason as unknown,
      tlsAlert: line.alertBehind(error),
    };
    throw transportFailure(error, attempt);
  } finally {
    deadline.end();
  }
}

function unsent(
  error: unknown,
  request: HttpRequest,
  brokenOff: 'stopped' | null,
  signal: AbortSignal,
): Error {
  const attempt = { ...request, writes: false, brokenOff, stopReason: signal.reason as unknown };
  return transportFailure(error, attempt);
}

function onTheWire(
  options: ClientOptions,
  request: HttpRequest,
): { method: HttpMethod; headers: Record<string, string>; body: string | null } {
  const override = options.methodOverride === true && request.method !== 'GET' && request.method !== 'POST';
  return {
    method: override ? 'POST' : request.method,
    body: request.body ?? null,
    headers: {
      accept: 'application/json',
      'user-agent': `Landbridge/${options.version}`,
      ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
      ...(override ? { 'x-http-method-override': request.method } : {}),
      ...request.headers,
    },
  };
}

type Deadline = { signal: AbortSignal; brokenOff(): 'timeout' | 'stopped' | null; end(): void };

/** One limit for the whole request, because a server that drips its answer never trips a limit between bytes. */
function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  let brokenOff: 'timeout' | 'stopped' | null = null;
  const breakOff = (why: 'timeout' | 'stopped') => {
    brokenOff ??= why;
    controller.abort();
  };
  const onStop = () => breakOff('stopped');
  caller.addEventListener('abort', onStop, { once: true });
  const timer = setTimeout(() => breakOff('timeout'), timeoutMs);
  return {
    signal: controller.signal,
    brokenOff: () => brokenOff,
    end: () => {
      clearTimeout(timer);
      caller.removeEventListener('abort', onStop);
    },
  };
}

async function readCapped(body: AsyncIterable<Buffer>): Promise<{ text: string; cut: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection that holds the rest.
    if (size > LARGEST_ANSWER_BYTES) break;
  }
  const kept = Buffer.concat(chunks).subarray(0, LARGEST_ANSWER_BYTES);
  return { text: new TextDecoder().decode(kept), cut: size > LARGEST_ANSWER_BYTES };
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    [value ?? ''].flat().join(', '),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Stands before a target and lets in whom a test says: a reverse proxy that answers 401 itself, counts, and remembers
 * every credential that it was shown. For what a target cannot be told to do from a certain request on.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way in. */
export type Knock = {
  /** Which request it is, from 1; requests for tokens do not count. */
  readonly number: number;
  /** The Authorization header. */
  readonly shown: string;
};

export type Gatekeeper = {
  readonly origin: string;
  /** Where whoever is let in goes: `http://127.0.0.1:PORT`. */
  upstream: string;
  /** @returns the Authorization header to go on with; null turns the request away */
  admit: (knock: Knock) => Promise<string | null>;
  /** How many requests there were; counted anew where a test sets it to 0. */
  requests: number;
  tokenRequests: number;
  /** What stood in Authorization headers and token answers. */
  readonly credentials: Set<string>;
  stop(): Promise<void>;
};

const TOKEN_PATH = '/oauth/token';

export async function startGatekeeper(): Promise<Gatekeeper> {
  const http = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const { status, type, text } = await passOn(keeper, request, body);
    response.writeHead(status, { 'content-type': type }).end(text);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const keeper: Gatekeeper = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    upstream: '',
    admit: async ({ shown }) => shown,
    requests: 0,
    tokenRequests: 0,
    credentials: new Set(),
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return keeper;
}

type Passed = { readonly status: number; readonly type: string; readonly text: string };

async function passOn(keeper: Gatekeeper, request: IncomingMessage, body: Buffer): Promise<Passed> {
  const { url = '', method = '', headers } = request;
  const shown = headers.authorization ?? '';
  keeper.credentials.add(shown.replace(/^\S+ /, ''));
  const forToken = url === TOKEN_PATH;
  if (forToken) keeper.tokenRequests += 1;
  else keeper.requests += 1;
  const admitted = forToken ? shown : await keeper.admit({ number: keeper.requests, shown });
  if (admitted === null) return { status: 401, type: 'application/json', text: '{"error":"invalid_token"}' };
  const answer = await fetch(`${keeper.upstream}${url}`, {
    method,
    headers: { authorization: admitted, 'content-type': headers['content-type'] ?? 'application/json' },
    ...(body.length === 0 ? {} : { body: body.toString('utf8') }),
  });
  const text = await answer.text();
  const { access_token: granted } = forToken ? JSON.parse(text) : {};
  if (typeof granted === 'string') keeper.credentials.add(granted);
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A real HTTP server on a free loopback port that answers as a test tells it to, and notes what it was asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which connection it came over, from 1. */
  readonly connection: number;
};

export type OddServer = {
  readonly origin: string;
  readonly asked: Asked[];
  /** How each request is answered from now on. */
  answer: (asked: Asked, response: ServerResponse) => void;
  stop(): Promise<void>;
};

export async function startOddServer(): Promise<OddServer> {
  const connections = new Map<unknown, number>();
  const http = createServer(async (request, response) => {
    const body = await textOf(request);
    const known = connections.get(request.socket) ?? connections.size + 1;
    connections.set(request.socket, known);
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body, connection: known };
    odd.asked.push(asked);
    odd.answer(asked, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const odd: OddServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked: [],
    answer: (_asked, response) => void response.writeHead(500).end(),
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return odd;
}

/** An answer of fixed words. */
export function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): OddServer['answer'] {
  return (_asked, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(status === 204 ? undefined : text);
  };
}

/** A page of a proxy or a portal, where SCIM was asked for. */
export const PAGE = '<!DOCTYPE html><html><title>Sign in</title></html>';

/** The body of a refusal (draft-scim-api-01, 3.9). */
export function errors(description: string, code: string | number) {
  return { Errors: [{ description, code }] };
}

/** The answer to a search. */
export function listOf(...resources: readonly unknown[]): OddServer['answer'] {
  return answering(200, { totalResults: resources.length, Resources: resources });
}

/** Answers by method; of several answers each but the last is given once. */
export function byMethod(
  answers: Record<string, OddServer['answer'] | OddServer['answer'][]>,
): OddServer['answer'] {
  const left = new Map(Object.entries(answers).map(([method, each]) => [method, [each].flat()]));
  return (asked: Asked, response: ServerResponse) => {
    const each = left.get(asked.method) ?? [];
    const next = each.length > 1 ? each.shift() : each[0];
    next?.(asked, response);
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

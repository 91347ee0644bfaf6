/**
 * Between node:http and values: reads a request into an `Ask` and sends a `Reply`. It knows no SCIM rule beyond the
 * method override (draft-scim-api-01, section 3.12). Bodies are capped in size and depth, and what is wrong with a
 * request is handed on as `problem`, so that it can still be journalled.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Dialect } from './dialects/dialect.ts';
import { isTooDeep, type Json } from './json.ts';
import type { Content, Reply } from './reply.ts';
import { errorBody, ScimError } from './scim-error.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const OVERRIDABLE: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE']);

export type Ask = {
  /** After X-HTTP-Method-Override. */
  readonly method: string;
  /** Whether that header gave the method. */
  readonly overridden: boolean;
  /** Lower case is for comparing only: ids and tokens are read from `path`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as sent. */
  readonly target: string;
  readonly body: Json | undefined;
  /** Size of the body in bytes. */
  readonly size: number;
  readonly ifMatch: string | undefined;
  readonly authorization: string | undefined;
  readonly problem: ScimError | undefined;
};

/** What requests and answers look like to this server. */
export type Manner = Pick<Dialect, 'errors' | 'jsonType' | 'methodOverride'>;

const NO_BODY = { body: undefined, size: 0 };

/** @throws when the client goes away before the request is complete */
export async function readAsk(request: IncomingMessage, manner: Manner): Promise<Ask> {
  const target = request.url ?? '/';
  const [path = '/', query = ''] = splitOnce(target, '?');
  let head = {
    method: request.method ?? 'GET',
    overridden: false,
    path,
    query: new URLSearchParams(query),
    target,
    ifMatch: request.headers['if-match'],
    authorization: request.headers.authorization,
  };
  try {
    const header = manner.methodOverride ? request.headers['x-http-method-override'] : undefined;
    const override = overridingMethod(head.method, header);
    if (override !== null) head = { ...head, method: override, overridden: true };
    return { ...head, ...(await readBody(request)), problem: undefined };
  } catch (error) {
    if (error instanceof ScimError) return { ...head, ...NO_BODY, problem: error };
    throw error;
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** @returns null where nothing overrides */
function overridingMethod(method: string, header: string | string[] | undefined): string | null {
  if (method !== 'POST' || header === undefined) return null;
  const wanted = String(header).toUpperCase();
  if (OVERRIDABLE.has(wanted)) return wanted;
  throw new ScimError(400, 'X-HTTP-Method-Override must be PUT, PATCH or DELETE.');
}

async function readBody(request: IncomingMessage): Promise<Pick<Ask, 'body' | 'size'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not cut the connection: the refusal still has to be sent on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ScimError(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  if (size === 0) return NO_BODY;
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (request.headers['content-encoding']) throw new ScimError(415, 'Compressed bodies are not read.');
  const text = Buffer.concat(chunks).toString('utf8');
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(text)), size };
  if (!type.includes('json')) throw new ScimError(415, 'Content-Type must be application/json.');
  return { body: parseJson(text), size };
}

function parseJson(text: string): Json {
  const value = readJson(text);
  if (value === undefined) throw new ScimError(400, 'The body is not JSON.');
  if (isTooDeep(value)) throw new ScimError(400, 'The body is nested too deeply.');
  return value;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends the reply and waits until it is out. @returns the status, or null where no complete answer went out */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  manner: Manner,
): Promise<number | null> {
  if (reply.kind === 'drop') {
    response.destroy();
    return null;
  }
  response.statusCode = reply.status;
  const content = contentOf(response, reply.content, manner);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  // The rest of a body that was not read must not be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  try {
    await pipeline(content, response);
    return reply.status;
  } catch {
    return null;
  }
}

function contentOf(response: ServerResponse, content: Content, manner: Manner): Readable {
  switch (content.kind) {
    case 'none':
      return Readable.from([]);
    case 'json':
      return typed(response, manner.jsonType, JSON.stringify(content.value));
    case 'refusal':
      return typed(response, manner.jsonType, JSON.stringify(errorBody(manner.errors, content.refusal)));
    case 'text':
      return typed(response, `${content.type}; charset=utf-8`, content.text);
    case 'flood':
      response.setHeader('Content-Type', manner.jsonType);
      return Readable.from(flood(content.bytes));
  }
}

function typed(response: ServerResponse, type: string, text: string): Readable {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  return Readable.from([text]);
}

/** One JSON string of the wanted length, piece by piece: it is never in memory as a whole. */
function* flood(bytes: number): Generator<string> {
  const piece = 'x'.repeat(64 * 1024);
  yield '{"padding":"';
  for (let left = bytes; left > 0; left -= piece.length) yield piece.slice(0, left);
  yield '"}';
}

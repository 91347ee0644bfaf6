/**
 * Reads a request's body as JSON, within limits, before anything looks at it: so many bytes, so deep, nothing that
 * has to be inflated, and no key that reaches into JavaScript's own objects (O-26). RFC 8259.
 */
import type { Request, RequestHandler } from 'express';
import { invalidRequest, Problem } from './problem.ts';

const MAX_DEPTH = 32;

/** Compared without case, since attribute names are folded later. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** How long a caller who was answered before they had sent everything has to read the answer. */
const LAST_LOOK_MS = 500;

/** Parsed JSON object; `unknown` inside until a schema has seen it. */
export type JsonBody = Readonly<Record<string, unknown>>;

/** @throws Problem 400, 413 or 415 */
export async function readJson(request: Request, limit: number): Promise<JsonBody> {
  refuseEncoding(request);
  const text = decode(await readBytes(request, limit));
  if (nestingDepth(text) > MAX_DEPTH) {
    throw invalidBody(`The JSON is nested more than ${MAX_DEPTH} deep. Send it flatter.`);
  }
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody('The body must be one JSON object, as in {"id": …}.');
  }
  refuseKeys(value, '');
  return value as JsonBody;
}

/** Ends the connection of a caller who goes on sending after they have been answered. */
export const stopReadingAfterAnswer: RequestHandler = (request, response, next) => {
  response.once('finish', () => {
    if (request.complete) return;
    setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, LAST_LOOK_MS).unref();
  });
  next();
};

function refuseEncoding(request: Request): void {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem(415, 'unsupported-media', 'Send the body without Content-Encoding.');
  }
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    throw new Problem(415, 'unsupported-media', 'Send JSON, with Content-Type: application/json.');
  }
}

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  const tooLarge = new Problem(413, 'too-large', `A body may have ${limit} bytes. Send less at once.`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the loop stops the reading; the connection stays, so that the caller gets the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > limit) throw tooLarge;
      chunks.push(chunk);
    }
  } catch (error) {
    throw error === tooLarge ? error : invalidBody('The body ended before it was whole. Send it again.');
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidBody('The body is not UTF-8 text. Encode it as UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw invalidBody('The body is not JSON. Mend its syntax.');
  }
}

/** Deepest nesting of brackets outside strings; counted before parsing, in one pass. */
function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

/** Recursion is bounded by MAX_DEPTH. */
function refuseKeys(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    if (!Array.isArray(value) && FORBIDDEN_KEYS.has(name.toLowerCase())) {
      throw invalidRequest([{ field, message: 'is a name that is not accepted anywhere. Rename it.' }]);
    }
    refuseKeys(inner, field);
  }
}

function invalidBody(message: string): Problem {
  return invalidRequest([{ field: '', message }]);
}

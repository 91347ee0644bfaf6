/**
 * What an HTTP answer means for us, decided once, from status, content type and text. Pure, total, and it never
 * throws, whatever the body holds (O-12, O-13). It does not know what was asked; what an answer means for a create, an
 * update or a look-up is decided in `scim-target.ts`, `updated.ts` and `look-up.ts`.
 *
 *   status          body                        meaning
 *   ─────────────   ─────────────────────────   ─────────────────────────────────────────────────────────
 *   2xx             JSON object                 resource
 *   2xx             JSON with an error in it    by the error's own code; without one, refused
 *   2xx             none                        empty
 *   2xx             an HTML page                alien: a sign-in page or a proxy answers, not the service
 *   2xx             cut off, or not JSON        unreadable: done, but we cannot see what
 *   3xx             any                         redirect
 *   401, 403        any                         unauthorized, forbidden
 *   404, 410        none, or JSON               missing
 *   404, 410        a page or plain text        alien: not the SCIM service speaks, nobody is gone (O-12 e)
 *   405, 501        any                         unsupported
 *   409             any                         conflict
 *   429             any                         limited
 *   408, 425, 5xx   any                         unavailable
 *   other 4xx       any                         refused
 */

import { isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';
import { readJson } from './json-text.ts';
import { isHtml, serverWords } from './words.ts';

/** An HTTP answer as it arrived. `cut`: reading stopped at the size cap. Header names are lower case. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly cut: boolean;
};

export type Answer =
  | { readonly kind: 'resource'; readonly status: number; readonly body: JsonObject; readonly etag?: string }
  | { readonly kind: 'empty'; readonly status: number }
  /** `list`: it was JSON, and a bare list, as only endpoints outside SCIM answer. */
  | { readonly kind: 'unreadable'; readonly status: number; readonly list?: readonly Json[] }
  | { readonly kind: 'alien'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: number }
  | { readonly kind: 'limited'; readonly status: number }
  | Unavailable
  | Complained<'unauthorized'>
  | Complained<'forbidden'>
  | Complained<'missing'>
  | Complained<'unsupported'>
  | Complained<'conflict'>
  | Complained<'refused'>;

type Unavailable = {
  readonly kind: 'unavailable';
  readonly status: number;
  /** The service itself said so before doing anything, so a write has not happened. */
  readonly declined: boolean;
  /** Only where the service itself explains, as SCIM: the fault may then lie with what was asked. */
  readonly words?: string;
};

type Complaint = 'unauthorized' | 'forbidden' | 'missing' | 'unsupported' | 'conflict' | 'refused';

type Complained<Kind extends Complaint> = {
  readonly kind: Kind;
  readonly status: number;
  /** The server's own, or ours where it gave none. */
  readonly words: string;
};

/**
 * @param secrets texts that must not come back in `words`: our credentials and a password that was sent
 */
export function readAnswer(reply: Reply, secrets: readonly string[]): Answer {
  const json = reply.cut ? undefined : readJson(reply.text);
  if (reply.status < 200 || reply.status > 299) return readFailure(reply, reply.status, json, secrets);
  if (reply.status === 204 || reply.status === 205 || reply.text.trim() === '') {
    return { kind: 'empty', status: reply.status };
  }
  // JSON is believed whatever the content type calls it (O-13 l).
  const page = json === undefined && isHtml(reply.headers['content-type'] ?? '', reply.text);
  if (page) return { kind: 'alien', status: reply.status };
  if (isJsonList(json)) return { kind: 'unreadable', status: reply.status, list: json };
  if (!isJsonObject(json)) return { kind: 'unreadable', status: reply.status };
  if (tellsOfError(json)) return readFailure(reply, codeOf(json) ?? 400, json, secrets);
  const { etag } = reply.headers;
  return { kind: 'resource', status: reply.status, body: json, ...(etag === undefined ? {} : { etag }) };
}

function readFailure(
  reply: Reply,
  status: number,
  json: Json | undefined,
  secrets: readonly string[],
): Answer {
  const complain = (kind: Complaint): Answer => {
    const words = serverWords(reply.text, json, secrets);
    return { kind, status, words: words === '' ? 'no explanation was given' : words };
  };
  if (status < 400) return { kind: 'redirect', status };
  switch (status) {
    case 401:
      return complain('unauthorized');
    case 403:
      return complain('forbidden');
    case 404:
    case 410:
      return json !== undefined || isBare(reply) ? complain('missing') : { kind: 'alien', status };
    case 405:
    case 501:
      return complain('unsupported');
    case 409:
      return complain('conflict');
    case 429:
      return { kind: 'limited', status };
  }
  if (status === 408 || status === 425 || status >= 500) {
    const declined = status === 503 && declines(reply, json);
    const words = isJsonObject(json) && tellsOfError(json) ? serverWords(reply.text, json, secrets) : '';
    return { kind: 'unavailable', status, declined, ...(words === '' ? {} : { words }) };
  }
  return complain('refused');
}

/** No body at all; many servers answer a missing user so. */
function isBare(reply: Reply): boolean {
  return reply.text.trim() === '' && !reply.cut && !isHtml(reply.headers['content-type'] ?? '', '');
}

/** A 503 from the service itself, in contrast to a proxy that lost its way half through. */
function declines(reply: Reply, json: Json | undefined): boolean {
  return reply.headers['retry-after'] !== undefined || (isJsonObject(json) && tellsOfError(json));
}

/** An error under a status of success (O-13 a, b): an `Errors` that is not empty, or the SCIM 2.0 error message. */
function tellsOfError(body: JsonObject): boolean {
  const errors = ownValue(body, 'Errors') ?? ownValue(body, 'errors');
  if (isJsonList(errors)) return errors.length > 0;
  if (isJsonObject(errors)) return Object.keys(errors).length > 0;
  const schemas = ownValue(body, 'schemas');
  return isJsonList(schemas) && schemas.some((urn) => typeof urn === 'string' && /:2\.0:error$/i.test(urn));
}

/** The error's own code, as text or number; null where it is no HTTP status of failure. */
function codeOf(body: JsonObject): number | null {
  const errors = ownValue(body, 'Errors') ?? ownValue(body, 'errors');
  const first = isJsonList(errors) ? errors[0] : errors;
  const said = isJsonObject(first) ? ownValue(first, 'code') : ownValue(body, 'status');
  const code = Number(said);
  return Number.isInteger(code) && code >= 400 && code <= 599 ? code : null;
}

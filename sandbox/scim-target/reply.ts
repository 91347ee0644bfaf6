/**
 * What is to be sent back, as a value. Only `exchange.ts` sends it. `drop` sends nothing and cuts the connection. A
 * refusal is written down only then, since each dialect does it otherwise.
 */
import type { Json } from './json.ts';
import type { Refusal } from './scim-error.ts';

export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'text'; readonly type: 'text/html' | 'text/plain'; readonly text: string }
  /** So many bytes of valid JSON, made while they are sent. */
  | { readonly kind: 'flood'; readonly bytes: number };

export type Answer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Content;
};
export type Reply = Answer | { readonly kind: 'drop' };

type Headers = Readonly<Record<string, string>>;

export function jsonReply(status: number, value: Json, headers: Headers = {}): Answer {
  return { kind: 'answer', status, headers, content: { kind: 'json', value } };
}

export function emptyReply(status: number, headers: Headers = {}): Answer {
  return { kind: 'answer', status, headers, content: { kind: 'none' } };
}

export function textReply(status: number, type: 'text/html' | 'text/plain', text: string): Answer {
  return { kind: 'answer', status, headers: {}, content: { kind: 'text', type, text } };
}

export function errorReply(
  status: number,
  description: string,
  headers: Headers = {},
  reason?: Refusal['reason'],
): Answer {
  return {
    kind: 'answer',
    status,
    headers,
    content: { kind: 'refusal', refusal: { status, description, reason } },
  };
}

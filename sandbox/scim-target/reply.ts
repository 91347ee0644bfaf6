/**
 * What is to be sent back, as a value. Only `exchange.ts` sends it. `drop` sends nothing and cuts the connection.
 */
import type { Json } from './json.ts';
import { errorBody } from './scim-error.ts';

export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'html'; readonly text: string }
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

export function htmlReply(status: number, text: string): Answer {
  return { kind: 'answer', status, headers: {}, content: { kind: 'html', text } };
}

export function errorReply(status: number, description: string, headers: Headers = {}): Answer {
  return jsonReply(status, errorBody(String(status), description), headers);
}

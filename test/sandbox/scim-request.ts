/**
 * One plain HTTP request to the sandbox, as its tests make it: no client of ours in between, redirects not followed.
 */
import type { JsonObject, Sandbox } from '../support/sandbox.ts';

export type Answered = { readonly status: number; readonly headers: Headers; readonly body: JsonObject };

/** @param path begins behind the base URL, or with `/io/` or `/oauth/` for what is elsewhere */
export async function ask(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const url = /^\/(io|oauth)\//.test(path) ? `${sandbox.origin}${path}` : `${sandbox.baseUrl}${path}`;
  const type = { 'Content-Type': 'application/json' };
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { Authorization: sandbox.authorization, ...(body === undefined ? {} : type), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
}

/** The userNames of a list answer, in its order. */
export function userNames(answer: Answered): readonly unknown[] {
  const resources = answer.body['Resources'];
  if (!Array.isArray(resources)) throw new Error(`no list, but ${answer.status}`);
  return resources.map((user: JsonObject) => user['userName']);
}

export function search(filter: string): string {
  return `/Users?filter=${encodeURIComponent(filter)}`;
}

export function refusal(code: number, description: string): JsonObject {
  return { Errors: [{ description, code: String(code) }] };
}

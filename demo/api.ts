/** Landbridge's API, as the demo calls it. */

export type Json = Record<string, unknown>;

export type Api = {
  get(path: string): Promise<Json>;
  post(path: string, body: Json): Promise<Json>;
};

/** @throws Error with the problem's words where the answer is no success */
export function createApi(baseUrl: string, token: string): Api {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const call = async (method: string, path: string, body?: Json): Promise<Json> => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${baseUrl}${path}`, init);
    const read = (await answer.json()) as Json;
    if (!answer.ok)
      throw new Error(`${method} ${path}: ${answer.status} ${String(read.detail ?? read.title)}`);
    return read;
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

/**
 * One request of a check and what came back, with its status and headers. It goes the way of all requests (budget,
 * credential, timeout); beside it a witness notes the raw answer, since those layers turn some answers into errors that
 * a check wants to look at. A spent budget is waited for. An answer that never came is thrown on: the check ends there.
 */
import { RateLimited, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { ScimAnswer, ScimClient, ScimRequest } from '../auth/authenticated-client.ts';
import { isJsonObject, type JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import type { Reply } from '../wire/answer.ts';
import type { HttpClient, HttpMethod } from '../wire/client.ts';

export type Question = {
  readonly method: HttpMethod;
  /** From the base URL, with query: `/Users?count=1`. */
  readonly path: string;
  readonly body?: JsonObject;
  readonly ifMatch?: string;
};

export type Shown = {
  readonly status: number;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject | null;
  /** Something else than the service answered: a page, or a redirect. */
  readonly alien: boolean;
  /** The server's words where it refused, without our secrets. */
  readonly words: string | null;
};

export type AskingCall = Call & { readonly waitUntil: (until: Date) => Promise<void> };

export type Ask = (question: Question) => Promise<Shown>;

export type Witness = {
  readonly around: (http: HttpClient) => HttpClient;
  /** The last answer, where it was one to that request; it is forgotten by asking for it. */
  take(method: HttpMethod, path: string): Reply | null;
};

/** Stands before the HTTP client and notes what comes by. For one request at a time. */
export function createWitness(): Witness {
  let last: { method: HttpMethod; path: string; reply: Reply } | null = null;
  return {
    around: (http) => ({
      ...http,
      send: async (request, signal) => {
        last = null;
        const reply = await http.send(request, signal);
        last = { method: request.method, path: request.path, reply };
        return reply;
      },
    }),
    take: (method, path) => {
      const noted = last;
      last = null;
      return noted?.method === method && noted.path === path ? noted.reply : null;
    },
  };
}

/**
 * @param target its name, for messages
 * @param basePath path of the service, without a slash at the end
 */
export function askingOver(
  parts: {
    readonly target: string;
    readonly basePath: string;
    readonly client: ScimClient;
    readonly witness: Witness;
  },
  call: AskingCall,
): Ask {
  return async ({ method, path, body, ifMatch }) => {
    const request: ScimRequest = {
      method,
      path: `${parts.basePath}${path}`,
      what: `${method} ${placeIn(path)} at ${parts.target}`,
      ...(body === undefined ? {} : { body }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    };
    for (;;) {
      try {
        const answer = await parts.client.send(request, call);
        return shown(noted(request, parts.witness), answer);
      } catch (error) {
        if (error instanceof RateLimited) {
          await call.waitUntil(error.until);
          continue;
        }
        if (!(error instanceof TargetUnavailable || error instanceof TargetUnusable)) throw error;
        const reply = parts.witness.take(method, request.path);
        if (reply === null || reply.status === 401) throw error;
        return shown(reply, null);
      }
    }
  };
}

function noted({ method, path, what }: ScimRequest, witness: Witness): Reply {
  const reply = witness.take(method, path);
  if (reply === null) throw new Error(`${what}: it was answered, but nobody saw the answer`);
  return reply;
}

function shown(reply: Reply, answer: ScimAnswer | null): Shown {
  return {
    status: reply.status,
    headers: reply.headers,
    body: answer?.kind === 'resource' && isJsonObject(answer.body) ? answer.body : null,
    alien: answer === null && reply.status < 500,
    words: answer !== null && 'words' in answer ? answer.words : null,
  };
}

/** The kind of place, without an id or a value. */
function placeIn(path: string): string {
  const [, kind = '', more] = path.split(/[/?]/);
  return more === undefined || path.includes('?') ? kind : `${kind}/{id}`;
}

export function succeeded({ status, alien }: Shown): boolean {
  return status >= 200 && status < 300 && !alien;
}

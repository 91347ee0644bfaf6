/**
 * Puts a route on the server: who calls, may they, read the body, check it, answer. The order matters: nobody's body
 * is read before we know who they are.
 */
import type { Express, Request, Response } from 'express';
import type { Caller } from '../config/index.ts';
import { type Authenticate, requireScope } from './auth.ts';
import { readJson } from './body.ts';
import type { WebDeps } from './deps.ts';
import { withinPatience } from './patience.ts';
import { Problem } from './problem.ts';
import { noteRoute } from './request-log.ts';
import type { Answer, Route } from './route.ts';

const NOBODY: Caller = { name: 'nobody', scopes: [] };

type MountDeps = Pick<WebDeps, 'bodyLimit' | 'patience'>;

/** Mounts the routes, and answers 405 where one of their addresses is called in another way. */
export function mount(app: Express, routes: readonly Route[], identify: Authenticate, deps: MountDeps): void {
  for (const route of routes) {
    app[route.method](expressPath(route.path), async (request: Request, response: Response) => {
      noteRoute(response, route.path);
      const caller = route.scopes.length === 0 ? NOBODY : await identify(request, response);
      if (route.scopes.length > 0) requireScope(caller, route.scopes);
      noteRoute(response, route.path, caller.name);
      send(response, await answer(route, caller, request, response, deps));
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    app.all(expressPath(path), (request) => {
      throw new Problem(405, 'method-not-allowed', `${request.method} is not possible here.`, {
        headers: { Allow: allowed.join(', ') },
      });
    });
  }
}

async function answer(
  route: Route,
  caller: Caller,
  request: Request,
  response: Response,
  { bodyLimit, patience }: MountDeps,
): Promise<Answer> {
  const body = route.body === null ? undefined : await readJson(request, bodyLimit);
  const milliseconds = route.waitsFor === 'remote' ? patience.remoteMs : patience.storeMs;
  const input = { params: request.params, query: request.query, body };
  const over = new AbortController();
  const leave = () => over.abort();
  response.once('close', leave);
  try {
    return await withinPatience(route.answer(input, { caller, signal: over.signal }), milliseconds);
  } finally {
    // What nobody waits for any more has no reason to go on, be it that patience or that the caller is gone.
    response.off('close', leave);
    leave();
  }
}

function send(response: Response, { status, body, type, headers }: Answer): void {
  response.status(status).set(headers ?? {});
  if (type === undefined) response.json(body);
  else response.type(type).send(String(body));
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

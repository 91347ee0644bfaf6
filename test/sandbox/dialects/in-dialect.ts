/**
 * One sandbox of a dialect for all tests of a file, emptied before each, and the requests that they have in common.
 */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type JsonObject, type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { type Answered, ask } from '../scim-request.ts';

export const CORE = 'urn:scim:schemas:core:1.0';
export const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
export const ANA = {
  schemas: [CORE],
  userName: 'ana',
  externalId: 'hr-17',
  name: { givenName: 'Ana', familyName: 'Roe' },
  title: 'Analyst',
  emails: [{ value: 'ana@corp.test', type: 'work', primary: true }],
};

export type InDialect = {
  readonly sandbox: Sandbox;
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answered>;
  /** Creates Ana, with more. @returns her id */
  readonly created: (more?: object) => Promise<string>;
  readonly read: (id: string) => Promise<JsonObject>;
  readonly patch: (id: string, body: object, ifMatch?: string) => Promise<Answered>;
};

export function inDialect(dialect: string): InDialect {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect });
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.reset());
  return {
    get sandbox() {
      return sandbox;
    },
    ask: (method, path, body, headers) => ask(sandbox, method, path, body, headers),
    created: async (more = {}) =>
      String((await ask(sandbox, 'POST', '/Users', { ...ANA, ...more })).body['id']),
    read: async (id) => (await ask(sandbox, 'GET', `/Users/${id}`)).body,
    patch: (id, body, ifMatch) =>
      ask(sandbox, 'PATCH', `/Users/${id}`, body, ifMatch === undefined ? {} : as(ifMatch)),
  };
}

export function as(ifMatch: string): Record<string, string> {
  return { 'If-Match': ifMatch };
}

export function statusAndBody({ status, body }: Answered): [number, JsonObject] {
  return [status, body];
}

import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoutes } from '../../app/http/server.ts';
import type { StableId } from '../../app/person/anchor.ts';
import { type Bundle, event, know, startBundle, TOKENS } from './bundle.ts';
import { structureProblems } from './openapi-structure.ts';

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Record<string, { schema: unknown; examples: object }> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

let bundle: Bundle;
let document: Document;
beforeAll(async () => {
  bundle = await startBundle();
  document = (await request(bundle.app).get('/openapi.json')).body;
});
afterAll(() => bundle.stop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the published description lists every route', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  ).toEqual([
    'get /healthz',
    'get /metrics',
    'get /openapi.json',
    'get /readyz',
    'get /v1/dead-letters',
    'get /v1/events/{id}',
    'get /v1/holds',
    'get /v1/people/{id}',
    'get /v1/people/{id}/explain',
    'get /v1/runs',
    'get /v1/runs/{id}',
    'get /v1/runs/{id}/holds',
    'get /v1/sources/{source}/groups',
    'get /v1/sources/{source}/groups/{id}',
    'get /v1/targets',
    'get /v1/targets/{name}/drift',
    'get /v1/targets/{name}/groups',
    'get /v1/targets/{name}/unknown-accounts',
    'post /v1/dead-letters/retry',
    'post /v1/events',
    'post /v1/people/{id}/relink',
    'post /v1/reprovision',
    'post /v1/runs/{id}/reject',
    'post /v1/runs/{id}/release',
    'post /v1/targets/{name}/groups/{source}/{group}/reprovision',
    'post /v1/targets/{name}/reconcile',
    'post /v1/targets/{name}/resume',
  ]);
});

test('each operation is whole: a name of its own, described answers, its path parameters, its token', () => {
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, operation } of operations()) {
    expect(operation.summary).not.toBe('');
    for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('');
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    const open = ['/healthz', '/readyz', '/openapi.json'].includes(path);
    expect(operation.security.length === 0).toBe(open);
    if (operation.requestBody !== undefined) {
      expect(operation.requestBody.content['application/json']?.examples).not.toEqual({});
    }
  }
  expect(document.components['securitySchemes']).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer' },
  });
});

test('no reference leads nowhere', () => {
  const references = JSON.stringify(document).match(/"#\/components\/schemas\/[^"]+"/g) ?? [];
  const known = Object.keys(document.components['schemas'] ?? {}).map(
    (name) => `"#/components/schemas/${name}"`,
  );
  expect([...new Set(references)].filter((reference) => !known.includes(reference))).toEqual([]);
  expect(known).toEqual(
    expect.arrayContaining(['"#/components/schemas/Event"', '"#/components/schemas/Problem"']),
  );
});

test('its structure is that of OpenAPI 3.1', () => {
  expect(structureProblems(document)).toEqual([]);
  const [path = ''] = Object.keys(document.paths);
  const broken = structuredClone(document) as unknown as { paths: Record<string, { post: object }> };
  Object.assign(broken.paths[path]?.post ?? {}, {
    nmae: 'x',
    responses: { '2x': {} },
    security: [{ key: [] }],
  });
  expect(structureProblems(broken)).toEqual([
    `post ${path}: operation with nmae`,
    `post ${path}: no security scheme key`,
    `post ${path}: status 2x`,
  ]);
});

test('every example fits what it is an example of', () => {
  for (const { name, body, bodyExamples = {}, answers } of createRoutes(bundle.deps)) {
    for (const [title, example] of Object.entries(bodyExamples)) {
      expect([name, title, body?.safeParse(example).error]).toEqual([name, title, undefined]);
    }
    for (const [status, { schema, example = schema?.meta()?.['example'] }] of Object.entries(answers)) {
      if (schema === undefined || example === undefined) continue;
      expect([name, status, schema.safeParse(example).error]).toEqual([name, status, undefined]);
    }
  }
});

test('what is answered has the described shape', async () => {
  await know(bundle, 'a1', { mail: 'ada@example.test' });
  const answers: [string, string, number, unknown][] = [];
  const noted = async (method: string, path: string, sent: PromiseLike<request.Response>) => {
    const { status, body } = await sent;
    answers.push([method, path, status, body]);
    return body;
  };
  await noted('post', '/v1/events', bundle.post('/v1/events', event(), TOKENS.sender));
  const dry = { person: { id: 'a1' }, dryRun: true };
  await noted('post', '/v1/reprovision', bundle.post('/v1/reprovision', dry));
  const run = await noted(
    'post',
    '/v1/reprovision',
    bundle.post('/v1/reprovision', { person: { id: 'a1' } }),
  );
  await bundle.work();
  await noted('get', '/v1/events/{id}', bundle.get('/v1/events/e1'));
  await noted('get', '/v1/runs', bundle.get('/v1/runs'));
  await noted('get', '/v1/runs/{id}', bundle.get(`/v1/runs/${run.id}`));
  await noted('get', '/v1/people/{id}', bundle.get('/v1/people/a1'));
  const group = { stableId: 'g1' as StableId, dn: 'cn=board', name: 'board', members: ['id:a1'] };
  await bundle.deps.groups.put('corp', group);
  const groups = '/v1/sources/{source}/groups';
  await noted('get', groups, bundle.get('/v1/sources/corp/groups'));
  await noted('get', `${groups}/{id}`, bundle.get('/v1/sources/corp/groups/g1'));
  await noted('get', '/v1/dead-letters', bundle.get('/v1/dead-letters'));
  await noted('get', '/v1/targets', bundle.get('/v1/targets'));
  for (const list of ['drift', 'unknown-accounts']) {
    await noted('get', `/v1/targets/{name}/${list}`, bundle.get(`/v1/targets/agileplace/${list}`));
  }
  await noted('get', '/readyz', request(bundle.app).get('/readyz'));
  await noted('get', '/openapi.json', request(bundle.app).get('/openapi.json'));
  const routes = createRoutes(bundle.deps);
  for (const [method, path, status, body] of answers) {
    const route = routes.find((each) => each.method === method && each.path === path);
    const schema = route?.answers[status]?.schema;
    expect([path, status, schema?.safeParse(body).error]).toEqual([path, status, undefined]);
    expect(schema).toBeDefined();
  }
});

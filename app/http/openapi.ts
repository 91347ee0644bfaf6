/** The published description of the API, made from the very routes that are mounted. OpenAPI 3.1. */
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { PROBLEM_TYPE } from './problem.ts';
import { type AnswerDescription, defineRoute, type Route } from './route.ts';
import { problemSchema } from './schemas.ts';

/** The route that publishes all routes, itself among them. */
export function openApiRoute(others: readonly Route[], version: string): Route {
  const own = defineRoute({
    name: 'getDescription',
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    scopes: [],
    answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
    async handle() {
      return { status: 200, body: document };
    },
  });
  const document = openApiDocument([...others, own], version);
  return own;
}

function openApiDocument(routes: readonly Route[], version: string) {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Landbridge',
      version,
      description:
        'Keeps accounts at SCIM 1.1 targets in step with where people come from. Every error is problem details ' +
        'as RFC 9457 has it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: pathsOf(routes),
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token from `landbridge token new`, in the Authorization header and nowhere else.',
        },
      },
    },
  });
}

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { summary, description, scopes, body, bodyExamples, params, query } = route;
  return {
    operationId: route.name,
    summary,
    ...(description === undefined ? {} : { description }),
    // Either scope is enough, so each stands as an alternative of its own.
    security: scopes.map((scope) => ({ bearer: [scope] })),
    requestParams: { path: params, query },
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: body, examples: examplesOf(bodyExamples ?? {}) } },
          },
        }),
    responses: responsesOf(route),
  };
}

function examplesOf(examples: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(examples).map(([summary, value]) => [summary, { summary, value }]),
  );
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const everywhere: Record<number, AnswerDescription> = {
    ...(takesInput(route)
      ? { 400: { description: 'The request is not valid; `errors` names the fields.' } }
      : {}),
    ...(route.scopes.length === 0
      ? {}
      : {
          401: { description: 'A valid bearer token is needed.' },
          403: { description: 'The token lacks the scope.' },
          429: { description: 'Too many requests without a valid token.' },
        }),
    ...(route.body === null
      ? {}
      : {
          413: { description: 'The body is too large.' },
          415: { description: 'The body is not plain JSON.' },
        }),
    503: { description: 'Not possible at the moment: come again after `Retry-After` seconds.' },
    ...route.answers,
  };
  return Object.fromEntries(
    Object.entries(everywhere).map(([status, answer]) => [status, responseOf(Number(status), answer)]),
  );
}

function responseOf(status: number, { description, schema, example, type }: AnswerDescription) {
  const isProblem = status >= 400 && schema === undefined;
  const mediaType = type ?? (isProblem ? PROBLEM_TYPE : 'application/json');
  const shown = {
    schema: isProblem ? problemSchema : (schema ?? z.unknown()),
    ...(example ? { example } : {}),
  };
  return { description, content: { [mediaType]: shown } };
}

function takesInput({ body, params, query }: Route): boolean {
  return body !== null || Object.keys({ ...params.shape, ...query.shape }).length > 0;
}

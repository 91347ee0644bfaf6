/**
 * Bulk requests (draft-scim-api-01, section 3.5). The answer is 200 even where every operation failed. Operations are
 * done as soon as what they refer to is there, so a reference may point forward, and the answers come in the order in
 * which the operations were done. References that wait for each other in a circle, or for what failed, are 409.
 */
import { z } from 'zod';
import { CORE_URN } from './attributes.ts';
import type { BulkLimits } from './dialects/dialect.ts';
import type { Ask } from './exchange.ts';
import { isList, isObject, type Json, type JsonObject, memberOf } from './json.ts';
import { type Answer, jsonReply } from './reply.ts';
import { methodNotAllowed, ScimError } from './scim-error.ts';

const operationSchema = z.object({
  method: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['POST', 'PUT', 'PATCH', 'DELETE'])),
  path: z.string().startsWith('/'),
  bulkId: z.string().min(1).optional(),
  version: z.union([z.string(), z.number()]).transform(String).optional(),
  data: z.custom<JsonObject>(isObject).optional(),
});
const bulkSchema = z.object({
  failOnErrors: z.int().positive().optional(),
  Operations: z.array(operationSchema),
});

type Operation = z.output<typeof operationSchema>;
type Perform = (operation: Ask) => Answer;
/** Ids of what was made, by bulkId. */
type Made = Map<string, string>;

/** What an operation may be about; a bulk request within a bulk request is none. */
const RESOURCES = /^\/(users|groups)(\/|$)/i;
const REFERENCE = /bulkId:([^/"]+)/g;

/** @throws ScimError 400 for what is no bulk request, 413 that names the limit */
export function answerBulk(ask: Ask, limits: BulkLimits, perform: Perform): Answer {
  if (ask.method !== 'POST') throw methodNotAllowed();
  const request = readBulk(ask, limits);
  const made: Made = new Map();
  const results: JsonObject[] = [];
  let waiting = request.Operations;
  let errors = 0;
  while (waiting.length > 0 && errors < (request.failOnErrors ?? Number.POSITIVE_INFINITY)) {
    const next = waiting.find((operation) => isReady(operation, made)) ?? waiting[0];
    if (!next) break;
    waiting = waiting.filter((operation) => operation !== next);
    const result = resultOf(ask, next, made, perform);
    if (result.failed) errors += 1;
    results.push(result.entry);
  }
  return jsonReply(200, { schemas: [CORE_URN], Operations: results });
}

function readBulk(ask: Ask, { maxOperations, maxPayloadSize }: BulkLimits): z.output<typeof bulkSchema> {
  if (ask.size > maxPayloadSize)
    throw new ScimError(413, `The request is larger than maxPayloadSize (${maxPayloadSize}).`);
  const result = bulkSchema.safeParse(ask.body);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ScimError(400, `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is not valid'}`);
  }
  if (result.data.Operations.length > maxOperations)
    throw new ScimError(413, `There are more operations than maxOperations (${maxOperations}).`);
  return result.data;
}

function resultOf(
  ask: Ask,
  operation: Operation,
  made: Made,
  perform: Perform,
): { readonly entry: JsonObject; readonly failed: boolean } {
  const { method, bulkId } = operation;
  const named = { method, ...(bulkId === undefined ? {} : { bulkId }) };
  try {
    if (method === 'POST' && bulkId === undefined) throw new ScimError(400, 'bulkId is required with POST.');
    if (!RESOURCES.test(operation.path)) throw new ScimError(404, 'There is no such endpoint.');
    const answer = perform(askOf(ask, operation, made));
    const resource =
      answer.content.kind === 'json' && isObject(answer.content.value) ? answer.content.value : {};
    const id = resource['id'];
    if (method === 'POST' && bulkId !== undefined && typeof id === 'string') made.set(bulkId, id);
    return {
      entry: { ...named, ...whereabouts(answer, resource), status: { code: String(answer.status) } },
      failed: false,
    };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const status = { code: String(error.status), description: error.message };
    return { entry: { ...named, status }, failed: true };
  }
}

function whereabouts(answer: Answer, resource: JsonObject): JsonObject {
  const meta = isObject(resource['meta']) ? resource['meta'] : {};
  const location = answer.headers['Location'] ?? memberOf(meta, 'location');
  const version = memberOf(meta, 'version');
  return {
    ...(location === undefined ? {} : { location }),
    ...(version === undefined ? {} : { version }),
  };
}

function askOf(ask: Ask, operation: Operation, made: Made): Ask {
  const path = resolveText(operation.path, made);
  const body = operation.data === undefined ? undefined : resolve(operation.data, made);
  return {
    ...ask,
    method: operation.method,
    path,
    body,
    query: new URLSearchParams(),
    ifMatch: operation.version,
  };
}

function isReady(operation: Operation, made: Made): boolean {
  const text = operation.path + JSON.stringify(operation.data ?? '');
  return [...text.matchAll(REFERENCE)].every(([, bulkId = '']) => made.has(bulkId));
}

function resolve(value: Json, made: Made): Json {
  if (typeof value === 'string') return resolveText(value, made);
  if (isList(value)) return value.map((item) => resolve(item, made));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, made)]));
}

/** @throws ScimError 409 */
function resolveText(text: string, made: Made): string {
  return text.replace(REFERENCE, (reference, bulkId: string) => {
    const id = made.get(bulkId);
    if (id === undefined) throw new ScimError(409, `${reference} was not made.`);
    return id;
  });
}

/**
 * Says what is wrong with the structure of an OpenAPI 3.1 document: fields that an object must not have or lacks,
 * references that lead nowhere, schemas that no JSON Schema (2020-12) validator would take. Source: OpenAPI 3.1.0,
 * section 4.8.
 */

type Json = Readonly<Record<string, unknown>>;
type Report = (where: string, what: string) => void;

const FIELDS = {
  document: ['openapi', 'info', 'servers', 'paths', 'components'],
  operation: [
    ...['operationId', 'summary', 'description', 'security', 'parameters', 'requestBody', 'responses'],
  ],
  parameter: ['name', 'in', 'required', 'description', 'schema', 'example'],
  requestBody: ['required', 'content', 'description'],
  response: ['description', 'content', 'headers'],
  mediaType: ['schema', 'example', 'examples'],
} as const;

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);

/** @returns each problem with its place; empty where the document is sound */
export function structureProblems(document: Json): readonly string[] {
  const problems: string[] = [];
  const report: Report = (where, what) => void problems.push(`${where}: ${what}`);
  checkFields(document, 'document', '#', report);
  for (const [path, methods] of Object.entries(objectAt(document, 'paths'))) {
    for (const [method, operation] of Object.entries(methods as Json)) {
      checkOperation(operation as Json, path, `${method} ${path}`, document, report);
    }
  }
  for (const [name, schema] of Object.entries(objectAt(objectAt(document, 'components'), 'schemas'))) {
    checkSchema(schema, `schemas/${name}`, report);
  }
  checkReferences(document, document, '#', report);
  return problems;
}

function checkOperation(operation: Json, path: string, where: string, document: Json, report: Report): void {
  checkFields(operation, 'operation', where, report);
  const parameters = (operation.parameters ?? []) as readonly Json[];
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (inPath.map(({ name }) => name).join() !== named.join()) report(where, 'path parameters differ');
  for (const parameter of parameters) {
    checkFields(parameter, 'parameter', where, report);
    if (!['path', 'query'].includes(String(parameter.in))) report(where, `parameter in ${parameter.in}`);
    if (parameter.in === 'path' && parameter.required !== true)
      report(where, `${parameter.name} is optional`);
    checkSchema(parameter.schema, `${where} ${parameter.name}`, report);
  }
  const schemes = objectAt(objectAt(document, 'components'), 'securitySchemes');
  for (const name of (operation.security as readonly Json[]).flatMap((each) => Object.keys(each))) {
    if (schemes[name] === undefined) report(where, `no security scheme ${name}`);
  }
  if (operation.requestBody !== undefined)
    checkBody(operation.requestBody as Json, 'requestBody', where, report);
  for (const [status, response] of Object.entries(objectAt(operation, 'responses'))) {
    if (!/^[1-5]\d\d$/.test(status)) report(where, `status ${status}`);
    checkBody(response as Json, 'response', `${where} ${status}`, report);
  }
}

function checkBody(body: Json, kind: 'requestBody' | 'response', where: string, report: Report): void {
  checkFields(body, kind, where, report);
  for (const [type, media] of Object.entries(objectAt(body, 'content'))) {
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(type)) report(where, `media type ${type}`);
    checkFields(media as Json, 'mediaType', where, report);
    const { schema, example, examples } = media as Json;
    if (example !== undefined && examples !== undefined) report(where, 'example and examples');
    checkSchema(schema, where, report);
  }
}

function checkFields(object: Json, kind: keyof typeof FIELDS, where: string, report: Report): void {
  const allowed: readonly string[] = FIELDS[kind];
  for (const name of Object.keys(object)) if (!allowed.includes(name)) report(where, `${kind} with ${name}`);
}

function checkSchema(schema: unknown, where: string, report: Report): void {
  if (typeof schema === 'boolean') return;
  if (typeof schema !== 'object' || schema === null) {
    report(where, 'no schema');
    return;
  }
  const { type = [], required = [], properties = {}, nullable } = schema as Json;
  const names = Object.keys(properties as Json);
  for (const one of [type].flat()) if (!TYPES.has(String(one))) report(where, `type ${one}`);
  for (const name of required as string[]) if (!names.includes(name)) report(where, `requires ${name}`);
  if (nullable !== undefined) report(where, 'nullable is not of OpenAPI 3.1');
  for (const name of names) checkSchema((properties as Json)[name], `${where}.${name}`, report);
  checkSchemasWithin(schema as Json, where, report);
}

function checkSchemasWithin(schema: Json, where: string, report: Report): void {
  for (const word of ['items', 'additionalProperties', 'propertyNames', 'not']) {
    if (schema[word] !== undefined) checkSchema(schema[word], `${where} ${word}`, report);
  }
  for (const word of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[word] as readonly unknown[] | undefined;
    if (branches?.length === 0) report(where, `${word} of nothing`);
    for (const branch of branches ?? []) checkSchema(branch, `${where} ${word}`, report);
  }
}

function checkReferences(value: unknown, document: Json, where: string, report: Report): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === '$ref' && !leadsSomewhere(String(inner), document)) report(where, `${inner} leads nowhere`);
    checkReferences(inner, document, `${where}/${name}`, report);
  }
}

function leadsSomewhere(reference: string, document: Json): boolean {
  if (!reference.startsWith('#/')) return false;
  const parts = reference.slice(2).split('/');
  return parts.reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document) !== undefined;
}

function objectAt(object: Json, name: string): Json {
  return (object[name] ?? {}) as Json;
}

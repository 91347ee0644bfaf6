/**
 * Reads the answer to a bulk request, leniently: the order is the target's, a status comes as `{"code":"201"}`, as text
 * or as number, a location absolute or relative. An operation without a result may have been carried out. Pure.
 *
 *   a result that names          belongs to
 *   ──────────────────────────   ──────────────────────────────────────────────────────────────────────────────────
 *   a bulkId                     the operation with this bulkId
 *   a method and a place         the first such operation that has none yet
 *   a method alone, as some      the operations with this method that are left, where they are as many as such
 *     servers do for a failure   results and all of those have one status: then it does not matter which is whose
 */
import { opaqueText } from '../opaque-text.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf, sameName } from '../resource.ts';
import { serverWords } from '../wire/words.ts';
import type { BulkResult } from './bulk-target.ts';
import type { PreparedOperation } from './prepared.ts';
import { resolved } from './references.ts';

/**
 * @param sent what the request held
 * @param secrets texts that must not come back in `words`
 * @returns a result for each of `sent`, in its order
 */
export function readResults(
  sent: readonly PreparedOperation[],
  body: JsonObject,
  secrets: readonly string[],
): readonly BulkResult[] {
  const answers = answersIn(body);
  const byBulkId = new Map(
    answers.flatMap((answer) => (answer.bulkId === null ? [] : [[answer.bulkId, answer]])),
  );
  const made = new Map(
    [...byBulkId].flatMap(([bulkId, { place }]) => (place === null ? [] : [[bulkId, place.id]])),
  );
  const taken = new Set<OperationAnswer>();
  const meant = sent.map(({ operation }) => resolved(operation, (reference) => made.get(reference)));
  const found = sent.map(({ bulkId }, at) => {
    const { method = '', path = '' } = meant[at] ?? {};
    const answer =
      bulkId === null
        ? answers.find((each) => !taken.has(each) && isAbout(each, method, path))
        : byBulkId.get(bulkId);
    if (answer !== undefined) taken.add(answer);
    return answer;
  });
  const spare = spareAnswers(
    answers.filter((each) => !taken.has(each) && each.bulkId === null && each.place === null),
    sent.filter((_each, at) => found[at] === undefined),
  );
  return sent.map(({ operation }, at) => {
    const answer = found[at] ?? spare.get(operation.method)?.shift();
    if (answer === undefined) return { kind: 'unknown', why: 'the answer does not say what came of it' };
    const place = operation.method === 'POST' ? null : placeOf(meant[at]?.path ?? '');
    return resultOf({ ...answer, place: answer.place ?? place }, secrets);
  });
}

/** By method, the results that say whose they are by that alone. */
function spareAnswers(
  answers: readonly OperationAnswer[],
  left: readonly PreparedOperation[],
): ReadonlyMap<string, OperationAnswer[]> {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE'].map((method): [string, OperationAnswer[]] => {
    const these = answers.filter((each) => sameName(each.method, method));
    const operations = left.filter(({ operation }) => operation.method === method);
    const codes = new Set(these.map(({ body }) => codeOf(memberOf(body, 'status'))));
    return [method, these.length === operations.length && codes.size === 1 ? these : []];
  });
  return new Map(methods);
}

type Place = { readonly endpoint: string; readonly id: string };

type OperationAnswer = {
  readonly body: JsonObject;
  readonly method: string;
  readonly bulkId: string | null;
  readonly place: Place | null;
};

function answersIn(body: JsonObject): readonly OperationAnswer[] {
  const operations = memberOf(body, 'Operations');
  return (isJsonList(operations) ? operations : []).filter(isJsonObject).map((operation) => ({
    body: operation,
    method: opaqueText(memberOf(operation, 'method')) ?? '',
    bulkId: opaqueText(memberOf(operation, 'bulkId')),
    place: placeOf(
      opaqueText(memberOf(operation, 'location')) ?? opaqueText(memberOf(operation, 'path')) ?? '',
    ),
  }));
}

function isAbout({ method, place }: OperationAnswer, asked: string, path: string): boolean {
  const meant = placeOf(path);
  if (place === null || meant === null || !sameName(method, asked)) return false;
  return place.id === meant.id && sameName(place.endpoint, meant.endpoint);
}

/** `https://host/v1/Users/17` and `/Users/17` are the same place. */
function placeOf(location: string): Place | null {
  const [path = ''] = location.split(/[?#]/, 1);
  const [id, endpoint] = path
    .split('/')
    .filter((part) => part !== '')
    .reverse();
  return id === undefined || endpoint === undefined ? null : { endpoint, id: decoded(id) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function resultOf({ body, place }: OperationAnswer, secrets: readonly string[]): BulkResult {
  const status = memberOf(body, 'status');
  const code = codeOf(status);
  if (code === null) return { kind: 'unknown', why: 'the answer has no status for it' };
  if (code >= 200 && code < 300) {
    const version = opaqueText(memberOf(body, 'version'));
    return { kind: 'done', status: code, id: place?.id ?? null, ...(version === null ? {} : { version }) };
  }
  // A server that broke down over an operation may have done it before.
  if (code >= 500 && code !== 501) return { kind: 'unknown', why: `answered ${code} to it` };
  const described = isJsonObject(status) ? serverWords('', status, secrets) : '';
  const words = described === '' ? serverWords('', body, secrets) : described;
  return { kind: 'failed', status: code, words: words === '' ? 'no explanation was given' : words };
}

function codeOf(status: Json | undefined): number | null {
  const told = isJsonObject(status) ? memberOf(status, 'code') : status;
  const code = typeof told === 'string' && /^\s*\d{3}\s*$/.test(told) ? Number(told) : told;
  return typeof code === 'number' && Number.isInteger(code) && code >= 100 && code <= 599 ? code : null;
}

/**
 * JSON text from outside, made safe once at the edge: no name that reaches into an object's prototype, no nesting
 * that exhausts the stack, no id that lost its last digits. Pure.
 */
import { isJsonList, isJsonObject, type Json } from '../resource.ts';

/** Deeper than any SCIM resource; what nests deeper is not read (O-26 e). */
const DEEPEST = 32;

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** An id written as a bare number longer than a JavaScript number can hold. */
const LONG_NUMERIC_ID = /(?<!\\)("(?:id|externalId)"\s*:\s*)(\d{16,})(?=\s*[,}])/g;

/** @returns undefined where the text is not JSON, or nests too deeply */
export function readJson(text: string): Json | undefined {
  try {
    // Quoting comes before parsing: once JSON.parse has rounded an id, its digits are gone.
    return cleaned(JSON.parse(text.replace(LONG_NUMERIC_ID, '$1"$2"')) as Json, 0);
  } catch {
    return undefined;
  }
}

function cleaned(value: Json, depth: number): Json {
  if (depth > DEEPEST) throw new RangeError('nested too deeply');
  if (isJsonList(value)) return value.map((item) => cleaned(item, depth + 1));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !FORBIDDEN_NAMES.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, cleaned(member, depth + 1)]));
}

/** Single values as services write them about themselves: booleans and numbers also as text. What is neither is null. Pure. */
import { type Json, type JsonObject, memberOf } from '../resource.ts';

export function booleanIn(body: JsonObject, name: string): boolean | null {
  return booleanOf(memberOf(body, name));
}

export function textIn(body: JsonObject, name: string): string | null {
  return textOf(memberOf(body, name));
}

export function wholeNumberIn(body: JsonObject, name: string): number | null {
  const value = memberOf(body, name);
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

export function booleanOf(value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

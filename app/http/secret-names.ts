/** Attributes that hold a credential: never taken in, never shown, whatever a source or a target calls them (O-27). */
import type { Attributes } from '../person/entry.ts';
import { type AttributePath, isJsonList, isJsonObject, type Json } from '../scim/resource.ts';

const SECRET_NAMES = new Set(['password', 'userpassword', 'unicodepwd', 'passwd', 'pwd']);

const CENSOR = '[redacted]';

/** Ignores case. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase());
}

export function withoutSecretAttributes(attributes: Attributes): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [name, isSecretName(name) ? [CENSOR] : values]),
  );
}

/** The value with every secret in it blanked out. */
export function withoutSecrets(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecretName(name) ? CENSOR : withoutSecrets(inner)]),
  );
}

/** The value at this path, blanked out where the path names a secret. */
export function shownAt(path: AttributePath | string, value: Json | undefined): Json {
  const names = typeof path === 'string' ? path.split(/[.:]/) : path;
  if (value === undefined || value === null) return null;
  return names.some(isSecretName) ? CENSOR : withoutSecrets(value);
}

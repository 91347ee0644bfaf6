/** Blanks credentials out of what a caller is shown, whatever a source or a target calls them (O-27). */
import type { Attributes } from '../person/entry.ts';
import { isSecretName } from '../person/secret-names.ts';
import { type AttributePath, isJsonList, isJsonObject, type Json } from '../scim/resource.ts';

const CENSOR = '[redacted]';

/** @param hidden names in small letters of further attributes that nobody is shown */
export function withoutSecretAttributes(
  attributes: Attributes,
  hidden: ReadonlySet<string>,
): Record<string, readonly string[]> {
  const isHidden = (name: string) => isSecretName(name) || hidden.has(name.toLowerCase());
  return Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [name, isHidden(name) ? [CENSOR] : values]),
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

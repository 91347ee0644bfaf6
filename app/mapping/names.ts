/**
 * Which names a mapping file may give. A name that reaches into JavaScript's own objects is refused wherever it
 * stands (O-26 c), so that no object built from a file or an entry can be poisoned by one.
 */

const HOSTILE = new Set(['__proto__', 'constructor', 'prototype']);

/** Words of the expression language that cannot name anything. */
const RESERVED = new Set([
  ...['as', 'break', 'const', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let'],
  ...['loop', 'package', 'namespace', 'null', 'return', 'true', 'var', 'void', 'while', 'cel', 'google'],
  ...['e', 'v', 'id', 'source', 'dn'],
]);

export function isHostile(name: string): boolean {
  return HOSTILE.has(name.toLowerCase());
}

/** @returns whether an expression can use this word as the name of something new */
export function isFreeWord(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name) && !RESERVED.has(name) && !isHostile(name);
}

/** LDAP names with options (`cn;lang-fr`), and what HR systems call their fields. */
export function isAttributeName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.;-]{0,127}$/.test(name);
}

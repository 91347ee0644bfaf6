/** Writes LDIF (RFC 2849), so that invented people can be loaded into the directory before it starts. */

/** Attribute names to one or several values. */
export type LdifAttributes = Readonly<Record<string, string | readonly string[]>>;

/** One record with an empty line after it. */
export function ldifEntry(dn: string, attributes: LdifAttributes): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ldifLine(name, value)),
  );
  return `${[ldifLine('dn', dn), ...lines].join('\n')}\n\n`;
}

function ldifLine(name: string, value: string): string {
  // RFC 2849 SAFE-STRING; anything else goes as base64.
  const isSafe = /^(?:[\x21-\x39\x3b\x3d-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(value);
  return isSafe ? `${name}: ${value}` : `${name}:: ${Buffer.from(value, 'utf8').toString('base64')}`;
}

/**
 * Which attributes the server knows at all, from its subschema (RFC 4512 sections 4.2 and 4.4). An attribute of another
 * name is never given, without an error, so that a slip in a mapping shows as a person who lacks it.
 */
import { PresenceFilter } from 'ldapts';
import type { Session } from '../session.ts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';

export type Schema = {
  /** Whether an attribute of this name or number is known. Ignores case and options. */
  knows(name: string): boolean;
  /** Every name, as the server spells it. */
  readonly names: readonly string[];
};

/** @returns null where the server does not show it */
export async function readSchema({ connection, server }: Session): Promise<Schema | null> {
  const [base] = server.values('subschemaSubentry');
  if (base === undefined) return null;
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const attributes = ['attributeTypes'];
  let descriptions: readonly string[] = [];
  for await (const batch of connection.search({ base, scope: 'base', filter, attributes })) {
    for (const item of batch) {
      if (item.kind === 'entry') descriptions = valuesOf(decodeAttributes(item.entry), 'attributeTypes');
    }
  }
  return descriptions.length === 0 ? null : schemaOf(descriptions);
}

/** @param descriptions values of `attributeTypes` */
export function schemaOf(descriptions: readonly string[]): Schema {
  const names = descriptions.flatMap(namesIn);
  const numbers = descriptions.flatMap((text) => /^\s*\(\s*([\d.]+)/.exec(text)?.[1] ?? []);
  const known = new Set([...names.map((name) => name.toLowerCase()), ...numbers]);
  return { knows: (name) => known.has((name.split(';')[0] ?? '').toLowerCase()), names };
}

/** `NAME 'cn'` or `NAME ( 'cn' 'commonName' )`. */
function namesIn(description: string): readonly string[] {
  // A description in quotes may hold the word, too.
  const bare = description.replace(/\bDESC\s+'(?:[^'\\]|\\.)*'/, '');
  const [, list = '', one = ''] = /\bNAME\s+(?:\(\s*([^)]*)\)|'([^']*)')/.exec(bare) ?? [];
  return one === '' ? [...list.matchAll(/'([^']*)'/g)].flatMap((match) => match[1] ?? []) : [one];
}

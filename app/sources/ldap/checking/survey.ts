/**
 * Looks at a directory without reading all of it: what kind it is, where its entries stand, which attributes its schema
 * has, and how many of a few people have each of them. For whoever writes a mapping or checks one; it keeps nothing, and
 * shows no value of a person.
 */
import { nearest } from '../../../spelling/nearest.ts';
import { openConnection } from '../connection/connection.ts';
import { readServer } from '../connection/server.ts';
import type { DialectName } from '../dialects/names.ts';
import { checkOptions, type LdapSourceOptions } from '../options.ts';
import { openSession, type Session } from '../session.ts';
import { decodeAttributes } from '../values/attributes.ts';
import { readSchema } from './schema.ts';

export type DirectorySurvey = {
  readonly kind: DialectName;
  /** As people call it. */
  readonly title: string;
  /** How many people were looked at. */
  readonly people: number;
  /** Whether there are more of them. */
  readonly more: boolean;
  /** How many of them have the attribute, by its name in small letters. */
  readonly having: ReadonlyMap<string, number>;
  /** Whether the schema has the attribute; null where the server does not show it. */
  readonly knows: ((attribute: string) => boolean) | null;
  /** What of the schema is probably meant by the name. */
  readonly meant: (attribute: string) => string | null;
  /** Whether any group is there that has a member; null where groups are not read. */
  readonly groups: boolean | null;
};

/**
 * @param options ones that `checkOptions` has nothing against
 * @param most at how many people to look
 * @throws SourceUnavailable where the directory cannot be asked
 */
export async function surveyDirectory(
  options: LdapSourceOptions,
  most: number,
  signal: AbortSignal,
): Promise<DirectorySurvey> {
  const settings = { ...checkOptions(options), pageSize: most };
  const session = await openSession(settings, signal);
  try {
    const schema = await readSchema(session);
    const { count, more, having } = await countPeople(session, most);
    return {
      kind: session.dialect.name,
      title: session.dialect.title,
      people: count,
      more,
      having,
      knows: schema === null ? null : (attribute) => schema.knows(attribute),
      meant: (attribute) => (schema === null ? null : (nearest(attribute, schema.names) ?? null)),
      groups: await hasGroups(session),
    };
  } finally {
    await session.close();
  }
}

/**
 * Where the entries of a directory stand, as it says itself, the one for people first; empty where it does not say.
 * @throws SourceUnavailable where the directory cannot be asked
 */
export async function namingContexts(
  options: LdapSourceOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const connection = await openConnection(checkOptions(options), signal);
  try {
    const server = await readServer(connection);
    const found = [...server.values('defaultNamingContext'), ...server.values('namingContexts')];
    return [...new Set(found)].filter((dn) => dn !== '');
  } finally {
    await connection.close();
  }
}

type Counted = {
  readonly count: number;
  readonly more: boolean;
  readonly having: ReadonlyMap<string, number>;
};

async function countPeople(session: Session, most: number): Promise<Counted> {
  const { people, settings } = session;
  const having = new Map<string, number>();
  let count = 0;
  const { base, scope, filter } = people;
  for await (const page of session.pages({ base, scope, filter, attributes: settings.reads })) {
    for (const entry of page.entries) {
      if (count === most) return { count, more: true, having };
      count += 1;
      const types = new Set(decodeAttributes(entry).map(({ type }) => type));
      for (const type of types) having.set(type, (having.get(type) ?? 0) + 1);
    }
  }
  return { count, more: false, having };
}

/** One is enough: how many there are, a check of the source says. */
async function hasGroups({ groups, connection }: Session): Promise<boolean | null> {
  if (groups === null) return null;
  const { base, filter, memberAttribute } = groups;
  const attributes = [memberAttribute];
  for await (const batch of connection.search({ base, scope: 'sub', filter, attributes })) {
    for (const item of batch)
      if (item.kind === 'entry' && decodeAttributes(item.entry).length > 0) return true;
  }
  return false;
}

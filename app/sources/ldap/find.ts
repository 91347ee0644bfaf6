/**
 * Asks where one person is now: in scope, elsewhere, or gone.
 *
 * The server decides all of it: first under the people base with the people filter, then, only by id, under the
 * wider base. The wider base holds the people base (checked at start), so somebody who moves between the two questions
 * is found by the second. "Gone" is said only after two whole answers over a bound connection; anything less is
 * SourceUnavailable.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Found } from '../source.ts';
import { type Connection, openConnection, type Search } from './connection.ts';
import { both, equals } from './filter.ts';
import type { LdapSettings } from './options.ts';
import { BOOKKEEPING, type LdapRecord, toEntryUuid, toPerson, toRecord } from './record.ts';

/** @throws SourceUnavailable where the directory cannot tell */
export async function findPerson(settings: LdapSettings, id: StableId, signal: AbortSignal): Promise<Found> {
  if (toEntryUuid(id) === null) {
    throw new SourceUnavailable(
      `source ${settings.name}: "${id}" is not an entryUUID, so it cannot be looked up here`,
    );
  }
  const { base, scope, filter } = settings.people;
  const byId = equals('entryUUID', id);
  const connection = await openConnection(settings, signal);
  try {
    const attributes = [...settings.reads, ...BOOKKEEPING];
    const inScope = await only(connection, { base, scope, filter: both(byId, filter), attributes }, id);
    if (inScope !== null) return { kind: 'in-scope', entry: toPerson(inScope, id, settings.reads) };
    const anywhere = {
      base: settings.lookupBase,
      scope: 'sub',
      filter: byId,
      attributes: BOOKKEEPING,
    } as const;
    return (await only(connection, anywhere, id)) === null ? { kind: 'gone' } : { kind: 'out-of-scope' };
  } finally {
    await connection.close();
  }
}

/** The entry, or null where the server gave its whole answer and it was none. */
async function only(connection: Connection, search: Search, id: StableId): Promise<LdapRecord | null> {
  const found: LdapRecord[] = [];
  let problem: string | null = null;
  for await (const page of connection.pages(search)) {
    found.push(...page.entries.map(toRecord));
    problem ??= page.problem;
  }
  const [record] = found;
  if (record === undefined && problem === null) return null;
  if (found.length === 1 && record?.stableId === id) return record;
  throw new SourceUnavailable(
    problem ?? `the server did not give one entry with entryUUID ${id} below ${search.base}`,
  );
}

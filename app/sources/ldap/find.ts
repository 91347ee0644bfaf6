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
import { both } from './filters/filter.ts';
import type { LdapSettings } from './options.ts';
import type { Search } from './protocol/search.ts';
import { bookkeepingOf, type LdapRecord, toPerson, toRecord } from './record.ts';
import { openSession, type Session } from './session.ts';

/** @throws SourceUnavailable where the directory cannot tell */
export async function findPerson(settings: LdapSettings, id: StableId, signal: AbortSignal): Promise<Found> {
  const session = await openSession(settings, signal);
  try {
    return await findIn(session, id);
  } finally {
    await session.close();
  }
}

async function findIn(session: Session, id: StableId): Promise<Found> {
  const { settings, dialect, people } = session;
  const byId = dialect.id.filter(id);
  if (byId === null) {
    throw new SourceUnavailable(
      `source ${settings.name}: "${id}" is not an ${dialect.id.attribute}, so it cannot be looked up here`,
    );
  }
  const { base, scope, filter } = people;
  const attributes = [...settings.reads, ...bookkeepingOf(dialect)];
  const inScope = await only(session, { base, scope, filter: both(byId, filter), attributes }, id);
  if (inScope !== null) return { kind: 'in-scope', entry: toPerson(inScope, id, settings.reads) };
  const anywhere: Search = {
    base: settings.lookupBase,
    scope: 'sub',
    filter: byId,
    attributes: bookkeepingOf(dialect),
  };
  return (await only(session, anywhere, id)) === null ? { kind: 'gone' } : { kind: 'out-of-scope' };
}

/** The entry, or null where the server gave its whole answer and it was none. */
async function only(session: Session, search: Search, id: StableId): Promise<LdapRecord | null> {
  const found: LdapRecord[] = [];
  let problem: string | null = null;
  for await (const page of session.pages(search)) {
    found.push(...page.entries.map((entry) => toRecord(entry, session.dialect)));
    problem ??= page.problem;
  }
  const [record] = found;
  if (record === undefined && problem === null) return null;
  if (found.length === 1 && record?.stableId === id) return record;
  throw new SourceUnavailable(
    problem ??
      `the server did not give one entry with ${session.dialect.id.attribute} ${id} below ${search.base}`,
  );
}

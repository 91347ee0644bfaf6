/**
 * Asks where people are now: in scope, elsewhere, or gone. All of them over one connection.
 *
 * The server decides all of it: first under the people base with the people filter, then, only by id, under the
 * wider base. The wider base holds the people base (checked at start), so somebody who moves between the two questions
 * is found by the second. "Gone" is said only after two whole answers over a bound connection; anything less is
 * "cannot tell", or SourceUnavailable where nobody else can be asked for either.
 */
import type { StableId } from '../../person/anchor.ts';
import type { Found } from '../source.ts';
import { both } from './filters/filter.ts';
import type { LdapSettings } from './options.ts';
import type { Search } from './protocol/search.ts';
import { bookkeepingOf, type LdapRecord, personAttributes, toPerson, toRecord } from './record.ts';
import { openSession, type Session } from './session.ts';

/** @throws SourceUnavailable where the directory answers no more */
export async function* findPeople(
  settings: LdapSettings,
  ids: readonly StableId[],
  signal: AbortSignal,
): AsyncGenerator<readonly [StableId, Found], void> {
  if (ids.length === 0) return;
  const session = await openSession(settings, signal);
  try {
    for (const id of ids) yield [id, await findIn(session, id)];
  } finally {
    await session.close();
  }
}

async function findIn(session: Session, id: StableId): Promise<Found> {
  const { settings, dialect, people } = session;
  const byId = dialect.id.filter(id);
  if (byId === null) {
    return cannotTell(`"${id}" is not an ${dialect.id.attribute}, so it cannot be looked up here`);
  }
  const { base, scope, filter } = people;
  const attributes = personAttributes(session);
  const inScope = await only(session, { base, scope, filter: both(byId, filter), attributes }, id);
  if (inScope.kind === 'cannot-tell') return inScope;
  if (inScope.kind === 'one') {
    return { kind: 'in-scope', entry: toPerson(inScope.record, id, settings.reads, session.membership) };
  }
  const anywhere: Search = {
    base: settings.lookupBase,
    scope: 'sub',
    filter: byId,
    attributes: bookkeepingOf(dialect),
  };
  const elsewhere = await only(session, anywhere, id);
  switch (elsewhere.kind) {
    case 'one':
      return { kind: 'out-of-scope' };
    case 'none':
      return { kind: 'gone' };
    case 'cannot-tell':
      return elsewhere;
  }
}

type CannotTell = Extract<Found, { kind: 'cannot-tell' }>;

function cannotTell(why: string): CannotTell {
  return { kind: 'cannot-tell', why };
}

/** `none`: the server gave its whole answer, and nobody was in it. */
type Only = { readonly kind: 'one'; readonly record: LdapRecord } | { readonly kind: 'none' } | CannotTell;

async function only(session: Session, search: Search, id: StableId): Promise<Only> {
  const found: LdapRecord[] = [];
  let problem: string | null = null;
  for await (const page of session.pages(search)) {
    found.push(...page.entries.map((entry) => toRecord(entry, session.dialect)));
    problem ??= page.problem;
  }
  const [record] = found;
  if (record === undefined && problem === null) return { kind: 'none' };
  if (record !== undefined && found.length === 1 && record.stableId === id) return { kind: 'one', record };
  return cannotTell(
    problem ??
      `the server did not give one entry with ${session.dialect.id.attribute} ${id} below ${search.base}`,
  );
}

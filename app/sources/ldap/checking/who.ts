/**
 * Finds somebody to show: by id, DN, login name or mail address, wherever they stand below `lookupBase`. So it shows as
 * well that somebody is there and not read, and why.
 */
import { OrFilter, PresenceFilter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import { isWithin } from '../../../person/dn.ts';
import type { Entry } from '../../../person/entry.ts';
import { type Finding, good, lacking } from '../../checking/report.ts';
import { equals } from '../filters/filter.ts';
import { findPeople } from '../find.ts';
import { isDn } from '../options.ts';
import type { Search } from '../protocol/search.ts';
import { bookkeepingOf, type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import type { Scene } from './scene.ts';

const NAMES = ['uid', 'mail', 'sAMAccountName', 'userPrincipalName', 'employeeNumber'];

export type Who = { readonly finding: Finding; readonly entry: Entry | null };

/** @throws SourceUnavailable where the directory cannot tell */
export async function findSomebody({ session, check }: Scene, asked: string): Promise<Who> {
  const { dialect, settings } = session;
  const { records, problem } = await recordsFor(session, asked.trim());
  const [record] = records;
  if (record === undefined) {
    const names = [dialect.id.attribute, 'DN', ...NAMES].join(', ');
    return nobody(
      'not found',
      problem ??
        `nobody below ${settings.lookupBase} is it by ${names}; or ${settings.account} may not see them`,
    );
  }
  if (records.length > 1) {
    return nobody(`${records.length} entries fit`, `name one of them by DN or ${dialect.id.attribute}`);
  }
  const { stableId } = record;
  if (stableId === null) {
    return nobody('shows no usable id', `let ${settings.account} read ${dialect.id.attribute}`);
  }
  return await inScope(session, record, stableId, check.signal);
}

function nobody(shows: string, advice: string): Who {
  return { finding: lacking('person', shows, advice), entry: null };
}

async function inScope(
  session: Session,
  record: LdapRecord,
  id: StableId,
  signal: AbortSignal,
): Promise<Who> {
  for await (const [, found] of findPeople(session.settings, [id], signal)) {
    if (found.kind === 'in-scope') return { finding: good('person', 'is read'), entry: found.entry };
    if (found.kind === 'cannot-tell') return nobody('cannot be told', found.why);
  }
  const { people } = session;
  const why = isWithin(record.dn, people.base)
    ? 'people.filter or people.scope leaves them out'
    : `they do not stand below people.base (${people.base})`;
  return nobody('is there and is not read', why);
}

/** `problem`: why it may not be everybody who fits; null where it is. */
type Fitting = { readonly records: readonly LdapRecord[]; readonly problem: string | null };

async function recordsFor(session: Session, asked: string): Promise<Fitting> {
  const { dialect, settings } = session;
  const attributes = bookkeepingOf(dialect);
  if (isDn(asked)) return { records: await atDn(session, asked, attributes), problem: null };
  const byId = dialect.id.filter(asked.toLowerCase() as StableId);
  const filter = byId ?? new OrFilter({ filters: NAMES.map((name) => equals(name, asked)) });
  const records: LdapRecord[] = [];
  let problem: string | null = null;
  const search: Search = { base: settings.lookupBase, scope: 'sub', filter, attributes };
  for await (const page of session.pages(search)) {
    records.push(...page.entries.map((entry) => toRecord(entry, dialect)));
    problem ??= page.problem;
  }
  return { records, problem };
}

/** An entry that is not there is no failure here. */
async function atDn(
  { connection, dialect }: Session,
  base: string,
  attributes: readonly string[],
): Promise<readonly LdapRecord[]> {
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const found: LdapRecord[] = [];
  for await (const batch of connection.search({ base, scope: 'base', filter, attributes })) {
    for (const item of batch) if (item.kind === 'entry') found.push(toRecord(item.entry, dialect));
  }
  return found;
}

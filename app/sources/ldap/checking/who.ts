/**
 * Finds somebody to show: by id, DN, login name or mail address, wherever they stand below `lookupBase`. So it shows as
 * well that somebody is there and not read, and why.
 */
import { OrFilter, PresenceFilter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import type { Entry } from '../../../person/entry.ts';
import { type Finding, good, lacking } from '../../checking/report.ts';
import { equals } from '../filters/filter.ts';
import { findPeople } from '../find.ts';
import { isDn } from '../options.ts';
import type { Search } from '../protocol/search.ts';
import { bookkeepingOf, type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { isWithin } from '../values/dn.ts';
import type { Scene } from './scene.ts';

const NAMES = ['uid', 'mail', 'sAMAccountName', 'userPrincipalName', 'employeeNumber'];

export type Who = { readonly finding: Finding; readonly entry: Entry | null };

/** @throws SourceUnavailable where the directory cannot tell */
export async function findSomebody({ session, check }: Scene, asked: string): Promise<Who> {
  const { dialect, settings } = session;
  const found = await recordsFor(session, asked);
  const [record] = found;
  if (record === undefined) {
    const advice = `nobody below ${settings.lookupBase} is it, by ${dialect.id.attribute}, DN, ${NAMES.join(', ')}; or ${settings.account} may not see them`;
    return { finding: lacking('person', 'not found', advice), entry: null };
  }
  if (found.length > 1) {
    const advice = `name one of them by the DN or ${dialect.id.attribute}`;
    return { finding: lacking('person', `${found.length} entries fit`, advice), entry: null };
  }
  const { stableId } = record;
  if (stableId === null) {
    const advice = `let ${settings.account} read ${dialect.id.attribute}`;
    return { finding: lacking('person', 'shows no usable id', advice), entry: null };
  }
  return await inScope(session, record, stableId, check.signal);
}

async function inScope(
  session: Session,
  record: LdapRecord,
  id: StableId,
  signal: AbortSignal,
): Promise<Who> {
  for await (const [, found] of findPeople(session.settings, [id], signal)) {
    if (found.kind === 'in-scope') return { finding: good('person', 'is read'), entry: found.entry };
    if (found.kind === 'cannot-tell')
      return { finding: lacking('person', 'cannot be told', found.why), entry: null };
  }
  const { people } = session;
  const why = isWithin(record.dn, people.base)
    ? 'people.filter or people.scope leaves them out'
    : `they do not stand below people.base (${people.base})`;
  return { finding: lacking('person', 'is there and is not read', why), entry: null };
}

async function recordsFor(session: Session, asked: string): Promise<readonly LdapRecord[]> {
  const { dialect, settings } = session;
  const attributes = bookkeepingOf(dialect);
  if (isDn(asked)) return await atDn(session, asked, attributes);
  const byId = dialect.id.filter(asked.trim().toLowerCase() as StableId);
  const filter = byId ?? new OrFilter({ filters: NAMES.map((name) => equals(name, asked.trim())) });
  const found: LdapRecord[] = [];
  const search: Search = { base: settings.lookupBase, scope: 'sub', filter, attributes };
  for await (const page of session.pages(search)) {
    found.push(...page.entries.map((entry) => toRecord(entry, dialect)));
  }
  return found;
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

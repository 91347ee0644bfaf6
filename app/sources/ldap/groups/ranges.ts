/**
 * Reads member lists that a server gives in ranges, `member;range=0-1499` (Active Directory gives no more than 1,500
 * values at a time, [MS-ADTS] 3.1.1.3.1.3.3), until the range that ends in `*`.
 *
 * The ranges are asked for one after the other, and a group may change meanwhile: a member that moves forward in the
 * list would be missed. So each answer has to show the version that the first one had, and else the group is begun anew:
 * a group of everybody may change every few seconds, and no read would ever be whole. Whatever goes wrong, those who were
 * named are members, and nothing is concluded about anybody else.
 */
import { PresenceFilter } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { RawEntry } from '../protocol/messages.ts';
import { bookkeepingOf, type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';

/** `problem`: why it is not everybody, in words for an operator; null where it is. */
export type MemberValues = { readonly values: readonly string[]; readonly problem: string | null };

/** `end` is null for the last range of all. */
type Range = { readonly name: string; readonly start: number; readonly end: number | null };

/** A group that changes while it is read is read so often. */
const MOST_TRIES = 5;

const CHANGED = 'the group changed while it was read';

/** All values of the member attribute; asks for what the record does not show yet. */
export async function memberValues(session: Session, record: LdapRecord): Promise<MemberValues> {
  const attribute = (session.groups?.memberAttribute ?? '').toLowerCase();
  let read = await valuesFrom(session, record, attribute);
  for (let tried = 1; read.problem === CHANGED && tried < MOST_TRIES; tried += 1) {
    const answer = await ask(session, record, `${attribute};range=0-*`);
    if (answer.kind === 'problem') return { ...read, problem: answer.problem };
    read = await valuesFrom(session, answer.record, attribute);
  }
  return read;
}

/** From what the record shows to the last range. */
async function valuesFrom(session: Session, record: LdapRecord, attribute: string): Promise<MemberValues> {
  const first = lastOf(rangesIn(record.attributes.map(({ name }) => name)), attribute);
  if (first === null) return { values: valuesOf(record.attributes, attribute), problem: null };
  const values = valuesIn(record, attribute);
  let range: Range = first;
  while (range.end !== null) {
    const next = range.end + 1;
    const answer = await ask(session, record, `${attribute};range=${next}-*`);
    if (answer.kind === 'problem') return { values, problem: answer.problem };
    if (answer.record.revision !== record.revision) return { values, problem: CHANGED };
    // One by one: a range may be longer than a call may have arguments.
    for (const value of valuesIn(answer.record, attribute)) values.push(value);
    const reached = lastOf(
      rangesIn(answer.entry.attributes.map(({ description }) => description)),
      attribute,
    );
    if (reached === null || (reached.end !== null && reached.end < next)) {
      return { values, problem: 'the server did not give the next range' };
    }
    range = reached;
  }
  return { values, problem: null };
}

function valuesIn({ attributes }: LdapRecord, attribute: string): string[] {
  const fits = (name: string) => name === attribute || name.startsWith(`${attribute};range=`);
  return attributes.filter(({ name }) => fits(name)).flatMap(({ values }) => values);
}

function rangesIn(descriptions: readonly string[]): readonly Range[] {
  return descriptions.flatMap((description): Range[] => {
    const match = /^(.+);range=(\d+)-(\d+|\*)$/.exec(description.toLowerCase());
    if (match === null) return [];
    const [, name = '', start = '', end = ''] = match;
    return [{ name, start: Number(start), end: end === '*' ? null : Number(end) }];
  });
}

/** An answer may hold an empty range beside the one that tells how far it goes. */
function lastOf(ranges: readonly Range[], attribute: string): Range | null {
  const ours = ranges.filter(({ name }) => name === attribute);
  return (
    ours.find(({ end }) => end === null) ?? ours.sort((a, b) => (a.end ?? 0) - (b.end ?? 0)).at(-1) ?? null
  );
}

type Answer =
  | { readonly kind: 'range'; readonly record: LdapRecord; readonly entry: RawEntry }
  | { readonly kind: 'problem'; readonly problem: string };

/** A search of its own and without pages: the connection's one paged search goes on beside it. */
async function ask(session: Session, group: LdapRecord, attribute: string): Promise<Answer> {
  const { connection, dialect } = session;
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const attributes = [attribute, ...bookkeepingOf(dialect)];
  let found: RawEntry | null = null;
  let code: number | null = null;
  try {
    for await (const batch of connection.search({ base: group.dn, scope: 'base', filter, attributes })) {
      for (const item of batch) {
        if (item.kind === 'entry') found = item.entry;
        if (item.kind === 'done') code = item.code;
      }
    }
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    return { kind: 'problem', problem: 'the server gave no answer when it was asked for the rest' };
  }
  if (code !== 0 || found === null) {
    return { kind: 'problem', problem: `the server refused the rest with LDAP result code ${code}` };
  }
  const record = toRecord(found, dialect);
  if (record.stableId !== group.stableId) {
    return { kind: 'problem', problem: 'another group stands in its place by now' };
  }
  return { kind: 'range', record, entry: found };
}

/**
 * The retro changelog of 389 Directory Server as the account sees it: its numbers as the root DSE tells them, its records
 * in windows of numbers, so that no limit on the size of an answer is met however long nobody has read it.
 *
 * Whoever may not read it gets "success, nobody", so nothing is concluded from records that are not there.
 */
import { AndFilter, type Filter, GreaterThanEqualsFilter, LessThanEqualsFilter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import type { Server } from '../connection/server.ts';
import { type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import { TrackingRefused } from './tracking.ts';

/** `first` and `last` are change numbers. */
type Log = { readonly base: string; readonly first: number; readonly last: number };

export type Change = {
  readonly number: number;
  /** The record's own id: no other server's log has it, nor one that was made anew. */
  readonly record: StableId;
  readonly kind: string;
  readonly target: StableId;
  /** Where the target stood before the change, or stands since it was added. */
  readonly dn: string;
  /** Where a rename has put it; null where it has stayed below the same entry. */
  readonly newParent: string | null;
};

/** Records asked for at once. */
const WINDOW = 500;

const ATTRIBUTES = ['changeNumber', 'changeType', 'targetDn', 'targetUniqueId', 'newSuperior'];

/** @returns null where the server keeps no changelog */
export function logOf(server: Server): Log | null {
  const [base] = server.values('changelog');
  const first = numberIn(server.values('firstChangeNumber')[0]);
  const last = numberIn(server.values('lastChangeNumber')[0]);
  return base === undefined || first === null || last === null ? null : { base, first, last };
}

/** The newest records, as far as the account sees them. @throws TrackingRefused, SourceUnavailable */
export async function newestChanges(session: Session): Promise<readonly Change[]> {
  const log = logOf(session.server);
  const found: Change[] = [];
  if (log === null) return found;
  const from = Math.max(log.first, log.last - WINDOW + 1);
  for await (const change of changesBetween(session, log, from, log.last)) found.push(change);
  return found;
}

/** From that number to the end as the root DSE told it, in order of windows. @throws TrackingRefused, SourceUnavailable */
export async function* changesFrom(session: Session, from: number): AsyncGenerator<Change, void> {
  const log = logOf(session.server);
  if (log === null) return;
  for (let at = Math.max(log.first, from); at <= log.last; at += WINDOW) {
    yield* changesBetween(session, log, at, Math.min(at + WINDOW - 1, log.last));
  }
}

async function* changesBetween(
  session: Session,
  { base }: Log,
  from: number,
  to: number,
): AsyncGenerator<Change, void> {
  const { dialect } = session;
  const attributes = [...ATTRIBUTES, dialect.id.attribute];
  for await (const page of session.pages({ base, scope: 'one', filter: numbers(from, to), attributes })) {
    if (page.problem !== null) throw new TrackingRefused(page.problem);
    for (const entry of page.entries) yield changeIn(toRecord(entry, dialect), session);
  }
}

function numbers(from: number, to: number): Filter {
  const attribute = 'changeNumber';
  return new AndFilter({
    filters: [
      new GreaterThanEqualsFilter({ attribute, value: String(from) }),
      new LessThanEqualsFilter({ attribute, value: String(to) }),
    ],
  });
}

function changeIn({ stableId, attributes }: LdapRecord, { settings, dialect }: Session): Change {
  const one = (name: string) => valuesOf(attributes, name)[0];
  const number = numberIn(one('changeNumber'));
  const target = dialect.id.read(one('targetUniqueId') ?? '');
  const [kind, dn] = [one('changeType'), one('targetDn')];
  if (stableId === null || number === null || kind === undefined || dn === undefined) {
    throw new TrackingRefused(`${settings.account} may not read all of its records`);
  }
  if (target === null) {
    throw new TrackingRefused(
      'its records do not name the changed entry; add nsslapd-attribute: nsuniqueid:targetUniqueId to the server’s' +
        ' Retro Changelog Plugin, and let the account read targetUniqueId',
    );
  }
  return {
    number,
    record: stableId,
    kind: kind.toLowerCase(),
    target,
    dn,
    newParent: one('newSuperior') ?? null,
  };
}

function numberIn(text: string | undefined): number | null {
  const number = Number(text ?? 'none');
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}

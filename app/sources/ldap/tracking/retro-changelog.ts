/**
 * Follows changes by the retro changelog of 389 Directory Server (cn=changelog): a numbered record of each change, with
 * the id of the entry that was changed. The records only say whom to look at; what an entry is now is read from it.
 *
 *   the mark                           the log                                  read
 *   none                               names no person in its newest records    nobody: it may leave people out
 *   none, or everyone is wanted        any other                                everybody
 *   of a record that is there          names as many as can be asked for        those
 *                                      names more, or moved a whole branch      everybody
 *   of a record that is there no more  trimmed, made anew, of another server    everybody
 *
 * A mark is the last record that was met, with that record's own id; so going on from it proves that it is the same log
 * and that nothing lies between. What has no record it cannot tell: attributes that roles and classes of service give
 * from elsewhere, imported data.
 */
import * as z from 'zod';
import type { StableId } from '../../../person/anchor.ts';
import { isWithin } from '../../../person/dn.ts';
import type { Session } from '../session.ts';
import { type Change, changesFrom, logOf, newestChanges } from './changelog.ts';
import { newTally, problemsOf } from './entries.ts';
import { byIds } from './ids.ts';
import { hasMovedBranch } from './moved-branches.ts';
import { readBoth, readChanged } from './told-changed.ts';
import { type Mark, type Tracking, TrackingRefused } from './tracking.ts';

const stored = z.strictObject({ number: z.int().min(1), record: z.string() });

type LogMark = z.infer<typeof stored>;

/** More entries than this are not asked for one by one. */
const MOST_TARGETS = 5_000;

/** More records than this are not gone through: it would be slower than to read everybody. */
const MOST_RECORDS = 100_000;

const NOT_THE_SAME_LOG =
  'the change log does not go on from the watermark; it was trimmed or made anew, or is another server’s';

/** What the log says since the mark. `changes` is null where everybody has to be read, because of `why`. */
type Told =
  | { readonly changes: readonly Change[]; readonly mark: LogMark }
  | { readonly changes: null; readonly why: string };

export const RETRO_CHANGELOG: Tracking = {
  name: 'retro-changelog',
  whyNot: ({ server }) => {
    const log = logOf(server);
    if (log === null) return 'the server’s Retro Changelog Plugin is off';
    return log.last === 0 ? 'its change log is still empty' : null;
  },
  async *read(session, kept, everyone) {
    const known = loadLogMark(kept);
    const told = known === null || everyone ? null : await tellSince(session, known);
    const tally = newTally();
    if (told !== null && told.changes !== null) {
      const targets = new Set(told.changes.map(({ target }) => target));
      yield* readChanged(session, tally, targets, byIds(session, targets));
      return { mark: told.mark, names: 'changes', problems: problemsOf(session, tally), notices: [] };
    }
    // Before anybody is read: what changes meanwhile is told again by the next read.
    const mark = await newestMark(session, known === null);
    yield* readBoth(session, tally, null);
    const notices = told === null ? [] : [`everybody was read: ${told.why}`];
    return { mark, names: 'everyone', problems: problemsOf(session, tally), notices };
  },
};

/** @param isFirst whether it is yet to be seen that the log tells of people at all */
async function newestMark(session: Session, isFirst: boolean): Promise<LogMark> {
  const recent = await newestChanges(session);
  const newest = recent.map(markOf).reduce<LogMark | null>(later, null);
  if (newest === null) throw new TrackingRefused(`${session.settings.account} may not read cn=changelog`);
  if (isFirst && !recent.some((change) => concernsPeople(session, change))) {
    throw new TrackingRefused(leavesPeopleOut(session));
  }
  return newest;
}

function markOf({ number, record }: Change): LogMark {
  return { number, record };
}

function later(a: LogMark | null, b: LogMark): LogMark {
  return a === null || b.number > a.number ? b : a;
}

function loadLogMark(kept: Mark | null): LogMark | null {
  const result = stored.safeParse(kept);
  return result.success ? result.data : null;
}

function concernsPeople({ people }: Session, { dn, newParent }: Change): boolean {
  return isWithin(dn, people.base) || (newParent !== null && isWithin(newParent, people.base));
}

/** A log may be kept for another part of the directory alone (FreeIPA: DNS); going by it, nobody would ever change. */
function leavesPeopleOut({ people }: Session): string {
  return (
    `its newest records name nobody below ${people.base}; unless nobody has changed for long, nsslapd-include-suffix` +
    ' or nsslapd-exclude-suffix of the server’s Retro Changelog Plugin leave them out'
  );
}

/** Everything after the mark, where the mark's own record proves that the log goes on from it. */
async function tellSince(session: Session, known: LogMark): Promise<Told> {
  let goesOn = false;
  const changes: Change[] = [];
  const targets = new Set<StableId>();
  for await (const change of changesFrom(session, known.number)) {
    if (change.number === known.number) goesOn = change.record === known.record;
    else {
      changes.push(change);
      targets.add(change.target);
    }
    if (targets.size > MOST_TARGETS || changes.length > MOST_RECORDS) {
      return { changes: null, why: 'the change log has too many new records to go by' };
    }
  }
  if (!goesOn) return { changes: null, why: NOT_THE_SAME_LOG };
  if (await hasMovedBranch(session, changes)) {
    return { changes: null, why: 'a branch was renamed or moved, with everybody below it' };
  }
  return { changes, mark: changes.map(markOf).reduce(later, known) };
}

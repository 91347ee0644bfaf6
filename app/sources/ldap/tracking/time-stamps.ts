/**
 * Follows changes by the stamps that every entry carries, entryCSN or modifyTimestamp: the way for directories that
 * offer nothing better. Deletions and moves out of scope show only where everybody is read.
 *
 *   mark              people            groups
 *   none, everyone    everyone          all
 *   given             changed since     changed since
 *
 * What lies in the overlap is told again each time; the caller compares contents, so nothing is remembered here.
 */
import type { Filter } from 'ldapts';
import { changedSince } from '../filters/filter.ts';
import type { LdapRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import { newTally, problemsOf, readGroups, readPeople } from './entries.ts';
import {
  BEGINNING,
  loadMark,
  lowerBound,
  meet,
  NOTHING_MET,
  nextMark,
  parseCsn,
  parseStamp,
  type StampMark,
  storeMark,
} from './stamps.ts';
import type { TrackedEnd, Tracking } from './tracking.ts';

export const TIME_STAMPS: Tracking = {
  name: 'time-stamps',
  whyNot: () => null,
  async *read(session, kept, everyone) {
    const known = loadMark(kept);
    const since = everyone ? null : known;
    const started = session.settings.now().getTime();
    let progress = NOTHING_MET;
    const tally = newTally((record) => {
      progress = meet(progress, stampsOf(record));
    });
    const only = filterFor(session, since);
    yield* readPeople(session, tally, only);
    yield* readGroups(session, tally, only);
    const next = nextMark(since, progress, session.settings.now().getTime() - started);
    return endOf(session, since, next, problemsOf(session, tally));
  },
};

/** Everybody where there is no mark. */
function filterFor({ settings }: Session, since: StampMark | null): Filter | null {
  return since === null ? null : changedSince(since.by, lowerBound(since, settings.overlapMs));
}

function stampsOf({ attributes }: LdapRecord) {
  const [csn = ''] = valuesOf(attributes, 'entryCSN');
  const [modified = ''] = valuesOf(attributes, 'modifyTimestamp');
  return { entryCSN: parseCsn(csn), modifyTimestamp: parseStamp(modified) };
}

function endOf(
  { settings }: Session,
  since: StampMark | null,
  next: StampMark | null,
  problems: readonly string[],
): TrackedEnd {
  const withoutStamps = `entries show neither entryCSN nor modifyTimestamp; let ${settings.account} read one of them`;
  return {
    mark: storeMark(next ?? since ?? BEGINNING),
    names: since === null ? 'everyone' : 'changes',
    problems: next === null ? [...problems, withoutStamps] : problems,
    notices: [],
  };
}

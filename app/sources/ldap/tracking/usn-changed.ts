/**
 * Follows Active Directory by uSNChanged: each controller numbers every change it makes or takes over. What an account
 * needs is the right to read; to hear of deletions, the right to see deleted objects, too.
 *
 *   the mark                                     read
 *   none, or everyone is wanted                  everybody
 *   of another controller, or a restored one     everybody
 *   of this controller                           what has a higher number, in scope; then by id alone in the whole
 *                                                naming context, deleted ones with it: who is named there only is absent
 *   the same, and a branch changed               everybody: who stands below a branch that moves is not numbered anew
 *
 * The number to go on from is the controller's highest before anything is read, so what changes meanwhile comes again.
 */
import { AndFilter, GreaterThanEqualsFilter, ResultCodeError } from 'ldapts';
import { SourceUnavailable } from '../../../errors.ts';
import type { StableId } from '../../../person/anchor.ts';
import type { Search } from '../protocol/search.ts';
import type { Session } from '../session.ts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';
import {
  BRANCH_MOVED,
  contextsOf,
  controllerOf,
  DOMAIN_SCOPE,
  deletedUnseen,
  isBranch,
  maySeeDeleted,
  NO_COMPUTERS,
  SHOW_DELETED,
} from './domain.ts';
import { newTally, problemsOf, type Tally } from './entries.ts';
import { readBoth, readChanged } from './told-changed.ts';
import { type Tracking, TrackingRefused } from './tracking.ts';
import { loadMarks, parseUsn, startOf, storeMarks, withMark } from './usn-marks.ts';

const NO_NUMBER = 'the server does not say how far its changes are numbered (highestCommittedUSN)';

export const USN_CHANGED: Tracking = {
  name: 'usn-changed',
  whyNot: (session) => (committedBy(session) === null ? NO_NUMBER : null),
  async *read(session, kept, everyone) {
    const committed = committedBy(session);
    if (committed === null) throw new TrackingRefused(NO_NUMBER);
    const controller = await controllerOf(session);
    const marks = loadMarks(kept);
    const start = startOf(marks, controller, committed);
    const notices: string[] = [];
    if (!everyone && start.kind === 'beginning' && start.why !== null) notices.push(start.why);
    const tally = newTally();
    const since = everyone || start.kind === 'beginning' ? null : start.usn;
    const changed = since === null ? null : await changedSince(session, tally, since);
    if (since !== null && changed === null) notices.push(BRANCH_MOVED);
    if (since === null || changed === null) yield* readBoth(session, tally, null);
    else yield* readChanged(session, tally, changed, [above(since)]);
    for (const context of contextsOf(session)) {
      if (!(await maySeeDeleted(session, context))) notices.push(deletedUnseen(session, context));
    }
    return {
      mark: storeMarks(withMark(marks, { controller, usn: committed })),
      names: changed === null ? 'everyone' : 'changes',
      problems: problemsOf(session, tally),
      notices,
    };
  },
};

function committedBy({ server }: Session): bigint | null {
  return parseUsn(server.values('highestCommittedUSN')[0] ?? '');
}

function above(usn: bigint): GreaterThanEqualsFilter {
  return new GreaterThanEqualsFilter({ attribute: 'uSNChanged', value: String(usn + 1n) });
}

/** @returns the ids of whatever changed or was deleted; null where a branch is among them that was there before */
async function changedSince(session: Session, tally: Tally, usn: bigint): Promise<Set<StableId> | null> {
  const changed = new Set<StableId>();
  for (const context of contextsOf(session)) {
    for await (const values of changedIn(session, tally, context, usn)) {
      if (isOldBranch(values, usn)) return null;
      const id = session.dialect.id.read(valuesOf(values, 'objectGUID')[0] ?? '');
      if (id !== null) changed.add(id);
    }
  }
  return changed;
}

type Values = ReturnType<typeof decodeAttributes>;

function isOldBranch(values: Values, usn: bigint): boolean {
  const created = parseUsn(valuesOf(values, 'uSNCreated')[0] ?? '') ?? 0n;
  const isDeleted = valuesOf(values, 'isDeleted')[0] === 'TRUE';
  return created <= usn && !isDeleted && isBranch(valuesOf(values, 'objectClass'));
}

/** Goes on without deleted objects where the server refuses to show them. */
async function* changedIn(
  session: Session,
  tally: Tally,
  context: string,
  usn: bigint,
): AsyncGenerator<Values, void> {
  const filter = new AndFilter({ filters: [above(usn), NO_COMPUTERS] });
  const attributes = ['objectGUID', 'objectClass', 'uSNCreated', 'isDeleted'];
  const search: Search = { base: context, scope: 'sub', filter, attributes, controls: [DOMAIN_SCOPE] };
  if (session.server.supports(SHOW_DELETED.oid)) {
    try {
      yield* found(session, tally, { ...search, controls: [SHOW_DELETED, DOMAIN_SCOPE] });
      return;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  yield* found(session, tally, search);
}

async function* found(session: Session, tally: Tally, search: Search): AsyncGenerator<Values, void> {
  for await (const page of session.pages(search)) {
    if (page.problem !== null) tally.problems.add(page.problem);
    yield* page.entries.map(decodeAttributes);
  }
}

/** unavailableCriticalExtension, insufficientAccessRights, unwillingToPerform: what a control may be refused with. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof SourceUnavailable ? error.cause : null;
  return cause instanceof ResultCodeError && [12, 50, 53].includes(cause.code);
}

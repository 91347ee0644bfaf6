/**
 * Reads a directory from beginning to end by the best tracking that works there, and says what the read was worth.
 *
 * Where a tracking turns out not to work, the next one goes on, and the end of the read says so. A watermark belongs to
 * the tracking that made it: another one starts with everybody.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { ReadWish, SourceItem, Watermark } from '../source.ts';
import type { LdapSettings } from './options.ts';
import { openSession, type Session } from './session.ts';
import { type Candidate, candidates } from './tracking/index.ts';
import type { TrackingName } from './tracking/names.ts';
import { type TrackedEnd, type TrackedItem, TrackingRefused } from './tracking/tracking.ts';
import { formatWatermark, type Progressed, parseWatermark } from './tracking/watermark.ts';

/** @throws SourceUnavailable when the read broke */
export async function* readDirectory(
  settings: LdapSettings,
  { since, everyone }: ReadWish,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void> {
  const session = await openSession(settings, signal);
  const known = since === null ? null : parseWatermark(since);
  const unknown = since !== null && known === null ? ['the stored watermark was not one of this source'] : [];
  try {
    const best = yield* readBest(session, known, everyone);
    yield endItem(best, known, since, [...unknown, ...best.refusals.map(inWords)]);
  } finally {
    await session.close();
  }
}

/** A tracking that was considered and not used. */
export type Refusal = { readonly tracking: TrackingName; readonly why: string };

export type BestRead = {
  /** The one that was used. */
  readonly tracking: TrackingName;
  /** Those before it. */
  readonly refusals: readonly Refusal[];
  readonly end: TrackedEnd;
};

/** @throws SourceUnavailable when the read broke */
export async function* readBest(
  session: Session,
  known: Progressed | null,
  everyone: boolean,
): AsyncGenerator<TrackedItem, BestRead> {
  const refusals: Refusal[] = [];
  for (const { tracking, whyNot } of inOrder(candidates(session), everyone ? null : known)) {
    const { name } = tracking;
    if (whyNot !== null) {
      refusals.push({ tracking: name, why: whyNot });
      continue;
    }
    const mark = known?.tracking === name ? known.mark : null;
    try {
      const end = yield* tracking.read(session, mark, everyone || mark === null);
      return { tracking: name, refusals, end: await verified(session, end) };
    } catch (error) {
      if (!(error instanceof TrackingRefused)) throw error;
      refusals.push({ tracking: name, why: error.message });
    }
  }
  const why = refusals.map(inWords).join('; ');
  throw new SourceUnavailable(`source ${session.settings.name}: ${why}`);
}

function inWords({ tracking, why }: Refusal): string {
  return `not read by ${tracking}: ${why}`;
}

/** Whoever a read of everybody does not name may be taken for gone: so it must have been our account that read. */
async function verified(session: Session, end: TrackedEnd): Promise<TrackedEnd> {
  const problem = end.names === 'everyone' ? await session.identity.check() : null;
  return {
    ...end,
    problems: problem === null ? end.problems : [...end.problems, problem],
    notices: [...end.notices, ...session.notices()],
  };
}

/**
 * A poll goes on as the last read did: a better way that was refused is tried again where everybody is read anyway, and
 * a poll never becomes a read of everybody for its sake.
 */
function inOrder(all: readonly Candidate[], known: Progressed | null): readonly Candidate[] {
  const sameAsLast = all.filter(({ tracking }) => tracking.name === known?.tracking);
  return [...sameAsLast, ...all.filter((candidate) => !sameAsLast.includes(candidate))];
}

function endItem(
  { tracking, end }: BestRead,
  known: Progressed | null,
  since: Watermark | null,
  notices: readonly string[],
): SourceItem {
  const complete = end.problems.length === 0;
  // An incomplete read must not move the mark, even for a caller that forgets to look.
  const mark = complete ? end.mark : null;
  const kept = complete || known === null ? null : since;
  return {
    kind: 'end',
    watermark: kept ?? formatWatermark({ tracking, mark }),
    complete,
    problems: end.problems,
    names: end.names,
    tracking,
    notices: [...notices, ...end.notices],
  };
}

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
import { candidates } from './tracking/index.ts';
import { type TrackedEnd, type Tracking, TrackingRefused } from './tracking/tracking.ts';
import { formatWatermark, type Progressed, parseWatermark } from './tracking/watermark.ts';

/** @throws SourceUnavailable when the read broke */
export async function* readDirectory(
  settings: LdapSettings,
  wish: ReadWish,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void> {
  const session = await openSession(settings, signal);
  try {
    yield* readBest(session, wish);
  } finally {
    await session.close();
  }
}

async function* readBest(session: Session, { since, everyone }: ReadWish): AsyncGenerator<SourceItem, void> {
  const known = since === null ? null : parseWatermark(since);
  const notices = since !== null && known === null ? ['the stored watermark was not one of this source'] : [];
  for (const { tracking, whyNot } of candidates(session)) {
    if (whyNot !== null) {
      notices.push(`not read by ${tracking.name}: ${whyNot}`);
      continue;
    }
    const mark = known?.tracking === tracking.name ? known.mark : null;
    try {
      const end = yield* tracking.read(session, mark, everyone || mark === null);
      yield endItem(tracking, end, known, since, notices);
      return;
    } catch (error) {
      if (!(error instanceof TrackingRefused)) throw error;
      notices.push(`not read by ${tracking.name}: ${error.message}`);
    }
  }
  throw new SourceUnavailable(`source ${session.settings.name}: ${notices.join('; ')}`);
}

function endItem(
  tracking: Tracking,
  end: TrackedEnd,
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
    watermark: kept ?? formatWatermark({ tracking: tracking.name, mark }),
    complete,
    problems: end.problems,
    names: end.names,
    tracking: tracking.name,
    notices: [...notices, ...end.notices],
  };
}

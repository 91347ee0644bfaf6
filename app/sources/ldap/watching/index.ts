/** The watchings by name, and the first of them that works at a server. */
import { SourceUnavailable } from '../../../errors.ts';
import type { Watermark } from '../../source.ts';
import type { LdapSettings } from '../options.ts';
import { openSession, type Session } from '../session.ts';
import { TrackingRefused } from '../tracking/tracking.ts';
import { type Progressed, parseWatermark } from '../tracking/watermark.ts';
import { CHANGE_NOTIFICATION_WATCHING } from './change-notification.ts';
import { CONTENT_SYNC_WATCHING } from './content-sync.ts';
import { PERSISTENT_SEARCH_WATCHING } from './persistent-search.ts';
import type { Watching } from './watching.ts';

const WATCHINGS: readonly Watching[] = [
  CONTENT_SYNC_WATCHING,
  CHANGE_NOTIFICATION_WATCHING,
  PERSISTENT_SEARCH_WATCHING,
];

/** @throws SourceUnavailable where nothing can be heard, or nothing any more; it says why */
export async function* watchDirectory(
  settings: LdapSettings,
  since: Watermark | null,
  signal: AbortSignal,
): AsyncGenerator<void, void> {
  const session = await openSession(settings, signal);
  try {
    yield* listenBest(session, since === null ? null : parseWatermark(since));
  } finally {
    await session.close();
  }
}

/** A way to hear that is to be considered, with what speaks against it at this server; the best first. */
export type WatchCandidate = { readonly watching: Watching; readonly whyNot: string | null };

export function watchCandidates(session: Session): readonly WatchCandidate[] {
  return session.dialect.watches.flatMap((name) => {
    const watching = WATCHINGS.find((known) => known.name === name);
    return watching === undefined ? [] : [{ watching, whyNot: watching.whyNot(session) }];
  });
}

async function* listenBest(session: Session, since: Progressed | null): AsyncGenerator<void, void> {
  const { settings, dialect } = session;
  const refusals: string[] = [];
  for (const { watching, whyNot } of watchCandidates(session)) {
    if (whyNot !== null) {
      refusals.push(`${watching.name}: ${whyNot}`);
      continue;
    }
    try {
      yield* watching.listen(session, since);
      return;
    } catch (error) {
      if (!(error instanceof TrackingRefused)) throw error;
      refusals.push(`${watching.name}: ${error.message}`);
    }
  }
  const why = refusals.length > 0 ? refusals.join('; ') : `${dialect.title} has no way to tell of changes`;
  throw new SourceUnavailable(`source ${settings.name} cannot be listened to: ${why}`);
}

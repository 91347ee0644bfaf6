/** The trackings by name, and which of them are tried at a server, the best first. */
import type { Session } from '../session.ts';
import { CONTENT_SYNC } from './content-sync.ts';
import { DIRSYNC_TRACKING } from './dirsync.ts';
import type { TrackingName } from './names.ts';
import { RETRO_CHANGELOG } from './retro-changelog.ts';
import { TIME_STAMPS } from './time-stamps.ts';
import type { Tracking } from './tracking.ts';
import { USN_CHANGED } from './usn-changed.ts';

const TRACKINGS: readonly Tracking[] = [
  CONTENT_SYNC,
  DIRSYNC_TRACKING,
  USN_CHANGED,
  RETRO_CHANGELOG,
  TIME_STAMPS,
];

export type Candidate = { readonly tracking: Tracking; readonly whyNot: string | null };

/** Every tracking that is to be considered, the best first, with what speaks against it at this server. */
export function candidates(session: Session): readonly Candidate[] {
  const { settings, dialect } = session;
  const names: readonly TrackingName[] =
    settings.tracking === 'auto' ? dialect.trackings : [settings.tracking];
  return names.flatMap((name) => {
    const tracking = TRACKINGS.find((known) => known.name === name);
    return tracking === undefined ? [] : [{ tracking, whyNot: tracking.whyNot(session) }];
  });
}

/**
 * The contract of a way to hear of a directory's changes at once. Each is one file beside this one and a line in
 * `index.ts`.
 *
 * A watching is a bell and nothing more: it says that something has changed, never what. The truth is read by the polls
 * that it rings for, so that a bell that rings too often costs a read, and one that misses something costs time.
 */
import type { Session } from '../session.ts';
import type { WatchName } from '../tracking/names.ts';
import type { Progressed } from '../tracking/watermark.ts';

export type Watching = {
  readonly name: WatchName;
  /** Why this server cannot be heard in this way, as far as it says; null where it can. */
  whyNot(session: Session): string | null;
  /**
   * Yields once it listens, and then after each change or burst of changes. It never ends by itself.
   * @param since how far the source has been read; null for not yet
   * @throws TrackingRefused before it listens, where it turns out that the server will not; then the next is tried
   * @throws SourceUnavailable when it can hear no more
   */
  listen(session: Session, since: Progressed | null): AsyncGenerator<void, void>;
};

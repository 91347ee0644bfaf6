/**
 * The contract of a way to follow a directory's changes. Each is one file beside this one and a line in `index.ts`.
 *
 * A tracking says whom a server names and what it concludes from that; whether somebody is gone is for `sync/`.
 */
import type { SourceItem } from '../../source.ts';
import type { Session } from '../session.ts';
import type { TrackingName } from './names.ts';

/** How far one tracking has come, as it stores it: JSON of its own shape. */
export type Mark = unknown;

export type TrackedItem = Exclude<SourceItem, { kind: 'end' }>;

/** What a read was worth. */
export type TrackedEnd = {
  /** From where to go on. Only kept where there is no problem. */
  readonly mark: Mark;
  /** `everyone`: whoever was not named, as present or unchanged, is not there. */
  readonly names: 'everyone' | 'changes';
  /** Why the read does not tell everything, in words for an operator; empty where it does. */
  readonly problems: readonly string[];
  /** What an operator should know although nothing is missing. */
  readonly notices: readonly string[];
};

export type Tracking = {
  readonly name: TrackingName;
  /** Why this server cannot be followed in this way, as far as it says; null where it can. */
  whyNot(session: Session): string | null;
  /**
   * @param mark what the last read of this tracking ended with; null where there is none
   * @param everyone true: name everybody, and go on from `mark` only where that is as good
   * @throws TrackingRefused where it turns out that the server will not; then the next is tried, and tells of everybody
   * @throws SourceUnavailable when the read broke
   */
  read(session: Session, mark: Mark | null, everyone: boolean): AsyncGenerator<TrackedItem, TrackedEnd>;
};

/** The server does not do it after all. The message says why, in words for an operator. */
export class TrackingRefused extends Error {
  override name = 'TrackingRefused';
}

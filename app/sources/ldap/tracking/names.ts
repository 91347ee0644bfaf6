/** The ways to follow a directory's changes, by the names that configuration, log and `check source` use. */

export const TRACKING_NAMES = [
  'content-sync',
  'dirsync',
  'usn-changed',
  'retro-changelog',
  'time-stamps',
] as const;

export type TrackingName = (typeof TRACKING_NAMES)[number];

/** The ways to be told of a change at once. */
export type WatchName = 'content-sync' | 'change-notification' | 'persistent-search';

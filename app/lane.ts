/**
 * The lanes of the work: who is served before whom where a target cannot take everybody at once (design.md,
 * "Interactive work first"). Decides the order and nothing else: `sync/lanes.ts` says which lane a person is in.
 *
 *   leaver   somebody loses access
 *   joiner   somebody gets access
 *   manual   an operator asked for it and looks on
 *   update   any other change
 *   bulk     a run that brings many people at once; it leaves a reserve of the request budget to the others
 */

/** The best first. */
export const LANES = ['leaver', 'joiner', 'manual', 'update', 'bulk'] as const;

export type Lane = (typeof LANES)[number];

/** 0 for the best. */
export function laneRank(lane: Lane): number {
  return LANES.indexOf(lane);
}

/**
 * Which lane a person is served in: by what the news about them will do at one target, and by how many a run brings
 * at once. Pure; it orders people and never decides what is written.
 *
 *   the news                          | brought alone, or by a small run | by a run that brings many
 *   ──────────────────────────────────────────────────────────────────────────────────────────────
 *   takes access away                 | leaver                           | leaver
 *   gives access: no account yet, or  | joiner                           | bulk
 *     one that is switched off        |                                  |
 *   changes anything else, or nothing | update                           | bulk
 */
import type { Lane } from '../lane.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { isRemoval, type Known } from '../plan/decision.ts';
import { plan } from '../plan/plan.ts';
import type { Link } from '../store/ports/index.ts';
import { wanted } from './desired.ts';
import { rememberedBy } from './provisioning/remembered.ts';
import type { Seen } from './seen.ts';

/** What news will do at one target, by what we know now. */
export type Effect = 'takes-access' | 'gives-access' | 'changes';

/**
 * A run that brings more people than this is bulk. Fifty new people are 150 requests, about a minute at a limit of
 * 120 a minute: longer than that nobody who comes meanwhile shall wait behind a run.
 */
export const MANY = 50;

/**
 * The plan tells, made for what the link remembers: neither whom the target has without a link nor whom others refer to
 * changes who has access.
 * @param link null where no account is known at the target
 */
export function foreseenEffect(identity: Seen, link: Link | null, mapping: Mapping, now: Date): Effect {
  const want = wanted(identity, mapping, now);
  if (want.desired === null) return 'changes';
  const known: Known = link === null ? { kind: 'nothing' } : rememberedBy(link);
  const decided = plan(want.desired, known, mapping.policy, now);
  if (isRemoval(decided)) return 'takes-access';
  const { action } = decided;
  const gives = action === 'reactivate' || (action === 'create' && decided.user.active !== false);
  return gives ? 'gives-access' : 'changes';
}

/** @param together how many people the run brings; 1 for an event */
export function laneFor(effect: Effect, together: number): Lane {
  if (effect === 'takes-access') return 'leaver';
  if (together > MANY) return 'bulk';
  return effect === 'gives-access' ? 'joiner' : 'update';
}

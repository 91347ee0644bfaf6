/**
 * Nobody loses access by what a joined source does not say as long as it has said nothing of anybody: it was never read
 * yet, or cannot be. Such work waits and costs no attempt; whoever is gone from their own source does not.
 */
import type { Mapping } from '../../mapping/mapping.ts';
import { type Desired, isRemoval, type Plan } from '../../plan/decision.ts';
import type { Identities } from '../../store/ports/index.ts';
import type { Outcome } from './outcome.ts';

type Deps = { readonly identities: Pick<Identities, 'countPresent'>; readonly now: () => Date };

/** News of that source brings the attempt forward. */
const LOOK_AGAIN_MS = 300_000;

/** The outcome for a removal that has to wait for that; null where it may go on. */
export async function waitsForJoined(
  decided: Plan,
  desired: Desired,
  { joins = [] }: Pick<Mapping, 'joins'>,
  { identities, now }: Deps,
): Promise<Outcome | null> {
  const isGone = desired.kind === 'leaver' && desired.why === 'leaver';
  if (joins.length === 0 || isGone || !isRemoval(decided)) return null;
  const known = await Promise.all(joins.map(({ source }) => identities.countPresent(source)));
  if (known.every((count) => count > 0)) return null;
  return { kind: 'busy', until: new Date(now().getTime() + LOOK_AGAIN_MS) };
}

/**
 * A target that was filled before us, and that an operator wants to look through first (`adoption: reviewed`): nothing
 * is written there until they have accepted what would become of it (`landbridge adopt`). Work waits meanwhile.
 */
import type { Adoptions } from '../../store/ports/index.ts';
import type { Paused } from './outcome.ts';

export type AdoptionDeps = {
  readonly target: { readonly name: string };
  readonly adoptions: Adoptions;
  readonly policy: {
    /** Nothing is written before an operator has accepted it. Absent: by itself. */
    readonly adoption?: 'by-itself' | 'reviewed';
  };
  readonly now: () => Date;
};

/** How often it is looked whether it was accepted. */
const LOOK_AGAIN_MS = 5_000;

/** The outcome for work that has to wait for that; null where it may go on. */
export async function awaitsAdoption({
  target,
  adoptions,
  policy,
  now,
}: AdoptionDeps): Promise<Paused | null> {
  if (policy.adoption !== 'reviewed' || (await adoptions.get(target.name)) !== null) return null;
  const until = new Date(now().getTime() + LOOK_AGAIN_MS);
  return { kind: 'paused', reason: adoptionInWords(target.name), until };
}

export function adoptionInWords(target: string): string {
  return `nothing is written at ${target} before somebody has looked: run landbridge adopt ${target}`;
}

/**
 * Which of the removals that a run brings have to wait for an operator: all of them at a target where they are too many
 * together with what went before, or those of one group that would lose too many. Whom an operator has decided about is
 * left out, and whom another run holds goes on waiting there; the rest has its places in the window from now on.
 */
import type { Holds, NewlyHeld, Standing } from '../store/ports/index.ts';
import { admitRemovals, type Leaving, limitAt, type TooMany, type WindowDeps } from './removal-window.ts';

/** One person who would lose access at one target. */
export type Removal = { readonly target: string; readonly person: Leaving };

/** @returns what has to be held, and why (null where nothing has) */
export async function overLimit(
  removals: readonly Removal[],
  deps: WindowDeps & { readonly holds: Holds },
): Promise<{ held: readonly NewlyHeld[]; reason: string | null }> {
  const held: NewlyHeld[] = [];
  const reasons: string[] = [];
  for (const target of new Set(removals.map((removal) => removal.target))) {
    const here = removals.filter((removal) => removal.target === target).map(({ person }) => person);
    for (const { people, reason } of await heldAt(target, here, deps)) {
      held.push(...people.map(({ key }) => ({ key, target })));
      reasons.push(reason);
    }
  }
  return { held, reason: reasons.length === 0 ? null : reasons.join('; ') };
}

type Held = { readonly people: readonly Leaving[]; readonly reason: string };

async function heldAt(
  target: string,
  people: readonly Leaving[],
  deps: WindowDeps & { readonly holds: Holds },
): Promise<readonly Held[]> {
  const standings = await deps.holds.standings(
    target,
    people.map(({ key }) => key),
  );
  const are = (...kinds: readonly Standing['kind'][]) =>
    people.filter((_, index) => kinds.includes(standings[index]?.kind ?? 'free'));
  const undecided = are('free', 'held', 'expired');
  const limit = await limitAt(target, deps);
  // Whoever waits elsewhere may be let go there: a flood is held whole.
  if (undecided.length > limit) {
    const flood = { people: undecided, before: 0, limit, group: null };
    return [{ people: undecided, reason: inWords(flood, target) }];
  }
  const expired = are('expired');
  const again = {
    people: expired,
    reason: `${expired.length} removals at ${target} about which nobody decided`,
  };
  const tooMany = await admitRemovals(target, are('free'), deps);
  return [
    ...(expired.length === 0 ? [] : [again]),
    ...tooMany.map((refused) => ({ people: refused.people, reason: inWords(refused, target) })),
  ];
}

function inWords({ people, before, limit, group }: TooMany, target: string): string {
  const earlier = before === 0 ? '' : ` and ${before} before them within the guard's window`;
  const whose = group === null ? '' : ` of the ${group.members} members of group ${group.name}`;
  return `${people.length} removals${whose} at ${target}${earlier}, more than the ${limit} that may go by themselves`;
}

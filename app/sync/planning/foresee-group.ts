/**
 * What would be done about one group at one target now: the same steps as `sync/groups`, up to the decision, with
 * nothing written. Whoever has no account there yet waits, whatever else the same plan does.
 */
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import type { GroupKey, PersonKey } from '../../person/anchor.ts';
import { type GroupDesired, type GroupPlan, planGroup } from '../../plan/group-plan.ts';
import type { Call } from '../../scim/target.ts';
import type { DueMarks, GroupLink, Groups } from '../../store/ports/index.ts';
import { type FindGroupDeps, findMatchingGroup, readLinkedGroup } from '../groups/find-group.ts';
import { withAwaited } from '../groups/reviewed-group.ts';
import { wantedGroup } from '../groups/wanted-group.ts';

export type ForeseenGroup = {
  readonly plan: GroupPlan;
  /** As it shall be called; null where it shall not be there. */
  readonly name: string | null;
  /** As it is called at the target; null where none is there, or it was not asked for. */
  readonly nameThere: string | null;
  /** Why it cannot be mapped, in words; null where it can. */
  readonly unmapped: string | null;
  readonly waiting: readonly PersonKey[];
};

export type ForeseeGroupDeps = FindGroupDeps & {
  readonly groups: Groups;
  readonly due: Pick<DueMarks, 'get'>;
};

/** @param joining who gets an account there by the same plan. @throws what a GroupTarget throws */
export async function foreseeGroup(
  key: GroupKey,
  link: GroupLink | null,
  mapping: GroupMapping,
  joining: ReadonlySet<PersonKey>,
  call: Call,
  deps: ForeseeGroupDeps,
): Promise<ForeseenGroup> {
  const want = await wantedGroup(key, mapping, deps, Number.POSITIVE_INFINITY);
  if (want.kind === 'failed') {
    const plan: GroupPlan = { action: 'none', reason: 'cannot be mapped' };
    return { plan, name: null, nameThere: null, unmapped: want.words, waiting: [] };
  }
  const waiting = want.waiting.people;
  const desired = withAwaited(
    want.desired,
    waiting.some((person) => joining.has(person)),
  );
  const known = await knownOf(desired, link, mapping, { key, target: mapping.target, call }, deps);
  return {
    plan: planGroup(desired, known, mapping.policy),
    name: desired.kind === 'group' ? desired.displayName : null,
    nameThere: 'group' in known ? known.group.displayName : null,
    unmapped: null,
    waiting,
  };
}

async function knownOf(
  desired: GroupDesired,
  link: GroupLink | null,
  mapping: GroupMapping,
  look: Parameters<typeof readLinkedGroup>[1],
  deps: FindGroupDeps,
) {
  const isLeft = desired.kind === 'gone' && mapping.policy.gone === 'leave';
  const linked = link === null || isLeft ? null : await readLinkedGroup(link, look, deps);
  if (linked !== null) return linked.known;
  if (desired.kind === 'gone') return { kind: 'nothing' } as const;
  return (await findMatchingGroup(desired, mapping, look, deps)).known;
}

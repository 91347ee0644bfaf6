/**
 * Carries a plan out: each of its items under the lease of that person or group, by the newest knowledge and a fresh
 * look at the target, and only where that comes to what the plan shows (`provisionReviewed`). People come before groups.
 * Whatever has moved since is left as it is, and the others go on. What is done already is not done again, so that a
 * plan that was broken off can be applied once more.
 */
import type { Plan } from '../../plan/decision.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import { type GroupItem, isToDo, type PlanFile, type PlanItem, type Seal } from '../../plan/plan-file.ts';
import type { GroupDeps } from '../groups/group-work.ts';
import { provisionReviewedGroup } from '../groups/provision-group.ts';
import { provisionReviewed } from '../provisioning/provision.ts';
import type { Applying } from '../provisioning/reviewed.ts';
import type { ProvisionDeps } from '../provisioning/work.ts';
import {
  type AppliedItem,
  applyPiece,
  type Item,
  NOT_BEGUN,
  type Piece,
  type PieceDeps,
} from './apply-piece.ts';
import { essenceOf } from './digest.ts';
import { groupEssence } from './group-item.ts';

export type ApplyDeps = PieceDeps & {
  /** null where there is no such target any more. */
  readonly provisioning: (target: string) => ProvisionDeps | null;
  /** null where there is no such target any more, or it has no groups. */
  readonly groupProvisioning: (target: string) => GroupDeps | null;
  /** How many people, or groups, at once at one target. */
  readonly atOnce: (target: string) => number;
  readonly seal: Seal;
};

export type StopSignals = {
  /** Nothing new is begun. */
  readonly stop: AbortSignal;
  /** What is under way is broken off. */
  readonly hurry: AbortSignal;
};

/** @returns what became of each item that asks for something, as it ends */
export async function* applyPlan(
  { items, groups }: Pick<PlanFile, 'items' | 'groups'>,
  by: Applying,
  signals: StopSignals,
  deps: ApplyDeps,
): AsyncGenerator<AppliedItem> {
  const people = items.filter(isToDo);
  const ofGroups = groups.filter(isToDo);
  for (const target of new Set([...people, ...ofGroups].map((item) => item.target))) {
    const parts = deps.provisioning(target);
    const groupParts = deps.groupProvisioning(target);
    // Access ends first.
    const here = people
      .filter((item) => item.target === target)
      .sort((a, b) => Number(b.removal) - Number(a.removal));
    const pieces = here.map((item) => parts && personPiece(item, by, parts, signals, deps));
    yield* inLanes(here, pieces, target, signals, deps);
    const groupsHere = ofGroups.filter((item) => item.target === target);
    const groupPieces = groupsHere.map(
      (item) => groupParts && groupPiece(item, by, groupParts, signals, deps),
    );
    yield* inLanes(groupsHere, groupPieces, target, signals, deps);
  }
}

/** @param pieces null where the target is not there any more */
async function* inLanes(
  items: readonly Item[],
  pieces: readonly (Piece | null)[],
  target: string,
  { stop, hurry }: StopSignals,
  deps: ApplyDeps,
): AsyncGenerator<AppliedItem> {
  const waiting = pieces.flatMap((piece) => piece ?? []);
  if (waiting.length < items.length) {
    for (const item of items)
      yield { item, result: 'refused', reason: `there is no target ${target} any more` };
    return;
  }
  const ended = new AbortController();
  const broken = whenAborted(hurry, ended.signal);
  try {
    yield* untilBroken(waiting, deps.atOnce(target), stop, broken, deps);
  } finally {
    ended.abort();
  }
}

/** @param broken resolves where what is under way is to be waited for no more */
async function* untilBroken(
  waiting: Piece[],
  atOnce: number,
  stop: AbortSignal,
  broken: Promise<null>,
  deps: ApplyDeps,
): AsyncGenerator<AppliedItem> {
  const running = new Map<Item, Promise<AppliedItem>>();
  for (;;) {
    if (stop.aborted && running.size === 0) {
      for (const { item } of waiting) yield { item, result: 'stopped', reason: NOT_BEGUN };
      return;
    }
    while (running.size < atOnce) {
      const piece = waiting.shift();
      if (piece === undefined) break;
      running.set(piece.item, applyPiece(piece, stop, deps));
    }
    if (running.size === 0) return;
    const ended = await Promise.race([...running.values(), broken]);
    if (ended === null) {
      // Whatever they wait for, Redis perhaps, may never come.
      for (const item of running.keys()) yield { item, result: 'failed', reason: 'broken off' };
      for (const { item } of waiting) yield { item, result: 'stopped', reason: NOT_BEGUN };
      return;
    }
    running.delete(ended.item);
    yield ended;
  }
}

/** @param until from then on nobody listens any more */
function whenAborted(signal: AbortSignal, until: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true, signal: until });
  });
}

function personPiece(
  item: PlanItem,
  by: Applying,
  parts: ProvisionDeps,
  { hurry }: StopSignals,
  { seal }: ApplyDeps,
): Piece {
  const { person, target, withheld, digest, userName } = item;
  const reviewed = {
    isExpected: (decided: Plan) => seal(essenceOf(person, target, decided, withheld)) === digest,
    withheld,
    userName,
    ...by,
  };
  return {
    item,
    serve: () => provisionReviewed(person, reviewed, parts, hurry),
    async afterwards() {
      if (withheld.length > 0) await makePersonDue(item, parts);
      return null;
    },
  };
}

function groupPiece(
  item: GroupItem,
  by: Applying,
  parts: GroupDeps,
  { hurry }: StopSignals,
  { seal }: ApplyDeps,
): Piece {
  const { group, target, waiting, joining, digest } = item;
  const reviewed = {
    isExpected: (decided: GroupPlan) => seal(groupEssence(group, target, decided)) === digest,
    waiting,
    awaitsPeople: joining.length > 0,
    ...by,
  };
  return {
    item,
    serve: () => provisionReviewedGroup(group, reviewed, parts, hurry),
    async afterwards() {
      if (waiting.length === 0) return null;
      await parts.dueGroups.mark(target, group, { lane: 'update' }, parts.now());
      await parts.bell.ring(target, group, 'update');
      return `${waiting.length} of its people had no account when the plan was made; workers add who has one now`;
    },
  };
}

/** The account that was waited for may have come into being meanwhile: workers look, as after any other create. */
async function makePersonDue({ person, target }: PlanItem, { due, bell, now }: ProvisionDeps): Promise<void> {
  await due.mark(target, person, { lane: 'update' }, now());
  await bell.ring(target, person, 'update');
}

/**
 * The name of an account that is about to be written. It is taken for the person before the target hears of it, and
 * where the mapping looks for accounts by userName, the target is asked first whether it is free.
 */
import { Refused } from '../../errors.ts';
import type { Mapping } from '../../mapping/mapping.ts';
import type { AccountChange, Known } from '../../plan/decision.ts';
import type { Link } from '../../store/ports/index.ts';
import type { Wanted } from '../desired.ts';
import { type Naming, NO_NAME_LEFT, withUserName } from '../user-names.ts';
import { bury } from './conclude.ts';
import type { Outcome } from './outcome.ts';
import type { ProvisionDeps, Work } from './work.ts';

type KnownWanted = Extract<Wanted, { kind: 'known' }>;

/** A target that refuses each name may mean something else. */
const MOST_REFUSALS = 10;

/** Somebody at the target has the name that was proposed; nothing was written. */
export type NameTaken = { readonly kind: 'name-taken'; readonly status: number; readonly words: string };

/** Decides under a name of the person's own; where the target refuses it, under the next one. */
export async function named<Decided extends { readonly kind: string } | string>(
  want: KnownWanted,
  { known, link }: { readonly known: Known; readonly link: Link | null },
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
  decide: (called: KnownWanted) => Promise<Decided | NameTaken>,
): Promise<Decided | Outcome> {
  const { target, key } = work;
  if (mapping.proposesNames !== undefined && want.desired.kind !== 'account' && link === null)
    await deps.userNames.giveUp(target, key);
  const refused: string[] = [];
  const isGiven = mapping.proposesNames === undefined || (link !== null && keepsItsName(mapping));
  const naming: Naming = {
    choose: (names, has) => deps.userNames.claim(target, key, asSeen(names, work), has),
    isTaken: async (name) => refused.includes(name) || (await isTaken(name, mapping, work, deps)),
  };
  for (;;) {
    const called = isGiven ? want : await withUserName(want, known, mapping, naming);
    if (called === null) return await bury({ status: null, words: NO_NAME_LEFT, decided: null }, work, deps);
    const decided = await decide(called);
    if (!isNameTaken(decided)) {
      // Only now is it certain that it was the names that it refused.
      for (const name of refused) await deps.userNames.refused(target, name);
      return decided;
    }
    if (called.desired.kind === 'account') refused.push(called.desired.user.userName);
    const isLast = refused.length === MOST_REFUSALS || work.reviewed !== undefined;
    if (isLast || want.userNames === undefined)
      throw new Refused(
        decided.status,
        `${refused.length} userNames were refused; the last: ${decided.words}`,
      );
  }
}

/** In the order in which they are tried: first the one that an operator has seen in a plan. */
function asSeen(names: readonly string[], { reviewed }: Work): readonly string[] {
  const seen = reviewed?.userName ?? '';
  return names.includes(seen) ? [seen, ...names.filter((name) => name !== seen)] : names;
}

/** An account that is there is not renamed, so that no other name is taken for it. */
function keepsItsName({ policy }: Mapping): boolean {
  return policy.attributes.some(({ path, when }) => path[0] === 'userName' && when === 'create-only');
}

function isNameTaken(decided: { readonly kind: string } | string): decided is NameTaken {
  return typeof decided !== 'string' && decided.kind === 'name-taken';
}

/** A look-up that found nobody a moment ago is not made again, as in `correlate.ts`. */
async function isTaken(
  name: string,
  { proposesNames }: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<boolean> {
  if (proposesNames?.asksTarget !== true) return false;
  const asked = { by: 'userName', value: name } as const;
  const isNoted = await deps.fruitless.noted(work.target, work.key);
  if (!work.mark.fresh && isNoted(asked)) return false;
  const isThere = await isAtTarget(name, work, deps);
  if (isThere) await deps.userNames.refused(work.target, name);
  else work.fruitless.push(asked);
  return isThere;
}

/**
 * A create was refused, and no account of the person's own is in the way. Some targets say by other answers than 409 that
 * a name is taken, and by the same ones that something else is wrong.
 */
export async function isNameRefused(
  name: string,
  status: number,
  { proposesNames }: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<boolean> {
  if (proposesNames === undefined) return false;
  return status === 409 || (await isAtTarget(name, work, deps));
}

async function isAtTarget(value: string, { call }: Work, { target }: ProvisionDeps): Promise<boolean> {
  return (await target.find({ by: 'userName', value }, call)).length > 0;
}

/** The target refuses to rename an account to what somebody there has; anything else that it refuses is thrown on. */
export function nameTaken(error: unknown, { differences }: AccountChange, mapping: Mapping): NameTaken {
  const renames = differences.some(({ path }) => path[0] === 'userName');
  const isConflict = error instanceof Refused && error.status === 409;
  if (!isConflict || !renames || mapping.proposesNames === undefined) throw error;
  return { kind: 'name-taken', status: error.status, words: error.words };
}

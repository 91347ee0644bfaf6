/**
 * Which of the names that a mapping proposes (`unique`) an account gets. Nobody's name changes because another one has
 * become free, and nobody gets a name that somebody else has.
 *
 *   what is known of the person                              | the name
 *   ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 *   an account, whose name is among those proposed           | that
 *   a name was taken for them, and no account is made yet    | that
 *   anything else                                            | the first that nobody else has: nobody whose account is
 *                                                            | linked, nobody who is to get one, nobody at the target
 *
 * A name is taken in one step for all processes. An account at the target that has it is never taken for this person's.
 */
import type { Mapping } from '../mapping/mapping.ts';
import { candidateNames, foldUserName } from '../person/user-names.ts';
import type { Desired, Known } from '../plan/decision.ts';
import type { ScimUser } from '../scim/resource.ts';

export const NO_NAME_LEFT =
  'no userName is left: each that unique() proposes is somebody else’s. Let the mapping propose more';

type WithNames = { readonly desired: Desired; readonly userNames?: readonly string[] };

export type Naming = {
  /** Chooses among these names; `has` counts first. Null where each is somebody else's. */
  readonly choose: (names: readonly string[], has: string | undefined) => Promise<string | null>;
  /** Whether somebody at the target has the name, as far as it is asked. */
  readonly isTaken: (name: string) => Promise<boolean>;
};

/** @returns what is wanted under a name of their own; null where none is left */
export async function withUserName<Want extends WithNames>(
  want: Want,
  known: Known,
  mapping: Mapping,
  { choose, isTaken }: Naming,
): Promise<Want | null> {
  const { desired, userNames } = want;
  if (userNames === undefined || desired.kind !== 'account') return want;
  const { protectedUserNames } = mapping.policy.lifecycle;
  let names = [...candidateNames(userNames)].filter((name) => !protectedUserNames.has(name.toLowerCase()));
  const has = nameIn(known);
  for (;;) {
    const name = await choose(names, known.kind === 'found' ? has : undefined);
    if (name === null) return null;
    const isTheirs = has !== undefined && foldUserName(has) === foldUserName(name);
    if (isTheirs || !(await isTaken(name))) return called(name, want, desired.user);
    names = names.filter((other) => other !== name);
  }
}

function called<Want extends WithNames>(userName: string, want: Want, user: ScimUser): Want {
  return { ...want, desired: { kind: 'account', user: { ...user, userName } } };
}

function nameIn(known: Known): string | undefined {
  return known.kind === 'found' || known.kind === 'linked' ? known.account.user.userName : undefined;
}

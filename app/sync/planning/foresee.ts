/**
 * What would be done about one person at one target now: the same steps as `provisioning`, up to the decision, with
 * nothing written. How the target's accounts are found is given: by asking for them one by one, or from a listing of
 * all of them.
 */
import type { Lane } from '../../lane.ts';
import { type Mapping, problemInWords } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { Identity } from '../../person/identity.ts';
import type { Known, Plan } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import type { AttributePath, ScimUser } from '../../scim/resource.ts';
import type { Call, Target } from '../../scim/target.ts';
import type { Identities, Link, Links, UserNames, Waiting } from '../../store/ports/index.ts';
import { type Wanted, wanted } from '../desired.ts';
import { lookUp, readLinked } from '../provisioning/correlate.ts';
import { withReferences } from '../references.ts';
import { seenBy } from '../seen.ts';
import { NO_NAME_LEFT, withUserName } from '../user-names.ts';

export type Foreseen = {
  readonly plan: Plan;
  /** What the account shall be, as far as the mapping can tell; null for a leaver. */
  readonly user: ScimUser | null;
  /** Nothing can be decided, since the person cannot be mapped. */
  readonly unmapped: boolean;
  readonly problems: readonly string[];
  /** References that wait for another's account, and where nothing stands for want of it. */
  readonly waiting: readonly Waiting[];
  readonly leftOut: readonly AttributePath[];
};

type Named = Pick<Extract<Wanted, { kind: 'known' }>, 'desired' | 'references' | 'userNames'>;

export type ForeseeDeps = {
  readonly identities: Identities;
  readonly links: Links;
  readonly userNames: Pick<UserNames, 'foresee'>;
  readonly now: () => Date;
  /** Where accounts are found. */
  readonly target: Pick<Target, 'name' | 'find'>;
};

/** @throws what a Target throws */
export async function foresee(
  identity: Identity,
  link: Link | null,
  mapping: Mapping,
  call: Call,
  deps: ForeseeDeps,
): Promise<Foreseen> {
  const want = wanted(await seenBy(mapping, identity, deps), mapping, deps.now());
  const problems = (want.kind === 'failed' ? want.problems : want.warnings).map(problemInWords);
  if (want.desired === null) {
    const undecided: Plan = { action: 'none', reason: 'cannot be mapped' };
    return { plan: undecided, user: null, unmapped: true, problems, waiting: [], leftOut: [] };
  }
  const look = lookOnly(identity.key, call, deps);
  const linked = link === null ? 'vanished' : await readLinked(link, look, deps);
  const who = { key: identity.key, target: mapping.target, link: linked === 'vanished' ? null : link };
  const unnamed = want.desired.kind === 'account' ? want.desired.user : null;
  const known = linked === 'vanished' ? await findUnlinked(unnamed, mapping, look, deps) : linked;
  const named = await foreseeName({ ...want, desired: want.desired }, known, mapping, look, deps);
  const { desired, waiting, leftOut } = await withReferences(
    named ?? { ...want, desired: want.desired },
    who,
    deps,
  );
  const user = desired.kind === 'account' ? desired.user : null;
  const free: Known = named === null ? { kind: 'ambiguous', reason: NO_NAME_LEFT } : known;
  const decided = plan(desired, free, mapping.policy, deps.now());
  return { plan: decided, user, unmapped: false, problems, waiting, leftOut };
}

/** Reading needs no right to write. */
export function lookingCall(signal: AbortSignal, lane: Lane): Call {
  return { signal, lane, beforeRequest: async () => {} };
}

/** Takes no name: whoever is written first gets it. */
async function foreseeName(
  want: Named,
  known: Known,
  mapping: Mapping,
  { key, call }: ReturnType<typeof lookOnly>,
  { target, userNames }: ForeseeDeps,
): Promise<Named | null> {
  return await withUserName<Named>(want, known, mapping, {
    choose: (names, has) => userNames.foresee(target.name, key, names, has),
    isTaken: async (value) =>
      mapping.proposesNames?.asksTarget === true &&
      (await target.find({ by: 'userName', value }, call)).length > 0,
  });
}

async function findUnlinked(
  user: ScimUser | null,
  mapping: Mapping,
  look: ReturnType<typeof lookOnly>,
  deps: ForeseeDeps,
): Promise<Known> {
  return user === null ? { kind: 'nothing' } : await lookUp(user, mapping, look, deps);
}

function lookOnly(key: PersonKey, call: Call, { now }: ForeseeDeps) {
  const mark = { seq: 0, fresh: true, lane: call.lane, markedAt: now().toISOString() };
  return { key, mark, call };
}

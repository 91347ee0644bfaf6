/**
 * An operator asks that one person's accounts be made right now. A preview reads the person and their accounts and
 * shows the plan; applying makes the person due with a fresh look at the target, so that changes made by hand there
 * are found (O-28).
 */
import type { Mapping } from '../mapping/mapping.ts';
import type { PersonKey } from '../person/anchor.ts';
import type { Identity } from '../person/identity.ts';
import { sameNames } from '../person/member-names.ts';
import { concealed } from '../plan/conceal.ts';
import type { Plan } from '../plan/decision.ts';
import type { Target } from '../scim/target.ts';
import { findOne } from '../sources/find-one.ts';
import type { Source } from '../sources/source.ts';
import type { Run, Runs, UserNames, Waiting } from '../store/ports/index.ts';
import { type AnnounceDeps, markDue } from './announce.ts';
import { foresee, lookingCall } from './planning/foresee.ts';
import { absorbAbsence, absorbEntry } from './reading/absorb.ts';

export type ReprovisionDeps = AnnounceDeps & {
  readonly runs: Runs;
  readonly userNames: UserNames;
  /** The source to read a person from; null for sources that only tell (events). */
  readonly sourceOf: (source: string) => Source | null;
  readonly targetOf: (target: string) => Target;
  readonly newId: () => string;
};

/** Asks the person's source for the newest state. @throws SourceUnavailable */
export async function refresh(key: PersonKey, deps: ReprovisionDeps, signal: AbortSignal): Promise<void> {
  const identity = await deps.identities.get(key);
  const source = identity === null ? null : deps.sourceOf(identity.source);
  if (identity === null || source === null) return;
  const found = await findOne(source, identity.stableId, signal);
  switch (found.kind) {
    case 'in-scope':
      // By a name that their groups were not asked for yet they would be in none; the next read asks.
      if (identity.groups.length === 0 || sameNames(identity.entry, found.entry))
        await absorbEntry(source.name, found.entry, deps);
      return;
    case 'out-of-scope':
      await absorbAbsence(key, 'out-of-scope', deps);
      return;
    case 'gone':
      await absorbAbsence(key, 'deleted', deps);
      return;
  }
}

/** `allowReturn`: an account that was switched off may be switched on again, also where `lifecycle.return` is hold. */
export type ReprovisionRequest = {
  readonly actor: string;
  readonly note?: string;
  readonly allowReturn?: boolean;
};

/** Makes the person due everywhere, with a fresh look. @returns the run by which it can be followed */
export async function reprovision(
  key: PersonKey,
  { allowReturn, ...request }: ReprovisionRequest,
  deps: ReprovisionDeps,
): Promise<Run> {
  const marks = await markDue(key, { lane: 'manual', fresh: true, allowReturn: allowReturn === true }, deps);
  const run: Run = {
    id: deps.newId(),
    kind: 'reprovision',
    state: 'running',
    startedAt: deps.now().toISOString(),
    counts: {},
    person: key,
    marks,
    ...request,
  };
  await deps.runs.put(run);
  return run;
}

export type Preview = {
  readonly target: string;
  readonly plan: Plan;
  readonly problems: readonly string[];
  readonly waiting: readonly Waiting[];
};

/** What applying would do now, by a fresh look at source and targets. Writes nothing. @throws what a Target throws */
export async function preview(
  key: PersonKey,
  deps: ReprovisionDeps,
  signal: AbortSignal,
): Promise<readonly Preview[]> {
  const identity = await deps.identities.get(key);
  if (identity === null) return [];
  const mappings = deps.mappings.filter((mapping) => mapping.source === identity.source);
  return await Promise.all(mappings.map((mapping) => previewAt(identity, mapping, deps, signal)));
}

async function previewAt(
  identity: Identity,
  mapping: Mapping,
  deps: ReprovisionDeps,
  signal: AbortSignal,
): Promise<Preview> {
  const { target } = mapping;
  const link = await deps.links.get(target, identity.key);
  const call = lookingCall(signal, 'manual');
  const foreseen = await foresee(identity, link, mapping, call, { ...deps, target: deps.targetOf(target) });
  return { target, ...foreseen, plan: concealed(foreseen.plan, mapping.policy.attributes) };
}

/**
 * An operator asks that one person's accounts be made right now. A preview reads the person and their accounts and
 * shows the plan; applying makes the person due with a fresh look at the target, so that changes made by hand there
 * are found (O-28).
 */
import { type Mapping, problemInWords } from '../mapping/mapping.ts';
import type { PersonKey } from '../person/anchor.ts';
import { sameNames } from '../person/member-names.ts';
import type { Plan } from '../plan/decision.ts';
import { plan } from '../plan/plan.ts';
import type { Target } from '../scim/target.ts';
import { findOne } from '../sources/find-one.ts';
import type { Source } from '../sources/source.ts';
import type { Identities, Run, Runs, Waiting } from '../store/ports/index.ts';
import { type AnnounceDeps, markDue } from './announce.ts';
import { wanted } from './desired.ts';
import { lookUp, readLinked } from './provisioning/correlate.ts';
import type { Work } from './provisioning/work.ts';
import { absorbAbsence, absorbEntry } from './reading/absorb.ts';
import { withReferences } from './references.ts';

export type ReprovisionDeps = AnnounceDeps & {
  readonly runs: Runs;
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

/** Makes the person due everywhere, with a fresh look. @returns the run by which it can be followed */
export async function reprovision(
  key: PersonKey,
  request: { readonly actor: string; readonly note?: string },
  deps: ReprovisionDeps,
): Promise<Run> {
  const marks = await markDue(key, { lane: 'manual', fresh: true }, deps);
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
  identity: NonNullable<Awaited<ReturnType<Identities['get']>>>,
  mapping: Mapping,
  deps: ReprovisionDeps,
  signal: AbortSignal,
): Promise<Preview> {
  const want = wanted(identity, mapping, deps.now());
  const problems = (want.kind === 'failed' ? want.problems : want.warnings).map(problemInWords);
  const { target } = mapping;
  if (want.desired === null) {
    return { target, plan: { action: 'none', reason: 'cannot be mapped' }, problems, waiting: [] };
  }
  const look = lookOnly(identity.key, signal, deps);
  const parts = { target: deps.targetOf(target), links: deps.links };
  const link = await deps.links.get(target, identity.key);
  const linked = link === null ? 'vanished' : await readLinked(link, look, parts);
  const who = { key: identity.key, target, link: linked === 'vanished' ? null : link };
  const { desired, waiting } = await withReferences({ ...want, desired: want.desired }, who, deps);
  const known =
    linked !== 'vanished'
      ? linked
      : desired.kind === 'account'
        ? await lookUp(desired.user, mapping.matchOn, look, parts)
        : ({ kind: 'nothing' } as const);
  return { target, plan: plan(desired, known, mapping.policy, deps.now()), problems, waiting };
}

type Look = Pick<Work, 'key' | 'mark' | 'call'>;

function lookOnly(key: PersonKey, signal: AbortSignal, deps: ReprovisionDeps): Look {
  const mark = { seq: 0, fresh: true, lane: 'manual', markedAt: deps.now().toISOString() } as const;
  // Reading needs no right to write.
  return { key, mark, call: { signal, lane: 'manual', beforeRequest: async () => {} } };
}

/**
 * The main job: one person who is due at one target. Reads the newest knowledge, maps it, plans against what the
 * target is known to have, and writes only the difference.
 */
import { TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { type Mapping, problemInWords } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import { isRemoval, type Known, type Plan } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import type { Link } from '../../store/ports/index.ts';
import { type Wanted, wanted } from '../desired.ts';
import { announceAccount } from '../referrers.ts';
import { seenForWriting } from '../seen.ts';
import { policyFor } from './allowed-return.ts';
import { attempt } from './attempt.ts';
import { carryOut } from './carry-out.ts';
import { bury, finish, hold, leaveToOperator, record } from './conclude.ts';
import { failed } from './failure.ts';
import { findUnlinked } from './find-unlinked.ts';
import { type NameTaken, named } from './naming.ts';
import type { Outcome } from './outcome.ts';
import { lookAtLinked } from './reads-first.ts';
import { withNotedReferences } from './references.ts';
import { rememberUnchanged } from './remember.ts';
import { holdReason, rejectionReason } from './removal-guard.ts';
import { asReviewed, hasMoved, type Job, type Reviewed } from './reviewed.ts';
import { noteSensitive, nothingSensitive, remembered } from './sensitive.ts';
import { waitsForJoined } from './untold-joins.ts';
import { forgetVanished } from './vanished.ts';
import type { ProvisionDeps, Work } from './work.ts';

type KnownWanted = Extract<Wanted, { kind: 'known' }>;

/** How often an account that changes between read and write is read, planned for and written anew. */
const ROUNDS = 2;

/**
 * Serves one due person.
 * @param job `lastAttempt`: what would be retried is put on the dead-letter list instead
 */
export async function provision(
  job: { readonly key: PersonKey; readonly lastAttempt: boolean },
  deps: ProvisionDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  if ((await deps.due.get(deps.target.name, job.key)) === null) return { kind: 'idle' };
  return await whereItMayBeWritten(job, deps, signal);
}

/**
 * Serves a person as an operator has seen it in a plan, due or not, with a fresh look: what it comes to now is carried
 * out where it is just that. Whoever is due for more stays so.
 */
export async function provisionReviewed(
  key: PersonKey,
  reviewed: Reviewed,
  deps: ProvisionDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  return await whereItMayBeWritten({ key, lastAttempt: false, reviewed }, deps, signal);
}

async function whereItMayBeWritten(job: Job, deps: ProvisionDeps, signal: AbortSignal): Promise<Outcome> {
  return await attempt(job, deps, signal, (turn) => {
    const work: Work = {
      ...turn,
      fruitless: [],
      waiting: [],
      moments: [],
      sensitive: nothingSensitive(),
      reviewed: job.reviewed,
    };
    return {
      serve: () => serveAndTell(work, deps),
      failed: async (error) => {
        await deps.fruitless.note(work.target, work.key, work.fruitless);
        return await failed(error, work, job.lastAttempt, deps);
      },
    };
  });
}

async function serveAndTell(work: Work, deps: ProvisionDeps): Promise<Outcome> {
  const outcome = await serve(work, deps);
  if (outcome.kind === 'done' && hasNewAccount(outcome.plan))
    await announceAccount(work.target, work.key, deps);
  return outcome;
}

/** Whose account is gone, and other rare turns, upkeep tells of. */
function hasNewAccount({ action }: Plan): boolean {
  return action === 'create' || action === 'adopt';
}

async function serve(work: Work, deps: ProvisionDeps): Promise<Outcome> {
  const identity = await deps.identities.get(work.key);
  const mapping = identity === null ? null : deps.mappingFor(identity.source);
  if (identity === null || mapping === null) {
    return await finish({ action: 'none', reason: 'no mapping leads here' }, null, work, deps);
  }
  const want = wanted(await seenForWriting(mapping, identity, deps), mapping, deps.now());
  if (want.changesAt !== undefined) work.moments.push(want.changesAt);
  if (want.kind === 'failed') return await serveUnmapped(want, mapping, work, deps);
  for (const { where, attribute, message } of want.warnings) {
    deps.signals.mappingWarning({ target: work.target, person: work.key, where, attribute, message });
  }
  return await inRounds(() => reconcile(want, mapping, work, deps));
}

/** Who cannot be mapped is shown to an operator, once what is certain of them has been carried out. */
async function serveUnmapped(
  { desired, problems }: Extract<Wanted, { kind: 'failed' }>,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<Outcome> {
  if (desired !== null) {
    const certain: KnownWanted = { kind: 'known', desired, warnings: [] };
    const outcome = await inRounds(() => reconcile(certain, mapping, work, deps));
    if (outcome.kind !== 'done' || work.reviewed !== undefined) return outcome;
  }
  if (work.reviewed !== undefined)
    return { kind: 'moved', plan: { action: 'none', reason: 'cannot be mapped' } };
  const words = problems.map(problemInWords);
  return await bury({ status: null, words: words.join('; '), decided: null }, work, deps);
}

/** The link of an account that has changed asks to be read, so that each round plans for what is there then. */
async function inRounds(round: () => Promise<Outcome | 'changed'>): Promise<Outcome> {
  for (let rounds = 1; rounds <= ROUNDS; rounds += 1) {
    const outcome = await round();
    if (outcome !== 'changed') return outcome;
  }
  throw new TargetUnavailable(
    `the account changed each of ${ROUNDS} times between read and write, or the target refuses the version that it ` +
      'shows itself; nothing was written',
  );
}

/** An account that has vanished is looked for once more, as if it had never been linked. */
async function reconcile(
  want: KnownWanted,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<Outcome | 'changed'> {
  const link = await deps.links.get(work.target, work.key);
  noteSensitive(want.desired, remembered(link), mapping, work);
  const underAName = (linked: Link | null, known: Known) =>
    named(want, { known, link: linked }, mapping, work, deps, (called) =>
      decide(known, linked, called, mapping, work, deps),
    );
  if (link !== null) {
    const known = await lookAtLinked(want, link, mapping, work, deps);
    const outcome = known === 'vanished' ? known : await underAName(link, known);
    if (outcome !== 'vanished') return outcome;
    // What was reviewed is carried out whatever becomes of others; the link gives way to the next one.
    if (work.reviewed === undefined) await forgetVanished(link, work, deps);
  }
  const known = await findUnlinked(want, mapping, work, deps);
  const outcome = await underAName(null, known);
  if (outcome !== 'vanished') return outcome;
  throw new TargetUnusable('misconfigured', 'the target does not know an account that it has just listed');
}

async function decide(
  known: Known,
  link: Link | null,
  want: KnownWanted,
  mapping: Mapping,
  begun: Work,
  deps: ProvisionDeps,
): Promise<Outcome | NameTaken | 'vanished' | 'changed'> {
  const { desired, waiting } = await withNotedReferences(want, link, begun, deps);
  const work: Work = { ...begun, waiting };
  noteSensitive(desired, known, mapping, work);
  const decided = plan(asReviewed(desired, begun.reviewed), known, policyFor(mapping, work), deps.now());
  if (decided.again !== undefined) work.moments.push(new Date(decided.again));
  if (hasMoved(decided, begun.reviewed)) return { kind: 'moved', plan: decided };
  if (decided.action === 'hold') return await leaveToOperator(decided, desired, link, work, deps);
  const untold = begun.reviewed === undefined ? await waitsForJoined(decided, desired, mapping, deps) : null;
  if (untold !== null) return untold;
  const isApproved = work.reviewed !== undefined && isRemoval(decided);
  const waits = await (isApproved ? rejectionReason(work, deps.holds) : holdReason(decided, work, deps));
  if (waits !== null) return await hold(decided, waits, work, deps);
  if (decided.action === 'none' && link !== null && known.kind === 'linked') {
    await rememberUnchanged(link, decided, known.asRead, work, deps);
  }
  const result = await carryOut(decided, link, mapping, work, deps);
  if (result.kind === 'missing') return 'vanished';
  if (result.kind === 'changed') return 'changed';
  if (result.kind === 'name-taken') return result;
  if (result.kind === 'partly') {
    await record(result.carried, result.accountId, work, deps.now(), deps);
    throw result.failure;
  }
  return await finish(result.carried, result.accountId, work, deps);
}

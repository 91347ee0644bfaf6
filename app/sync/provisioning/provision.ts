/**
 * The main job: one person who is due at one target. Reads the newest knowledge, maps it, plans against what the
 * target is known to have, and writes only the difference.
 */
import { TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { type Mapping, problemInWords } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { Known, Plan } from '../../plan/decision.ts';
import { plan } from '../../plan/plan.ts';
import type { Link } from '../../store/ports/index.ts';
import { type Wanted, wanted } from '../desired.ts';
import { announceAccount } from '../referrers.ts';
import { carryOut, confirmRead } from './carry-out.ts';
import { bury, finish, hold, record } from './conclude.ts';
import { lookUp, lookUpOnce, readLinked } from './correlate.ts';
import { failed } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { withNotedReferences } from './references.ts';
import { holdReason } from './removal-guard.ts';
import { targetAnswered } from './target-health.ts';
import { lookUpUnsettled } from './unsettled.ts';
import { forgetVanished } from './vanished.ts';
import type { ProvisionDeps, Work } from './work.ts';

type KnownWanted = Extract<Wanted, { kind: 'known' }>;

/** How often an account that changes between read and write is read, planned for and written anew. */
const ROUNDS = 2;

/** How long a person is left alone whom another process is writing. */
const BUSY_PAUSE_MS = 500;

/**
 * Serves one due person.
 * @param job `lastAttempt`: what would be retried is put on the dead-letter list instead
 */
export async function provision(
  job: { readonly key: PersonKey; readonly lastAttempt: boolean },
  deps: ProvisionDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const { target, due, breakers, now } = deps;
  if ((await due.get(target.name, job.key)) === null) return { kind: 'idle' };
  const blocked = await breakers.blockedUntil(target.name, now(), job.key);
  if (blocked !== null) return { kind: 'paused', ...blocked };
  const requests = { sent: 0 };
  try {
    return await underLease(job, requests, deps, signal);
  } finally {
    // Who asked the target nothing has found nothing out about it: the next one is the probe.
    if (requests.sent === 0) await breakers.notProbed(target.name, now(), job.key);
  }
}

async function underLease(
  job: { readonly key: PersonKey; readonly lastAttempt: boolean },
  requests: { sent: number },
  deps: ProvisionDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const { target, due, leases, policy, now } = deps;
  const lease = await leases.acquire(`write:${target.name}:${job.key}`, policy.leaseMs);
  if (lease === null) return { kind: 'busy', until: new Date(now().getTime() + BUSY_PAUSE_MS) };
  try {
    // Read under the lease: whoever had it before may have served the mark.
    const mark = await due.get(target.name, job.key);
    if (mark === null) return { kind: 'idle' };
    const beforeRequest = async () => {
      await leases.renew(lease, policy.leaseMs);
      requests.sent += 1;
    };
    const call = { signal, lane: mark.lane, beforeRequest };
    const whom = { key: job.key, target: target.name, mark, lease, call };
    const work: Work = { ...whom, fruitless: [], waiting: [] };
    try {
      const outcome = await serve(work, deps);
      if (requests.sent > 0) await targetAnswered(job.key, deps);
      if (outcome.kind === 'done' && hasNewAccount(outcome.plan))
        await announceAccount(target.name, job.key, deps);
      return outcome;
    } catch (error) {
      await deps.fruitless.note(target.name, job.key, work.fruitless);
      return await failed(error, work, job.lastAttempt, deps);
    }
  } finally {
    await leases.release(lease);
  }
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
  const want = wanted(identity, mapping, deps.now());
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
    if (outcome.kind !== 'done') return outcome;
  }
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
  if (link !== null) {
    const known = await readLinked(link, work, deps);
    const outcome = known === 'vanished' ? known : await decide(known, link, want, mapping, work, deps);
    if (outcome !== 'vanished') return outcome;
    await forgetVanished(link, work, deps);
  }
  const known = await findUnlinked(want, mapping, work, deps);
  const outcome = await decide(known, null, want, mapping, work, deps);
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
): Promise<Outcome | 'vanished' | 'changed'> {
  const { desired, waiting } = await withNotedReferences(want, link, begun, deps);
  const work: Work = { ...begun, waiting };
  const decided = plan(desired, known, mapping.policy, deps.now());
  if (decided.action === 'hold')
    return await bury({ status: null, words: decided.reason, decided }, work, deps);
  const waits = await holdReason(decided, work, deps);
  if (waits !== null) return await hold(decided, waits, work, deps);
  if (decided.action === 'none' && link !== null && known.kind === 'linked' && known.asRead !== undefined) {
    await confirmRead(link, decided.asked ?? link.desired, known.asRead, work, deps);
  }
  const result = await carryOut(decided, link, mapping, work, deps);
  if (result.kind === 'missing') return 'vanished';
  if (result.kind === 'changed') return 'changed';
  if (result.kind === 'partly') {
    await record(result.carried, result.accountId, work, deps.now(), deps);
    throw result.failure;
  }
  return await finish(result.carried, result.accountId, work, deps);
}

/**
 * Look-ups cost requests: a leaver is looked for only where a create of ours may have gone through unseen. Such an
 * account carries the names that were sent then, whatever the mapping says by now.
 */
async function findUnlinked(
  want: KnownWanted,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<Known> {
  const intent = await deps.intents.get(work.target, work.key);
  if (want.desired.kind === 'account') {
    const { user } = want.desired;
    // After a create whose answer was lost, or where somebody asks for a fresh look, nothing older is believed.
    const look = intent !== null || work.mark.fresh ? lookUp : lookUpOnce;
    const known = await look(user, mapping.matchOn, work, deps);
    const renamed = intent !== null && intent.user.userName !== user.userName;
    return known.kind === 'nothing' && renamed ? await lookUpUnsettled(intent, mapping, work, deps) : known;
  }
  if (intent === null) return { kind: 'nothing' };
  const known = await lookUpUnsettled(intent, mapping, work, deps);
  if (known.kind === 'nothing') await deps.intents.settle(work.target, work.key);
  if (known.kind !== 'found') return known;
  return { kind: 'linked', account: known.account, previous: { userName: known.account.user.userName } };
}

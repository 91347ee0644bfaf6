/**
 * One run over a source: read it, learn, conclude who is gone if the read was complete, make people due, and only
 * then move the watermark. A crash anywhere repeats work and never skips it.
 *
 *   read               people changed or new     people not named,           watermark        run state
 *                                                or named as gone
 *   ────────────────   ───────────────────────   ─────────────────────────   ──────────────   ─────────
 *   complete           due                       confirmed, due              moves            ok
 *   too many off       due, except who loses     confirmed, due              moves            held
 *                      access: held
 *   too many gone      due                       held for an operator        sweep: stays,    held
 *                                                                            poll: moves
 *   too many groups    due                       confirmed, due; the         sweep: stays,    held
 *     gone                                       groups stay                 poll: moves
 *   cannot tell who    due                       those confirmed: due; the   stays            held
 *     is gone                                    others stay as known
 *   incomplete         due                       nothing is concluded        stays            held
 *   broke off          due                       nothing is concluded        stays            failed
 *
 * A poll that holds absences moves on, also where it was answered with everybody: it tells of each of them once, so that
 * the run that holds them is the one to release. Whatever became of the read, a run that holds removals ends as held and can be released: they rest on what
 * was read, and no later read names them as news again.
 */
import { LeaseLost, SourceUnavailable } from '../../errors.ts';
import type { ReadWish, Source } from '../../sources/source.ts';
import type { Groups, Lease, Run, Watermarks } from '../../store/ports/index.ts';
import { type AnnounceDeps, announceRun } from '../announce.ts';
import { announceGroups } from '../groups/mark-groups.ts';
import { targetsReached } from '../joined-news.ts';
import { type LeasedRunDeps, leasedRun } from '../leased-run.ts';
import { type AbsenceDeps, type Absences, concludeAbsences, NO_ABSENCES } from './absences.ts';
import { type Learnt, learn } from './learn.ts';
import { lookAfterLeft } from './left-groups.ts';
import { noteTouchedPeople, noticesOfStrangers } from './memberships.ts';
import { settleTold, tryToAskForRenamed, whoWaits } from './renames.ts';
import { endedBefore, holdForTheDead } from './run-history.ts';
import { NO_GROUPS, type SettledGroups, settleGroups } from './settle-groups.ts';
import { forgetRejected, supersedeHeld } from './superseded.ts';
import { inWords, type Verdict, verdictOn } from './verdict.ts';

export type ReadDeps = AnnounceDeps &
  LeasedRunDeps & {
    readonly groups: Groups;
    readonly watermarks: Watermarks;
    readonly newId: () => string;
  };

/** One run's, which reads under a lease. */
type RunDeps = ReadDeps & { readonly lease: Lease };

/** Name of the right to read a source. */
export function readLease(source: string): string {
  return `read:${source}`;
}

/**
 * @param kind `poll`: what changed since the watermark; `sweep`: everybody. A poll without a watermark is a sweep.
 * @returns the run as it ended; null where another process is reading this source already
 */
export async function readSource(
  source: Source,
  kind: 'poll' | 'sweep',
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<Run | null> {
  let wish: ReadWish = { since: null, everyone: true };
  const begin = async (): Promise<Run> => {
    const since = await deps.watermarks.get(source.name);
    wish = { since, everyone: kind === 'sweep' || since === null };
    await holdForTheDead(source.name, deps);
    return {
      id: deps.newId(),
      kind: wish.everyone ? 'sweep' : 'poll',
      state: 'running',
      startedAt: deps.now().toISOString(),
      source: source.name,
      counts: {},
    };
  };
  return await leasedRun(readLease(source.name), deps, signal, begin, (run, lease, until) =>
    carryThrough(source, wish, run, { ...deps, lease }, until),
  );
}

async function carryThrough(
  source: Source,
  wish: ReadWish,
  begun: Run,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<Run> {
  const before = await endedBefore(begun, deps.runs);
  let run = begun;
  try {
    const read = await learn(source, wish, deps, signal);
    run = { ...begun, ...tellsOf(read) };
    if (before.tracking !== run.tracking) tellOfTracking(source.name, before.tracking, read, deps);
    const asked = wish.everyone ? 'sweep' : 'poll';
    const { ended, counts, newlyHeld, notices } = await settle(source, asked, run, read, deps, signal);
    const repeats = before.sameKind === 'held' && newlyHeld === 0;
    if (ended.state === 'held' && !repeats) alertHeld(source.name, run.id, ended.reason ?? '', deps);
    return { ...run, ...ended, counts, notices };
  } catch (error) {
    return await brokenOff(error, source, run, deps, signal);
  }
}

/** A source that could not tell what changed has named everybody, whatever it was asked for. */
function tellsOf({ end }: Learnt): Pick<Run, 'kind' | 'tracking' | 'notices'> {
  const kind = end.names === 'everyone' ? 'sweep' : 'poll';
  return { kind, tracking: end.tracking, notices: end.notices };
}

function tellOfTracking(source: string, before: string | null, { end }: Learnt, deps: RunDeps): void {
  deps.signals.trackingChanged({ source, before, now: end.tracking, notices: end.notices });
}

type Settled = Pick<Verdict, 'ended'> & {
  readonly counts: Run['counts'];
  readonly newlyHeld: number;
  readonly notices: readonly string[];
};

/** Concludes what follows from what was read, makes people due, and moves the watermark last. */
async function settle(
  source: Source,
  asked: 'poll' | 'sweep',
  run: Run,
  read: Learnt,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<Settled> {
  await settleTold(source.name, read, deps);
  const absences = await absencesIn(source, run, read, deps, signal);
  const groups = await groupsIn(source, read, deps, signal);
  await lookAfterLeft(source, deps, signal);
  const isWhole = read.end.complete && read.end.names === 'everyone';
  const strangers = isWhole ? await noticesOfStrangers(source.name, deps) : [];
  const announced = await announceWhole(source.name, run.id, deps);
  const { ended, watermark } = verdictOn(asked, read, absences, groups, announced);
  if (watermark === 'move') await deps.watermarks.put(source.name, read.end.watermark, deps.lease);
  if (watermark === 'forget') await deps.watermarks.forget(source.name, deps.lease);
  const held = await deps.holds.size(run.id);
  const counts = { ...read.counts, ...absences.counts, ...groups.counts, due: announced.due, held };
  return {
    ended,
    counts,
    newlyHeld: announced.held,
    notices: [...read.end.notices, ...groups.notices, ...strangers],
  };
}

function alertHeld(source: string, run: string, reason: string, deps: RunDeps): void {
  deps.signals.alert({ kind: 'run-held', run, source, reason });
}

async function brokenOff(
  error: unknown,
  source: Source,
  run: Run,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<Run> {
  if (!(error instanceof SourceUnavailable || error instanceof LeaseLost)) throw error;
  const announced = await announceWhatCame(source, run.id, deps, signal);
  const held = await deps.holds.size(run.id);
  const counts = { due: announced.due, held };
  if (held > 0) {
    const reason = inWords(error.message, announced.reason) ?? error.message;
    alertHeld(source.name, run.id, reason, deps);
    return { ...run, state: 'held', reason, counts, releasable: true };
  }
  if (!signal.aborted && (await endedBefore(run, deps.runs)).any !== 'failed') {
    deps.signals.alert({ kind: 'run-failed', run: run.id, source: source.name, reason: error.message });
  }
  return { ...run, state: 'failed', reason: error.message, counts };
}

/** What was read before it broke is true, and people wait for it; unless another reads on, who announces it, too. */
async function announceWhatCame(
  source: Source,
  run: string,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<{ readonly due: number; readonly reason: string | null }> {
  try {
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await tryToAskForRenamed(source, deps, signal);
  } catch (error) {
    if (error instanceof LeaseLost) return { due: 0, reason: null };
    throw error;
  }
  return await announceWhole(source.name, run, deps);
}

/** Whoever may seem to be out of their groups for want of an answer waits for a later run. */
async function announceWhole(source: string, run: string, deps: RunDeps) {
  const waiting = await whoWaits(source, deps);
  if (!waiting.members) await noteTouchedPeople(source, deps);
  const announced = await announceRun(source, run, deps, waiting.people);
  // After the people, so that whoever is new has their account before their groups are looked at.
  if (!waiting.members) await announceGroups(source, deps);
  return announced;
}

async function groupsIn(
  source: Source,
  read: Learnt,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<SettledGroups> {
  if (read.end.complete) return await settleGroups(source, read, deps, signal);
  await tryToAskForRenamed(source, deps, signal);
  return NO_GROUPS;
}

async function absencesIn(
  source: Source,
  run: Run,
  { end, people }: Learnt,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<Absences> {
  const knowsAll = end.complete && end.names === 'everyone';
  const waiting = await supersedeHeld(source.name, people.seen, knowsAll, deps);
  await forgetRejected(source.name, people.seen, deps.holds);
  if (!end.complete) return NO_ABSENCES;
  const targets = targetsReached(source.name, deps);
  const absenceDeps: AbsenceDeps = { ...deps, targets };
  return await concludeAbsences(source, run.id, people, end.names, waiting, absenceDeps, signal);
}

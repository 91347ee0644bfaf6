/**
 * One run over a source: read it, learn, conclude who is gone if the read was complete, make people due, and only
 * then move the watermark. A crash anywhere repeats work and never skips it.
 *
 *   read            people changed or new     people not named            watermark    run state
 *   ─────────────   ───────────────────────   ─────────────────────────   ──────────   ─────────
 *   complete        due                       confirmed, due              moves        ok
 *   too many off    due, except who loses     confirmed, due              moves        held
 *                   access: held
 *   too many gone   due                       held for an operator        stays        held
 *   incomplete      due                       nothing is concluded        stays        held
 *   broke off       due                       nothing is concluded        stays        failed
 *
 * Whatever became of the read, a run that holds removals ends as held and can be released: they rest on what was
 * read, and no later read names them as news again.
 */
import { LeaseLost, SourceUnavailable } from '../../errors.ts';
import type { ReadWish, Source } from '../../sources/source.ts';
import type { Groups, Lease, Run, Watermarks } from '../../store/ports/index.ts';
import { type AnnounceDeps, announceRun } from '../announce.ts';
import { type LeasedRunDeps, leasedRun } from '../leased-run.ts';
import { type AbsenceDeps, type Absences, concludeAbsences, concludeTold } from './absences.ts';
import { type Learnt, learn } from './learn.ts';
import { noteTouchedPeople } from './memberships.ts';
import { endedBefore, holdForTheDead } from './run-history.ts';
import { supersedeHeldSweeps } from './superseded.ts';

export type ReadDeps = AnnounceDeps &
  LeasedRunDeps & {
    readonly groups: Groups;
    readonly watermarks: Watermarks;
    readonly newId: () => string;
  };

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
    carryThrough(source, wish, run, lease, deps, until),
  );
}

async function carryThrough(
  source: Source,
  wish: ReadWish,
  begun: Run,
  lease: Lease,
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<Run> {
  const before = await endedBefore(begun, deps.runs);
  let run = begun;
  try {
    const read = await learn(source, wish, { ...deps, lease }, signal);
    const { tracking, notices } = read.end;
    // A source that could not tell what changed has named everybody.
    run = { ...run, kind: read.end.names === 'everyone' ? 'sweep' : 'poll', tracking, notices };
    const absences = await absencesIn(source, run, read, { ...deps, lease }, signal);
    await noteTouchedPeople(source.name, deps);
    const announced = await announceRun(source.name, run.id, deps);
    const held = await deps.holds.size(run.id);
    const counts = { ...read.counts, ...absences.counts, due: announced.due, held };
    const incomplete = read.end.complete ? null : `incomplete read: ${read.end.problems.join('; ')}`;
    const reason = inWords(incomplete, absences.reason, announced.reason);
    // What an incomplete or implausible read left out must be read again.
    if (incomplete === null && absences.reason === null) {
      await deps.watermarks.put(source.name, read.end.watermark, lease);
    }
    if (reason === null) return { ...run, state: 'ok', counts };
    if (before.sameKind !== 'held' || announced.held > 0)
      deps.signals.alert({ kind: 'run-held', run: run.id, source: source.name, reason });
    const releasable = incomplete === null || announced.held > 0;
    return { ...run, state: 'held', counts, reason, releasable };
  } catch (error) {
    return await brokenOff(error, source, run, lease, deps, signal);
  }
}

function inWords(...reasons: readonly (string | null)[]): string | null {
  const given = reasons.filter((reason) => reason !== null);
  return given.length === 0 ? null : given.join('; ');
}

async function brokenOff(
  error: unknown,
  source: Source,
  run: Run,
  lease: Lease,
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<Run> {
  if (!(error instanceof SourceUnavailable || error instanceof LeaseLost)) throw error;
  const announced = await announceWhatCame(source.name, run.id, lease, deps);
  const held = await deps.holds.size(run.id);
  const counts = { due: announced.due, held };
  if (held > 0) {
    const reason = inWords(error.message, announced.reason) ?? error.message;
    deps.signals.alert({ kind: 'run-held', run: run.id, source: source.name, reason });
    return { ...run, state: 'held', reason, counts, releasable: true };
  }
  if (!signal.aborted && (await endedBefore(run, deps.runs)).any !== 'failed') {
    deps.signals.alert({ kind: 'run-failed', run: run.id, source: source.name, reason: error.message });
  }
  return { ...run, state: 'failed', reason: error.message, counts };
}

/** What was read before it broke is true, and people wait for it; unless another reads on, who announces it, too. */
async function announceWhatCame(
  source: string,
  run: string,
  lease: Lease,
  deps: ReadDeps,
): Promise<{ readonly due: number; readonly reason: string | null }> {
  try {
    await deps.leases.renew(lease, deps.leaseMs);
  } catch (error) {
    if (error instanceof LeaseLost) return { due: 0, reason: null };
    throw error;
  }
  await noteTouchedPeople(source, deps);
  return await announceRun(source, run, deps);
}

const NO_ABSENCES: Absences = { counts: {}, reason: null };

async function absencesIn(
  source: Source,
  run: Run,
  { end, seen, inDoubt }: Learnt,
  deps: ReadDeps & { readonly lease: Lease },
  signal: AbortSignal,
): Promise<Absences> {
  if (!end.complete) return NO_ABSENCES;
  const targets = deps.mappings
    .filter((mapping) => mapping.source === source.name)
    .map(({ target }) => target);
  const absenceDeps: AbsenceDeps = { ...deps, targets };
  if (end.names === 'changes') return await concludeTold(source, run.id, inDoubt, absenceDeps, signal);
  await supersedeHeldSweeps(source.name, deps);
  return await concludeAbsences(source, run.id, seen, absenceDeps, signal);
}

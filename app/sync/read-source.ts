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
import { LeaseLost, SourceUnavailable } from '../errors.ts';
import type { StableId } from '../person/anchor.ts';
import type { Source, Watermark } from '../sources/source.ts';
import type { Groups, Lease, Leases, Run, RunState, Runs, Watermarks } from '../store/ports/index.ts';
import { type AbsenceDeps, concludeAbsences } from './absences.ts';
import { type AnnounceDeps, announceRun } from './announce.ts';
import { learn } from './learn.ts';
import { noteTouchedPeople } from './memberships.ts';
import type { Signals } from './signals.ts';
import { supersedeHeldSweeps } from './superseded.ts';

/** So many runs of a source are looked through for how it went before. */
const LOOK_BACK = 50;

export type ReadDeps = AnnounceDeps & {
  readonly groups: Groups;
  readonly watermarks: Watermarks;
  readonly leases: Leases;
  readonly runs: Runs;
  readonly signals: Signals;
  /** A reader that has not been heard of for so long has died; another may read. */
  readonly leaseMs: number;
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
  const lease = await deps.leases.acquire(readLease(source.name), deps.leaseMs);
  if (lease === null) return null;
  const keeper = keepLease(lease, deps);
  try {
    const since = kind === 'sweep' ? null : await deps.watermarks.get(source.name);
    const run: Run = {
      id: deps.newId(),
      kind: since === null ? 'sweep' : 'poll',
      state: 'running',
      startedAt: deps.now().toISOString(),
      source: source.name,
      counts: {},
    };
    await holdForTheDead(source.name, deps);
    await deps.runs.put(run);
    const until = AbortSignal.any([signal, keeper.lost]);
    const ended = await carryThrough(source, since, run, lease, deps, until);
    const finished: Run = { ...ended, endedAt: deps.now().toISOString() };
    await deps.runs.put(finished);
    deps.signals.runEnded({ run: run.id, kind: run.kind, state: finished.state, counts: finished.counts });
    return finished;
  } finally {
    keeper.stop();
    await deps.leases.release(lease);
  }
}

async function carryThrough(
  source: Source,
  since: Watermark | null,
  run: Run,
  lease: Lease,
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<Run> {
  const before = await endedBefore(run, deps.runs);
  try {
    const read = await learn(source, since, { ...deps, lease }, signal);
    const isSweep = since === null;
    const absences =
      isSweep && read.end.complete
        ? await afterCompleteSweep(source, run, read.seen, { ...deps, lease }, signal)
        : { counts: {}, reason: null };
    await noteTouchedPeople(source.name, deps);
    const announced = await announceRun(source.name, run.id, deps);
    const counts = { ...read.counts, ...absences.counts, due: announced.due, held: announced.held };
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

/**
 * A reader that died may have held people, who were announced and would wait in a run that nobody can release. We
 * have its lease, so it is over.
 */
async function holdForTheDead(source: string, deps: ReadDeps): Promise<void> {
  const earlier = await deps.runs.list({ source, limit: LOOK_BACK });
  for (const run of earlier.filter(({ state }) => state === 'running')) {
    const held = await deps.holds.size(run.id);
    if (held === 0) continue;
    const reason = `the process that read died; ${held} removals of what it had read wait`;
    const endedAt = deps.now().toISOString();
    await deps.runs.put({ ...run, state: 'held', endedAt, reason, counts: { held }, releasable: true });
    deps.signals.alert({ kind: 'run-held', run: run.id, source, reason });
  }
}

async function afterCompleteSweep(
  source: Source,
  run: Run,
  seen: ReadonlySet<StableId>,
  deps: ReadDeps & { readonly lease: Lease },
  signal: AbortSignal,
) {
  await supersedeHeldSweeps(source.name, deps);
  const targets = deps.mappings
    .filter((mapping) => mapping.source === source.name)
    .map(({ target }) => target);
  const absenceDeps: AbsenceDeps = { ...deps, targets };
  return await concludeAbsences(source, run.id, seen, absenceDeps, signal);
}

/** Renews the reader's lease while it waits for the source, and breaks the read off where the lease is lost. */
function keepLease(lease: Lease, deps: ReadDeps): { readonly lost: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const renew = () => void deps.leases.renew(lease, deps.leaseMs).catch(() => lost.abort());
  const timer = setInterval(renew, deps.leaseMs / 3);
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}

/** How runs like this one ended before: an operator is told when something begins, not at every repetition. */
async function endedBefore(
  run: Run,
  runs: Runs,
): Promise<{ sameKind: RunState | null; any: RunState | null }> {
  const earlier = (
    await runs.list({ ...(run.source === undefined ? {} : { source: run.source }), limit: LOOK_BACK })
  ).filter(({ id, state }) => id !== run.id && state !== 'running');
  const sameKind = earlier.find(({ kind }) => kind === run.kind)?.state ?? null;
  return { sameKind, any: earlier[0]?.state ?? null };
}

/**
 * Reads everybody as a worker would, by the best way that works, and once more what changed since: which way it is, why
 * no better one, what the read was worth, how long it took.
 */
import { type Counting, startCounting } from '../../checking/census.ts';
import { counted, type Finding, good, lacking, told, wrong } from '../../checking/report.ts';
import { type BestRead, type Refusal, readBest } from '../read.ts';
import type { TrackingName } from '../tracking/names.ts';
import type { TrackedItem } from '../tracking/tracking.ts';
import type { Progressed } from '../tracking/watermark.ts';
import type { Scene } from './scene.ts';

/** How often it is told how far the read has come. */
const TELL_EVERY = 10_000;

const INCOMPLETE =
  'as long as no read of everybody is complete, nobody who left loses access, and every poll reads everybody';

export type WholeRead = {
  readonly findings: readonly Finding[];
  readonly counting: Counting;
  readonly best: BestRead;
  /** From where changes are followed; null where the read proves nothing. */
  readonly progressed: Progressed | null;
};

/** @throws SourceUnavailable when the read broke */
export async function readEverybody({ session, check }: Scene): Promise<WholeRead> {
  check.note('reading everybody');
  const counting = startCounting((people) => {
    if (people % TELL_EVERY === 0) check.note(`reading everybody: ${people} people`);
  });
  const before = check.elapsed();
  const best = await finish(readBest(session, null, true), (item) => counting.take(item));
  const ms = check.elapsed() - before;
  const { problems, mark } = best.end;
  const isComplete = problems.length === 0;
  const findings = [
    ...best.refusals.map((refusal) => refused(refusal, best.tracking)),
    used(best),
    ...(isComplete
      ? [{ ...good('read of everybody', 'complete'), ms }]
      : problems.map((problem) => ({ ...wrong('read of everybody', problem, INCOMPLETE), ms }))),
  ];
  const progressed = isComplete ? { tracking: best.tracking, mark } : null;
  return { findings, counting, best, progressed };
}

/** @throws SourceUnavailable when the read broke */
export async function pollOnce({ session, check }: Scene, known: Progressed): Promise<Finding> {
  check.note('reading what changed since');
  const before = check.elapsed();
  let items = 0;
  const { end } = await finish(readBest(session, known, false), () => {
    items += 1;
  });
  const ms = check.elapsed() - before;
  const what = 'read of changes';
  const shows = `${counted(items, 'entry', 'entries')} told of`;
  if (end.problems.length > 0) return { ...wrong(what, end.problems.join('; '), INCOMPLETE), ms };
  if (end.names === 'changes') return { ...good(what, shows), ms };
  const why = end.notices.join('; ');
  return {
    ...lacking(what, `${shows}: everybody`, `a poll costs as much as a read of everybody: ${why}`),
    ms,
  };
}

async function finish(
  read: AsyncGenerator<TrackedItem, BestRead>,
  onItem: (item: TrackedItem) => void,
): Promise<BestRead> {
  for (;;) {
    const step = await read.next();
    if (step.done === true) return step.value;
    onItem(step.value);
  }
}

/** Whatever speaks against it stands with the better ways that were refused. */
function used({ tracking }: BestRead): Finding {
  const what = 'changes are followed by';
  if (!isBlind(tracking)) return good(what, tracking);
  return told(what, `${tracking}; deletions and moves away show where everybody is read`);
}

/** Where the way that works hears of deletions as well, a better one is no matter of urgency. */
function refused({ tracking, why }: Refusal, instead: TrackingName): Finding {
  const finding = told(`not by ${tracking}`, why);
  if (!isBlind(instead)) return finding;
  const advice =
    'deletions and moves away show only where everybody is read (poll.sweepEvery), instead of at each poll; docs/directories.md says what it needs';
  return { ...finding, verdict: 'lacking', advice };
}

function isBlind(tracking: TrackingName): boolean {
  return tracking === 'time-stamps';
}

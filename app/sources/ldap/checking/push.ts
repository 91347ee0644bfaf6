/** Whether and how the directory tells at once that something changed: each way is really listened to until it answers. */
import { SourceUnavailable } from '../../../errors.ts';
import { type Finding, good, told } from '../../checking/report.ts';
import type { LdapSettings } from '../options.ts';
import { openSession } from '../session.ts';
import { TrackingRefused } from '../tracking/tracking.ts';
import type { Progressed } from '../tracking/watermark.ts';
import { type WatchCandidate, watchCandidates } from '../watching/index.ts';
import type { Scene } from './scene.ts';

/** @throws SourceUnavailable where the check itself was ended */
export async function pushFindings(scene: Scene, since: Progressed | null): Promise<readonly Finding[]> {
  const { session, check } = scene;
  const findings: Finding[] = [];
  for (const candidate of watchCandidates(session)) {
    const { name } = candidate.watching;
    check.note(`listening by ${name}`);
    const before = check.elapsed();
    const refusal = candidate.whyNot ?? (await listenOnce(session.settings, candidate, since, check.signal));
    const ms = check.elapsed() - before;
    if (refusal === null) return [...findings, { ...good('push', name), ms }];
    findings.push(told(`no push by ${name}`, refusal));
  }
  const none = told('push', 'the directory does not tell of changes');
  if (!check.pushes) return [...findings, none];
  const advice = 'poll.push is set and does nothing: changes are read by the clock (poll.every)';
  return [...findings, { ...none, verdict: 'lacking', advice }];
}

/** @returns why it cannot be heard; null where it can */
async function listenOnce(
  settings: LdapSettings,
  { watching }: WatchCandidate,
  since: Progressed | null,
  signal: AbortSignal,
): Promise<string | null> {
  // A server that neither listens nor says so is waited for no longer than for any answer.
  const patience = AbortSignal.timeout(settings.timeoutMs);
  try {
    const session = await openSession(settings, AbortSignal.any([signal, patience]));
    await untilHeard(watching.listen(session, since)).finally(() => session.close());
    return null;
  } catch (error) {
    if (signal.aborted) throw error;
    if (patience.aborted) return `it did not begin within ${settings.timeoutMs} ms`;
    if (error instanceof TrackingRefused || error instanceof SourceUnavailable) return error.message;
    throw error;
  }
}

async function untilHeard(listening: AsyncGenerator<void, void>): Promise<void> {
  try {
    await listening.next();
  } finally {
    // Not waited for: while the server is silent, a listener waits for ever.
    void listening.return().catch(() => {});
  }
}

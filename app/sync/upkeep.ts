/**
 * Puts right what a crash may have left: people whose news was stored but not announced, and people who are due
 * without a job. Both lists are kept in the same step as the knowledge itself, so nothing can fall between.
 */
import { type AnnounceDeps, markDue } from './announce.ts';

/** @param eventSources sources that are never polled, so that nobody else announces their left-overs */
export async function announceLeftOvers(
  eventSources: readonly string[],
  deps: AnnounceDeps,
): Promise<number> {
  let count = 0;
  for (const source of eventSources) {
    const news = await deps.identities.unannounced(source);
    for (const { key } of news) await markDue(key, source, { lane: 'interactive' }, deps);
    await deps.identities.announced(source, news);
    count += news.length;
  }
  return count;
}

/** Rings for everybody who is due; somebody who has a job already is not rung for twice. */
export async function ringForDue(targets: readonly string[], deps: AnnounceDeps): Promise<number> {
  let count = 0;
  for (const target of targets) {
    for await (const batch of deps.due.scan(target)) {
      await Promise.all(batch.map(({ key, mark }) => deps.bell.remind(target, key, mark.lane)));
      count += batch.length;
    }
  }
  return count;
}

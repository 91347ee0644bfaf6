/** Asks a source for one person, where nobody else is asked for. */
import { SourceUnavailable } from '../errors.ts';
import type { StableId } from '../person/anchor.ts';
import type { Found, Source } from './source.ts';

/** @throws SourceUnavailable when the source cannot tell; that is never `gone`. */
export async function findOne(
  source: Source,
  id: StableId,
  signal: AbortSignal,
): Promise<Exclude<Found, { kind: 'cannot-tell' }>> {
  for await (const [of, found] of source.find([id], signal)) {
    if (of !== id) continue;
    if (found.kind === 'cannot-tell') throw new SourceUnavailable(`source ${source.name}: ${found.why}`);
    return found;
  }
  throw new SourceUnavailable(`source ${source.name} gave no answer about somebody who was asked for`);
}

/**
 * Asks a source for people one by one and always has an answer for each: where the source breaks off, the others are
 * asked for again, and whoever is left in the end cannot be told of, which is never "gone".
 */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Found, Source } from '../../sources/source.ts';

/** The source is asked again so often for those whom it gave no answer about. */
const MOST_TRIES = 3;

/** @returns one answer for each id, in any order */
export async function* askFor(
  source: Source,
  ids: Iterable<StableId>,
  signal: AbortSignal,
): AsyncGenerator<readonly [StableId, Found], void> {
  let open = [...new Set(ids)];
  let why = '';
  for (let tried = 0; tried < MOST_TRIES && open.length > 0; tried += 1) {
    const waiting = new Set(open);
    try {
      for await (const [id, found] of source.find(open, signal)) if (waiting.delete(id)) yield [id, found];
      why = 'the source gave no answer';
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      why = error.message;
    }
    // Whoever it broke off at shall not stand before all others again.
    const [first, ...rest] = waiting;
    open = first === undefined ? [] : [...rest, first];
  }
  for (const id of open) yield [id, { kind: 'cannot-tell', why }];
}

/**
 * Whom somebody may mean by a name: a person key, a stable id, or a userName, uid, mail and the like. Several may be
 * called so; which of them is meant is never guessed here, the caller asks (O-11 d, O-28).
 */
import { type PersonKey, parsePersonKey, personKey, sourceOfKey, toStableId } from '../person/anchor.ts';
import type { Identities } from '../store/ports/index.ts';

/** `sources`: the only ones that count. */
type Deps = {
  readonly identities: Pick<Identities, 'getMany' | 'findByHandle'>;
  readonly sources: readonly string[];
};

/** By key, which names one person at most, or by stable id at any of the sources. */
export async function peopleWithId(
  text: string,
  { identities, sources }: Deps,
): Promise<readonly PersonKey[]> {
  const id = toStableId(text);
  const key = exactKey(text, sources);
  const byId = id === null ? [] : sources.map((source) => personKey(source, id));
  const candidates = key === null ? byId : [key];
  const known = await identities.getMany(candidates);
  return candidates.filter((_, index) => (known[index] ?? null) !== null);
}

/** By any name; whose key it is goes before whoever else is called so. */
export async function peopleCalled(name: string, deps: Deps): Promise<readonly PersonKey[]> {
  const withId = await peopleWithId(name, deps);
  if (withId.length > 0 && exactKey(name, deps.sources) !== null) return withId;
  const byHandle = await deps.identities.findByHandle(name);
  return [...new Set([...withId, ...byHandle.filter((key) => deps.sources.includes(sourceOfKey(key)))])];
}

function exactKey(text: string, sources: readonly string[]): PersonKey | null {
  const parsed = parsePersonKey(text);
  return parsed !== null && sources.includes(parsed.source) ? parsed.key : null;
}

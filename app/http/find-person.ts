/**
 * Which person is meant: by key, stable id, userName or mail. Where several are called so we never guess: the caller
 * is shown the keys and chooses (O-11 d, O-28).
 */
import { type PersonKey, parsePersonKey, personKey, toStableId } from '../person/anchor.ts';
import type { Identities } from '../store/ports/index.ts';
import { notFound, Problem } from './problem.ts';

type Deps = { readonly identities: Identities; readonly sources: readonly { readonly name: string }[] };

/** `id`: `source:stableId`, or a stable id alone. `handle`: userName, uid, mail and the like. */
export type Asked = { readonly id: string } | { readonly handle: string };

/** @throws Problem 404 where nobody is called so, 409 with the keys where several are */
export async function findPerson(asked: Asked, deps: Deps): Promise<PersonKey> {
  const keys = 'id' in asked ? await byId(asked.id, deps) : await deps.identities.findByHandle(asked.handle);
  return onlyOne(keys);
}

/** Takes any of the names that `Asked` knows. @throws as `findPerson` */
export async function findPersonByAnyName(name: string, deps: Deps): Promise<PersonKey> {
  const keys = await byId(name, deps);
  if (parsePersonKey(name) !== null && keys.length === 1) return onlyOne(keys);
  return onlyOne([...new Set([...keys, ...(await deps.identities.findByHandle(name))])]);
}

async function byId(text: string, deps: Deps): Promise<readonly PersonKey[]> {
  const parsed = parsePersonKey(text);
  const exact = parsed !== null && deps.sources.some(({ name }) => name === parsed.source);
  const id = toStableId(text);
  const candidates = exact
    ? [parsed.key]
    : id === null
      ? []
      : deps.sources.map(({ name }) => personKey(name, id));
  const known = await deps.identities.getMany(candidates);
  return candidates.filter((_, index) => known[index] !== null && known[index] !== undefined);
}

function onlyOne(keys: readonly PersonKey[]): PersonKey {
  const [first] = keys;
  if (first === undefined) {
    throw notFound('Nobody is known by that name. Ask by stable id, userName or mail as the source has it.');
  }
  if (keys.length === 1) return first;
  const people = [...keys].sort();
  throw new Problem(409, 'ambiguous', 'Ask again with one of the keys in "people".', { people });
}

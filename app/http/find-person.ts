/**
 * Which person is meant: by key, stable id, userName or mail. Where several are called so we never guess: the caller
 * is shown the keys and chooses (O-11 d, O-28).
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Identities } from '../store/ports/index.ts';
import { peopleCalled, peopleWithId } from '../sync/people-called.ts';
import { notFound, Problem } from './problem.ts';

type Deps = { readonly identities: Identities; readonly sources: readonly { readonly name: string }[] };

/** `id`: `source:stableId`, or a stable id alone. `handle`: userName, uid, mail and the like. */
export type Asked = { readonly id: string } | { readonly handle: string };

/** @throws Problem 404 where nobody is called so, 409 with the keys where several are */
export async function findPerson(asked: Asked, deps: Deps): Promise<PersonKey> {
  const keys =
    'id' in asked
      ? await peopleWithId(asked.id, lookingIn(deps))
      : await deps.identities.findByHandle(asked.handle);
  return onlyOne(keys);
}

/** Takes any of the names that `Asked` knows. @throws as `findPerson` */
export async function findPersonByAnyName(name: string, deps: Deps): Promise<PersonKey> {
  return onlyOne(await peopleCalled(name, lookingIn(deps)));
}

function lookingIn({ identities, sources }: Deps) {
  return { identities, sources: sources.map(({ name }) => name) };
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

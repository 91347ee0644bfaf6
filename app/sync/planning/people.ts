/** Whom an operator means by a name or a group. Where several are called so we never guess: the keys are told. */
import type { PersonKey, StableId } from '../../person/anchor.ts';
import type { Groups, Identities, KnownGroup } from '../../store/ports/index.ts';
import { peopleCalled } from '../people-called.ts';

/** It cannot be told what the plan is to be for: nobody, or more than one, is called so. */
export class WrongWish extends Error {
  override name = 'WrongWish';
}

const GROUPS_AT_ONCE = 500;

/** @throws WrongWish */
export async function peopleNamed(
  names: readonly string[],
  sources: readonly string[],
  deps: { readonly identities: Identities },
): Promise<readonly PersonKey[]> {
  const found: PersonKey[] = [];
  for (const name of names) {
    const [key, ...more] = await peopleCalled(name, { ...deps, sources });
    if (key === undefined) {
      throw new WrongWish(
        `Nobody is known as ${name}. Name them by source:id, stable id, userName or mail as the source has it. Who is new there is known once it was read: landbridge plan --fresh does that.`,
      );
    }
    if (more.length > 0) {
      throw new WrongWish(`${name} names several people. Name one of: ${[key, ...more].sort().join(', ')}.`);
    }
    found.push(key);
  }
  return found;
}

/** A group of a source. */
export type GroupOfSource = { readonly source: string; readonly group: KnownGroup };

/** @param name of the group, its DN, or its stable id. @throws WrongWish */
export async function groupCalled(
  name: string,
  sources: readonly string[],
  deps: { readonly groups: Groups },
): Promise<GroupOfSource> {
  const found: GroupOfSource[] = [];
  for (const source of sources) {
    for await (const group of allGroups(source, deps.groups)) {
      if (isCalled(group, name)) found.push({ source, group });
    }
  }
  const [only, ...more] = found;
  if (only === undefined)
    throw new WrongWish(`No group is known as ${name}. Name it as its source does, or by its DN.`);
  if (more.length > 0) {
    const dns = found.map(({ group }) => group.dn).sort();
    throw new WrongWish(`${name} names several groups. Name one by its DN: ${dns.join('; ')}`);
  }
  return only;
}

function isCalled({ name, dn, stableId }: KnownGroup, asked: string): boolean {
  const wanted = asked.trim().toLowerCase();
  return [name, dn, stableId].some((each) => each.toLowerCase() === wanted);
}

async function* allGroups(source: string, groups: Groups): AsyncGenerator<KnownGroup> {
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Groups['list']>> = await groups.list(source, after, GROUPS_AT_ONCE);
    yield* page.groups;
    after = page.next;
  } while (after !== null);
}

/** Everybody in it, through groups in groups as well. */
export async function membersOf(source: string, id: StableId, groups: Groups): Promise<readonly PersonKey[]> {
  const people: PersonKey[] = [];
  for await (const batch of groups.members(source, id)) people.push(...batch.map(({ key }) => key));
  return people;
}

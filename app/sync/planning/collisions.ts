/**
 * People whose items of a plan cannot all be carried out: one account was found for several of them, or several new ones
 * shall have the same userName. Each is told of the others; whose it shall be is decided at the source, or by who is
 * served first. Pure.
 */
import type { PersonKey } from '../../person/anchor.ts';
import type { PlanItem } from '../../plan/plan-file.ts';

/** So many of the others are named. */
const MOST_NAMED = 3;

export function withCollisions(items: readonly PlanItem[]): readonly PlanItem[] {
  const wishes = new Map<string, PersonKey[]>();
  for (const item of items) {
    const wish = wishOf(item);
    if (wish === null) continue;
    const people = wishes.get(wish);
    if (people === undefined) wishes.set(wish, [item.person]);
    else people.push(item.person);
  }
  for (const people of wishes.values()) people.sort();
  return items.map((item) => {
    const people = wishes.get(wishOf(item) ?? '') ?? [];
    if (people.length < 2) return item;
    const what = item.action === 'adopt' ? 'account' : 'userName';
    const problem = `${othersThan(item.person, people)} would get the same ${what}, and only one of them can`;
    return { ...item, problems: [...item.problems, problem] };
  });
}

/** What but one person can have; userNames are compared without case. */
function wishOf({ action, account, userName }: PlanItem): string | null {
  if (action === 'adopt' && account !== null) return `account ${account}`;
  return action === 'create' && userName !== null ? `userName ${userName.toLowerCase()}` : null;
}

/** @param people sorted, and perhaps everybody */
function othersThan(person: PersonKey, people: readonly PersonKey[]): string {
  const named = people
    .slice(0, MOST_NAMED + 1)
    .filter((other) => other !== person)
    .slice(0, MOST_NAMED);
  const more = people.length - 1 - named.length;
  return more === 0 ? named.join(' and ') : `${named.join(', ')} and ${more} more`;
}

/**
 * Everybody at a target by its listing, kept for as long as a plan is made: each account as text, and under which
 * names it is found. A hundred thousand accounts take some hundred bytes each.
 *
 * Names are compared as look-ups compare them: userName ignores case, externalId does not. What the listing cannot
 * answer (an account that it does not have, a name that the target may spell otherwise, all of a listing that is not
 * complete) is asked for by itself.
 */
import type { Account } from '../../scim/resource.ts';
import type { Call, ListCall, Match, Target } from '../../scim/target.ts';
import { noteShown } from '../reconciling/shown-attributes.ts';

export type Finder = Pick<Target, 'name' | 'find'>;

/** What a target does otherwise, as far as finding goes. */
export type FindingHabits = {
  /** False where look-ups by externalId find nobody. */
  readonly searchesExternalId: boolean;
  /** True where a userName may become another one, and the account is found by another attribute. */
  readonly renamesUserNames: boolean;
};

export type ListedAccounts = {
  readonly size: number;
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly problem: string | null;
  /** Paths that the listing shows of anybody, in lower case. */
  readonly shown: ReadonlySet<string>;
  get(id: string): Account | null;
  find(by: 'externalId' | 'userName', value: string): readonly Account[];
  /** In the order of the listing. */
  all(): Iterable<Account>;
};

/** @throws what a Target throws */
export async function listAccounts(target: Target, call: ListCall): Promise<ListedAccounts> {
  const texts = new Map<string, string>();
  const names = {
    externalId: new Map<string, string | string[]>(),
    userName: new Map<string, string | string[]>(),
  };
  const shown = new Set<string>();
  let end = { complete: false, problem: 'the listing has no end' as string | null };
  for await (const item of target.list(call)) {
    if (item.kind === 'end') {
      end = item;
      continue;
    }
    for (const account of item.accounts) {
      const { id, user } = account;
      texts.set(id, JSON.stringify(account));
      noteShown(user, shown);
      addName(names.userName, user.userName.toLowerCase(), id);
      if (typeof user.externalId === 'string') addName(names.externalId, user.externalId, id);
    }
  }
  const get = (id: string): Account | null => {
    const text = texts.get(id);
    return text === undefined ? null : (JSON.parse(text) as Account);
  };
  return {
    size: texts.size,
    ...end,
    shown,
    get,
    find(by, value) {
      const ids = names[by].get(by === 'userName' ? value.toLowerCase() : value);
      return [ids ?? []].flat().flatMap((id) => get(id) ?? []);
    },
    *all() {
      for (const text of texts.values()) yield JSON.parse(text) as Account;
    },
  };
}

/** One id as it is, several as a list: nearly all names are carried once. */
function addName(names: Map<string, string | string[]>, name: string, id: string): void {
  const before = names.get(name);
  if (before === undefined) names.set(name, id);
  else names.set(name, [before, id].flat());
}

/**
 * Finds accounts in a listing first.
 * @param asking for what the listing cannot answer
 */
export function findInListing(listed: ListedAccounts, asking: Finder, habits: FindingHabits): Finder {
  return {
    name: asking.name,
    async find(match: Match, call: Call) {
      if (match.by === 'id') {
        const account = listed.get(match.value);
        return account === null ? await asking.find(match, call) : [account];
      }
      if (match.by === 'externalId' && !habits.searchesExternalId) return [];
      if (match.by !== 'externalId' && match.by !== 'userName') return await asking.find(match, call);
      const found = listed.find(match.by, match.value);
      const isSure = listed.complete && !(match.by === 'userName' && habits.renamesUserNames);
      return found.length > 0 || isSure ? found : await asking.find(match, call);
    },
  };
}

/**
 * The account that a check with --write makes, and its end. Its name says what it is. Whatever happens, every account
 * that was made is removed, one that may have been made is looked for first, and what is still there is named.
 */
import { TargetUnavailable } from '../../errors.ts';
import { equalsFilter } from '../filter/filter.ts';
import type { Profile } from '../profiles/profile.ts';
import { isJsonList, isJsonObject, type JsonObject, ownValue } from '../resource.ts';
import { type Ask, type Shown, succeeded } from './asking.ts';
import { idOf, rawList, search, textOf, userPath, versionOf } from './users.ts';

/** An account of ours that is still there. */
export type LeftAccount = {
  readonly userName: string;
  /** null where not even that could be found out. */
  readonly id: string | null;
  /** `off`: DELETE only switches off there. `on`: it could not be removed, or not be looked for. */
  readonly state: 'off' | 'on';
};

/** What the target itself says of an account that is still there; it may have made another name of ours. */
type Still = Pick<LeftAccount, 'state'> & Partial<Pick<LeftAccount, 'userName'>>;

export type ThrowAway = {
  readonly userName: string;
  /** What it is looked for by: a target may make another name of one that is a mail address. */
  readonly lookedForBy: 'userName' | 'email';
  /** The accounts that were made. */
  readonly ids: Set<string>;
  /** A create may have made one that we know no id of. */
  unsure: boolean;
};

export function throwAway(nonce: string, domain: string, { addressSearch }: Profile): ThrowAway {
  const lookedForBy = addressSearch ?? 'userName';
  return { userName: `${nonce}@${domain}`, lookedForBy, ids: new Set(), unsure: false };
}

/** Sends a create and keeps in mind what may have come of it. */
export async function create(
  account: ThrowAway,
  ask: Ask,
  usersPath: string,
  body: JsonObject,
): Promise<{ readonly shown: Shown; readonly id: string | null }> {
  account.unsure = true;
  const shown = await ask({ method: 'POST', path: usersPath, body });
  if (!succeeded(shown)) {
    // Only a refusal is sure to have made nothing: a gateway may have given up on a create that went through.
    account.unsure = shown.status < 400 || shown.status > 499;
    return { shown, id: null };
  }
  const told = shown.body === null ? null : idOf(shown.body);
  const [found] = told === null ? await idsNamed(account, ask, usersPath) : [told];
  const id = found ?? null;
  if (id !== null) account.ids.add(id);
  account.unsure = id === null;
  return { shown, id };
}

/** @throws TargetUnavailable where no list comes back, which says nothing of who is there */
async function idsNamed(
  { userName, lookedForBy }: ThrowAway,
  ask: Ask,
  usersPath: string,
): Promise<readonly string[]> {
  const list = rawList((await search(ask, usersPath, equalsFilter(lookedForBy, userName))).body);
  if (list === null) throw new TargetUnavailable('the throw-away account cannot be looked for');
  const ours = list.users.filter((user) => namesOf(user).includes(userName.toLowerCase()));
  return ours.flatMap((user) => idOf(user) ?? []);
}

/** Its name and its mail addresses, in lower case. */
function namesOf(user: JsonObject): readonly string[] {
  const emails = ownValue(user, 'emails');
  const addresses = isJsonList(emails)
    ? emails.filter(isJsonObject).map((email) => textOf(email, 'value'))
    : [];
  return [textOf(user, 'userName'), ...addresses].flatMap((name) => name?.toLowerCase() ?? []);
}

/** Removes what was made. @returns what is still there, where anything is */
export async function removeAll(
  account: ThrowAway,
  ask: Ask,
  usersPath: string,
): Promise<readonly LeftAccount[]> {
  const { userName, ids } = account;
  const left: LeftAccount[] = [];
  try {
    if (account.unsure) for (const id of await idsNamed(account, ask, usersPath)) ids.add(id);
    account.unsure = false;
    for (const id of ids) {
      const still = await remove(id, ask, usersPath);
      if (still !== null) left.push({ userName, id, ...still });
      ids.delete(id);
    }
    return left;
  } catch {
    const unasked = [...ids].map((id): LeftAccount => ({ userName, id, state: 'on' }));
    const unknown: readonly LeftAccount[] = account.unsure ? [{ userName, id: null, state: 'on' }] : [];
    return [...left, ...unasked, ...unknown];
  }
}

/** @returns what is still there; null where nothing is */
async function remove(id: string, ask: Ask, usersPath: string): Promise<Still | null> {
  const path = userPath(usersPath, id);
  const before = await ask({ method: 'GET', path });
  if (isGone(before)) return null;
  const version = versionOf(before);
  await ask({ method: 'DELETE', path, ...(version === null ? {} : { ifMatch: version }) });
  const after = await ask({ method: 'GET', path });
  if (isGone(after)) return null;
  const state = after.body !== null && ownValue(after.body, 'active') === false ? 'off' : 'on';
  const userName = textOf(after.body ?? before.body ?? {}, 'userName');
  return userName === null ? { state } : { userName, state };
}

function isGone({ status, alien }: Shown): boolean {
  return (status === 404 || status === 410) && !alien;
}

/**
 * By which mail address an account may be found, where a mapping names `mail` under `match`. An address says less than
 * a userName: people share one, or get the one that somebody else had. So an account is theirs by it only where nobody
 * else is known by that address, now or before.
 */
import type { Mapping, MatchAttribute } from '../../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../../person/anchor.ts';
import { type Account, isJsonList, isJsonObject, type Json, type ScimUser } from '../../scim/resource.ts';
import type { Identities, Links } from '../../store/ports/index.ts';

type Deps = {
  readonly target: { readonly name: string };
  readonly links: Pick<Links, 'ownerOf'>;
  readonly identities: Pick<Identities, 'get' | 'findByHandle'>;
};

/** What an account is looked for by; undefined where the person has nothing of the kind. */
export function matchValue(user: ScimUser, by: MatchAttribute): string | undefined {
  const value = by === 'mail' ? addressOf(user.emails) : user[by];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The primary address, else the first. */
function addressOf(emails: Json | undefined): Json | undefined {
  const all = isJsonList(emails) ? emails.filter(isJsonObject) : [];
  return (all.find(({ primary }) => primary === true) ?? all[0])?.value;
}

/** Without the accounts of others who are there: sharing an address with them says nothing about any account. */
export async function withoutSharers(
  hits: readonly Account[],
  key: PersonKey,
  { target, links, identities }: Deps,
): Promise<readonly Account[]> {
  const left: Account[] = [];
  for (const hit of hits) {
    const owner = await links.ownerOf(target.name, hit.id);
    const other = owner === null || owner === key ? null : await identities.get(owner);
    if (other?.presence.state !== 'present') left.push(hit);
  }
  return left;
}

/**
 * Records of sources that are joined say more of the same people, and are nobody else's.
 * @returns why an account with this address cannot be told to be theirs; null where nobody else has, or had, it
 */
export async function sharedMail(
  mail: string,
  key: PersonKey,
  { joins = [] }: Pick<Mapping, 'joins'>,
  { identities }: Deps,
): Promise<string | null> {
  const joined = new Set(joins.map(({ source }) => source));
  const known = await identities.findByHandle(mail);
  const others = known.filter((other) => other !== key && !joined.has(sourceOfKey(other)));
  if (others.length === 0) return null;
  const who = others.slice(0, 3).join(', ');
  return `ambiguous: an account has this mail, which others carry or have carried too: ${who}`;
}

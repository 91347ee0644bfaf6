/** What is known of the account behind a link: by what the link remembers, or by what was read just now. Pure. */
import type { Known } from '../../plan/decision.ts';
import { settled } from '../../plan/settled.ts';
import type { Account } from '../../scim/resource.ts';
import type { Link } from '../../store/ports/index.ts';

/** What is known of a linked account without asking the target. */
export function rememberedBy(link: Link): Extract<Known, { kind: 'linked' }> {
  const { id, desired: user, echo, version } = link;
  const account: Account = version === undefined ? { id, user } : { id, user, version };
  const named = echo.userName === user.userName ? {} : { shownAs: echo.userName };
  return { kind: 'linked', account, previous: user, ...named, ...since(link) };
}

/** What is known of a linked account that was read just now. */
export function linkedTo(asRead: Account, link: Link): Extract<Known, { kind: 'linked' }> {
  const user = settled(asRead.user, link.desired, link.echo);
  const account = { ...asRead, user };
  return { kind: 'linked', account, previous: link.desired, asRead, ...since(link) };
}

function since({ endedAt }: Link): { readonly endedAt?: string } {
  return endedAt === undefined ? {} : { endedAt };
}

/**
 * What an operator is told where the account that somebody matches is linked to somebody else: a rehire under a new
 * key, or a name that two people want. Nobody is switched over by a name alone; a person decides, by one request
 * (`relink.ts`) or at the source. Keys are told, values never.
 */
import type { MatchAttribute } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import type { Identities } from '../../store/ports/index.ts';

export type Contested = {
  readonly account: string;
  readonly by: MatchAttribute;
  readonly owner: PersonKey;
  /** Who matches it. */
  readonly key: PersonKey;
  readonly target: string;
};

/** Why it is held, and what to do about it. */
export async function whyContested(
  contested: Contested,
  { identities }: { readonly identities: Pick<Identities, 'get'> },
): Promise<string> {
  const { account, by, owner, key, target } = contested;
  const known = await identities.get(owner);
  const linked = `ambiguous: account ${account}, which has this ${by}, is linked to ${owner}`;
  if (known?.presence.state === 'present') {
    return `${linked}, who is still there: two people want one ${by}. Give one of them another at the source`;
  }
  const relink = `POST /v1/people/${key}/relink with {"target": "${target}", "account": "${account}"}`;
  const choices = `If they are the same person, ${relink}; if not, give ${key} another ${by} at the source`;
  return `${linked}, who is gone. A rehire, or an old ${by} used again? ${choices}`;
}

/**
 * Puts the ids of other people's accounts where a mapping wants them. Nobody waits for anybody: what cannot be told yet
 * is left out, and whoever gets an account makes those due who name them (`referrers.ts`), so a circle of people who
 * name each other costs each of them two writes at most (O-10).
 *
 *   the source names | their account here | in the account that is wanted
 *   ──────────────────────────────────────────────────────────────────────────────────────────────
 *   nobody           | –                  | nothing: what we once put there is cleared, as ever
 *   somebody         | linked             | its id
 *   somebody         | none we know of    | what we once put there, as long as that account is anybody's; else nothing
 *
 * It only looks, so that a preview and a comparison of everybody can use it, and asks no target.
 */
import type { Reference } from '../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../person/anchor.ts';
import type { Desired } from '../plan/decision.ts';
import { type AttributePath, formatPath, type ScimUser, valueAt, withValue } from '../scim/resource.ts';
import type { Identities, Link, Links, Waiting } from '../store/ports/index.ts';

type Deps = { readonly identities: Identities; readonly links: Links };

/** Whose account it is, where, and what we know of it. */
type Referring = { readonly key: PersonKey; readonly target: string; readonly link: Link | null };

export type Referred = {
  /** With every id that is known. */
  readonly desired: Desired;
  /** What waits for an account. */
  readonly waiting: readonly Waiting[];
  /** Whose ids stay where they are, although somebody else is named now who has no account yet. */
  readonly keptFrom: readonly PersonKey[];
  /** Where nothing stands for want of an id. */
  readonly leftOut: readonly AttributePath[];
};

/** Of somebody who refers to nobody. */
export const NO_REFERENCES = { waiting: [], keptFrom: [], leftOut: [] } as const;

/** Fills in what is known of the accounts that a person's own account refers to. See the table above. */
export async function withReferences(
  { desired, references = [] }: { readonly desired: Desired; readonly references?: readonly Reference[] },
  who: Referring,
  deps: Deps,
): Promise<Referred> {
  if (desired.kind !== 'account' || references.length === 0) return { desired, ...NO_REFERENCES };
  let { user } = desired;
  const waiting: Waiting[] = [];
  const keptFrom: PersonKey[] = [];
  const leftOut: AttributePath[] = [];
  for (const { path, from, mention } of references) {
    const person = await deps.identities.mentioned(sourceOfKey(who.key), mention);
    const theirs = person === null ? null : await deps.links.get(who.target, person);
    if (theirs !== null) {
      user = withValue(user, path, theirs.id) as ScimUser;
      continue;
    }
    waiting.push({ attribute: formatPath(path), from, person });
    const before = who.link === null ? undefined : valueAt(who.link.desired, path);
    const owner = typeof before === 'string' ? await deps.links.ownerOf(who.target, before) : null;
    if (before === undefined || owner === null) {
      leftOut.push(path);
      continue;
    }
    user = withValue(user, path, before) as ScimUser;
    keptFrom.push(owner);
  }
  return { desired: { kind: 'account', user }, waiting, keptFrom, leftOut };
}

/** What waits, as an operator reads it. */
export function waitingInWords({ from, person }: Waiting): string {
  return person === null ? `${from} names nobody who is known` : `waits for an account of ${person}`;
}

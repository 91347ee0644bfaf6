/**
 * The ids of other people's accounts for somebody who is about to be written. Whom they name is noted before those
 * accounts are asked for: either the account is found, or whoever gets it finds who names them (`referrers.ts`). So is
 * whose id is kept for want of a better one, since it is of no use once that account is gone.
 */
import { type PersonKey, sourceOfKey, stableIdOfKey } from '../../person/anchor.ts';
import { mentionsOf } from '../../person/mention.ts';
import type { Link } from '../../store/ports/index.ts';
import type { Wanted } from '../desired.ts';
import { NO_REFERENCES, type Referred, withReferences } from '../references.ts';
import type { ProvisionDeps, Work } from './work.ts';

export async function withNotedReferences(
  want: Extract<Wanted, { kind: 'known' }>,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<Referred> {
  if (want.references === undefined) return { desired: want.desired, ...NO_REFERENCES };
  await note(want.references, [], work, deps);
  const first = await withReferences(want, { ...work, link }, deps);
  if (first.keptFrom.length === 0) return first;
  await note(want.references, first.keptFrom, work, deps);
  return await withReferences(want, { ...work, link }, deps);
}

async function note(
  references: NonNullable<Extract<Wanted, { kind: 'known' }>['references']>,
  keptFrom: readonly PersonKey[],
  { key, target }: Work,
  { referrers }: ProvisionDeps,
): Promise<void> {
  const kept = keptFrom.flatMap((owner) => mentionsOf({ stableId: stableIdOfKey(owner) }));
  const mentions = [...references.map(({ mention }) => mention), ...kept];
  await referrers.note(target, sourceOfKey(key), key, mentions);
}

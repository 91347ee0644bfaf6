/**
 * Who has to be looked at because another source has told something new of the same person: whoever rested on them by
 * id or handle when they were looked at last (`seen.ts`), or would now. Whoever was never looked at is due anyway.
 */
import type { Mapping } from '../mapping/mapping.ts';
import { type PersonKey, sourceOfKey } from '../person/anchor.ts';
import type { Identity } from '../person/identity.ts';
import type { Joiners } from '../store/ports/index.ts';
import { namesToRestOn } from './seen.ts';

type Deps = { readonly mappings: readonly Mapping[]; readonly joiners: Joiners };

/** Mappings that join a source, and by what of its people. */
export type JoiningMapping = { readonly mapping: Mapping; readonly to: string };

export function mappingsJoining(
  source: string,
  { mappings }: Pick<Deps, 'mappings'>,
): readonly JoiningMapping[] {
  return mappings.flatMap((mapping) =>
    (mapping.joins ?? []).filter((join) => join.source === source).map(({ to }) => ({ mapping, to })),
  );
}

/** Whether accounts are made of what this source says, of its own people or of those that it joins. */
export function restsOnSource({ source: own, joins = [] }: Mapping, source: string): boolean {
  return own === source || joins.some((join) => join.source === source);
}

/** The targets where the source's people count: with accounts of their own, or in those of others. */
export function targetsReached(source: string, { mappings }: Pick<Deps, 'mappings'>): readonly string[] {
  const reaching = mappings.filter((mapping) => restsOnSource(mapping, source));
  return [...new Set(reaching.map(({ target }) => target))];
}

/** People of the mapping's source who rest on any of these. */
export async function restingOnThem(
  { mapping, to }: JoiningMapping,
  people: readonly (Identity | null)[],
  { joiners }: Pick<Deps, 'joiners'>,
): Promise<readonly PersonKey[]> {
  const tos = to === 'id' ? [] : [to];
  const names = people.flatMap((one) => (one === null ? [] : namesToRestOn(one, tos)));
  const resting = await joiners.of(mapping.target, names);
  return resting.filter((key) => sourceOfKey(key) === mapping.source);
}

/**
 * A person as one mapping sees them: their own record, joined with what other sources say of the same person. The only
 * place where that is made, whether somebody is written, compared, previewed, planned or explained.
 *
 *   what the person's own record says | who is known at the other source          | what is joined
 *   ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
 *   nothing, or what nobody has there | –                                         | nothing
 *   an id, or a handle                | one person who is there                   | their record
 *   the same                          | nobody who is there any more              | nothing: no old value outlives them
 *   the same                          | two people who are there                  | the person fails, with words (O-11)
 *
 * Whoever is about to be written says first on whom they rest, and asks then: either what the other source says by then
 * is found, or whoever brings it finds who rests on it (`joined-news.ts`). No crash and no order of arrival loses it.
 */
import type { Join, Mapping } from '../mapping/mapping.ts';
import { type StableId, sourceOfKey } from '../person/anchor.ts';
import { foldHandle } from '../person/handles.ts';
import type { Counterpart, Identity } from '../person/identity.ts';
import type { Identities, Joiners, RestingOn } from '../store/ports/index.ts';

/** Made here and nowhere else. */
export type Seen = Identity & Required<Pick<Identity, 'joined'>>;

type Looking = { readonly identities: Pick<Identities, 'getMany' | 'findByHandle' | 'withId'> };

type Joined = { readonly join: Join; readonly present: readonly Identity[] };

const NOBODY: Seen['joined'] = new Map();

/** Only looks. */
export async function seenBy(mapping: Mapping, identity: Identity, deps: Looking): Promise<Seen> {
  if (mapping.joins === undefined) return { ...identity, joined: NOBODY };
  return withCounterparts(identity, await counterpartsOf(identity, mapping.joins, deps));
}

/** The same of many, in their order. */
export async function allSeenBy(
  mapping: Mapping,
  identities: readonly Identity[],
  deps: Looking,
): Promise<readonly Seen[]> {
  return await Promise.all(identities.map((identity) => seenBy(mapping, identity, deps)));
}

/** The same for somebody who is about to be written: notes on whom they rest. */
export async function seenForWriting(
  mapping: Mapping,
  identity: Identity,
  deps: Looking & { readonly joiners: Joiners },
): Promise<Seen> {
  const { joins, target } = mapping;
  if (joins === undefined) return { ...identity, joined: NOBODY };
  const wanted = joins.flatMap((join) => {
    const value = namedThere(identity, join);
    return value === '' ? [] : [restingOn(join.source, join.to, value)];
  });
  await deps.joiners.note(target, identity.key, wanted);
  const first = await counterpartsOf(identity, joins, deps);
  const found = first.flatMap(({ present }) => present.map(({ source, stableId }) => byId(source, stableId)));
  if (found.every((one) => wanted.includes(one))) return withCounterparts(identity, first);
  // By whatever they were found: when that changes they are known by their id still.
  await deps.joiners.note(target, identity.key, [...wanted, ...found]);
  return withCounterparts(identity, await counterpartsOf(identity, joins, deps));
}

/** By what people rest on this one, where mappings join their source by these. */
export function namesToRestOn(identity: Identity, tos: Iterable<string>): readonly RestingOn[] {
  const { source, stableId, entry } = identity;
  const handles = [...tos].flatMap((to) =>
    (entry.attributes[to] ?? []).map((value) => restingOn(source, to, foldHandle(value))),
  );
  return [...new Set([byId(source, stableId), ...handles])];
}

async function counterpartsOf(
  identity: Identity,
  joins: readonly Join[],
  deps: Looking,
): Promise<readonly Joined[]> {
  return await Promise.all(
    joins.map(async (join) => ({ join, present: await presentAt(join, namedThere(identity, join), deps) })),
  );
}

function withCounterparts(identity: Identity, joined: readonly Joined[]): Seen {
  return {
    ...identity,
    joined: new Map(joined.map(({ join, present }) => [join.source, counterpart(present)] as const)),
  };
}

function counterpart(present: readonly Identity[]): Counterpart {
  const [only, ...others] = present;
  if (only === undefined) return { state: 'missing' };
  return others.length > 0 ? { state: 'several' } : { state: 'present', attributes: only.entry.attributes };
}

/** The index also leads to whoever was called so before, so each is asked what they are called now. */
async function presentAt(
  { source, to }: Join,
  value: string,
  { identities }: Looking,
): Promise<readonly Identity[]> {
  if (value === '') return [];
  const keys = to === 'id' ? await identities.withId(source, value) : await identities.findByHandle(value);
  const here = keys.filter((key) => sourceOfKey(key) === source);
  const known = await identities.getMany(here);
  return known
    .filter((one) => one !== null)
    .filter((one) => one.presence.state === 'present' && isCalled(one, to, value));
}

function isCalled({ stableId, entry }: Identity, to: string, value: string): boolean {
  if (to === 'id') return foldHandle(stableId) === value;
  return (entry.attributes[to] ?? []).some((one) => foldHandle(one) === value);
}

/** What the person's own record says of who they are there: the first value that is not blank, or ''. */
function namedThere({ entry }: Identity, { on }: Join): string {
  return (entry.attributes[on] ?? []).map(foldHandle).find((value) => value !== '') ?? '';
}

function byId(source: string, id: StableId): RestingOn {
  return restingOn(source, 'id', foldHandle(id));
}

function restingOn(source: string, to: string, value: string): RestingOn {
  return `${source} ${to} ${value}` as RestingOn;
}

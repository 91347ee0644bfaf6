/**
 * Makes those due who refer to somebody whose account has become another one: it was made or found, is gone, or its
 * owner stands under the name that others use; and the groups that they are in, where those are kept at the target. Who that is was noted in the same step as the change (`Links`,
 * `Identities.moves`), and is taken off that list only when all are due, so a crash loses nobody.
 *
 * It decides nothing about the accounts of those it makes due: each is looked at as ever, and whoever has the right id
 * already costs no request.
 */
import { type PersonKey, sourceOfKey } from '../person/anchor.ts';
import { dnMention, mentionsOf } from '../person/mention.ts';
import type { Identities, Links, NewAccount, Referrers } from '../store/ports/index.ts';
import { announceToGroups, type MarkGroupsDeps } from './groups/mark-groups.ts';
import { laneFor } from './lanes.ts';

type Deps = MarkGroupsDeps & {
  readonly identities: Identities;
  readonly links: Links;
  readonly referrers: Referrers;
};

/** People made due at the same time: thousands may name one. */
const BATCH = 200;

/** This person's account has become another one; called by whoever has just written that down. */
export async function announceAccount(target: string, key: PersonKey, deps: Deps): Promise<void> {
  for (const news of await deps.links.newAccounts(target, key)) await announce(target, news, deps);
}

/** The same for everybody of whom nobody was told, since a process died. @returns how many people were made due */
export async function announceAccounts(targets: readonly string[], deps: Deps): Promise<number> {
  let made = 0;
  for (const target of targets) {
    for (const news of await deps.links.newAccounts(target)) made += await announce(target, news, deps);
  }
  return made;
}

async function announce(target: string, news: NewAccount, deps: Deps): Promise<number> {
  const identity = await deps.identities.get(news.key);
  const mentions = identity === null ? [] : mentionsOf(identity.entry);
  if (identity !== null) await announceToGroups(target, identity, deps);
  const referrers = await deps.referrers.of(target, sourceOfKey(news.key), mentions);
  const made = await makeDue(target, referrers, deps);
  await deps.links.settleNewAccounts(target, [news]);
  return made;
}

/**
 * People of a source stand elsewhere now, or are back.
 * @param targets those that the source's people are mapped to
 */
export async function announceMoves(source: string, targets: readonly string[], deps: Deps): Promise<void> {
  const moves = await deps.identities.moves(source);
  if (moves.length === 0) return;
  const mentions = moves.map(({ dnKey }) => dnMention(dnKey));
  for (const target of targets) {
    const referrers = new Set<PersonKey>();
    for (const batch of batches(mentions)) {
      for (const key of await deps.referrers.of(target, source, batch)) referrers.add(key);
    }
    await makeDue(target, [...referrers], deps);
  }
  await deps.identities.settleMoves(source, moves);
}

async function makeDue(
  target: string,
  referrers: readonly PersonKey[],
  { due, bell, links, now }: Deps,
): Promise<number> {
  const lane = laneFor('changes', referrers.length);
  let made = 0;
  for (const batch of batches(referrers)) {
    // In this order: whoever is not due any more when they are asked for has their link by now, if they got one.
    const marks = await Promise.all(batch.map((key) => due.get(target, key)));
    const accounts = await links.getMany(target, batch);
    const concerned = batch.filter((_, index) => marks[index] || accounts[index]);
    await Promise.all(
      concerned.map(async (key) => {
        await due.mark(target, key, { lane }, now());
        await bell.ring(target, key, lane);
      }),
    );
    made += concerned.length;
  }
  return made;
}

function batches<T>(all: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < all.length; start += BATCH) result.push(all.slice(start, start + BATCH));
  return result;
}

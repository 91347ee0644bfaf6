/**
 * How many members go into the next request. All that it takes, until one is refused: then half of those who were in
 * it, and half of these again, until it is known who is not taken. Each costs as many requests more as a number can be
 * halved, some seven for a hundred; after a few of them it is no more a matter of single members, and it ends.
 */
import type { Refused } from '../../errors.ts';
import type { RefusedMember } from './group-target.ts';
import { firstChunk, type MemberChange, NO_CHANGE, together } from './member-changes.ts';

/** So many are found out and left out in one go; where nobody at all is taken, fewer. */
const MOST_REFUSED = 10;
const MOST_IF_NOBODY_IS_TAKEN = 3;

export type Share = {
  /** @param most how many a request takes */
  of(left: MemberChange, most: number): MemberChange;
  took(part: MemberChange): void;
  /**
   * @param isFirst nothing has gone through so far
   * @returns whom to leave out now
   * @throws what was refused, where too many are
   */
  refuse(part: MemberChange, why: Refused, isFirst: boolean): MemberChange;
  refused(): readonly RefusedMember[];
  leftOut(): MemberChange;
  /** The first refusal; null where there was none. */
  why(): Refused | null;
};

export function createShare(): Share {
  const refused: { readonly member: MemberChange; readonly why: Refused }[] = [];
  /** Of the next so many one is not taken; 0 where nothing speaks against anybody. */
  let suspects = 0;
  return {
    of: (left, most) => firstChunk(left, suspects === 0 ? most : Math.ceil(suspects / 2)),
    took(part) {
      suspects = Math.max(0, suspects - sizeOf(part));
    },
    refuse(part, why, isFirst) {
      const size = sizeOf(part);
      suspects = size > 1 ? size : 0;
      if (size > 1) return NO_CHANGE;
      refused.push({ member: part, why });
      if (refused.length >= (isFirst ? MOST_IF_NOBODY_IS_TAKEN : MOST_REFUSED)) throw why;
      return part;
    },
    refused: () =>
      refused.flatMap(({ member, why: { words } }) => idsIn(member).map((id) => ({ id, words }))),
    leftOut: () => refused.map(({ member }) => member).reduce(together, NO_CHANGE),
    why: () => refused[0]?.why ?? null,
  };
}

function sizeOf(part: MemberChange): number {
  return idsIn(part).length;
}

function idsIn({ add, remove }: MemberChange): readonly string[] {
  return [...remove, ...add];
}

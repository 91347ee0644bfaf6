/**
 * The GroupMapping contract: what a group of a source should be at one target, and what may become of it there. Who its
 * members are is not a mapping's matter: the people of the group who have an account at the target. Pure.
 */
import type { StableId } from '../../person/anchor.ts';
import type { MappingProblem } from '../mapping.ts';

/** What expressions see of a group. */
export type GroupFacts = {
  readonly source: string;
  readonly stableId: StableId;
  readonly name: string;
  readonly dn: string;
  /** How many members the group itself names. */
  readonly members: number;
};

export type MappedGroup =
  | { readonly kind: 'in-scope'; readonly displayName: string; readonly externalId?: string }
  | { readonly kind: 'out-of-scope'; readonly reason: string }
  | { readonly kind: 'failed'; readonly problems: readonly MappingProblem[] };

/** By what a group that none of ours is linked to may be found. */
export type GroupMatchAttribute = 'externalId' | 'displayName';

export type GroupPolicy = {
  /** What becomes of a group at the target that shall be there no longer: gone at the source, or out of scope. */
  readonly gone: 'leave' | 'delete';
  /** Groups that are never written to: names as the target has them, in small letters. */
  readonly protected: ReadonlySet<string>;
  /** What becomes of members that are no accounts of ours. */
  readonly foreignMembers: 'keep' | 'remove';
};

export interface GroupMapping {
  /** File name for messages. */
  readonly file: string;
  readonly source: string;
  readonly target: string;
  /** In which order a group that none of ours is linked to is looked for. */
  readonly matchOn: readonly GroupMatchAttribute[];
  readonly policy: GroupPolicy;
  map(group: GroupFacts): MappedGroup;
}

/** What a file's records turn out to be, whatever its format. `line` is where to look for it in the file. */
import type { StableId } from '../../person/anchor.ts';
import type { Entry, GroupEntry } from '../../person/entry.ts';

export type FileItem =
  | {
      readonly kind: 'person';
      readonly line: number;
      readonly entry: Entry;
      /** The groups that the record itself names. */
      readonly groups: readonly string[];
    }
  | { readonly kind: 'group'; readonly line: number; readonly group: GroupEntry }
  /** Somebody, or something, that is not among the people who are read; null where it shows no id. */
  | { readonly kind: 'outside'; readonly line: number; readonly stableId: StableId | null }
  /** A record that cannot be used: the file is not the whole truth. */
  | { readonly kind: 'rejected'; readonly line: number; readonly why: string }
  /** Something is wrong with the file itself. */
  | { readonly kind: 'problem'; readonly problem: string };

/** A file that cannot be read on from here. The message is for an operator and holds no value. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

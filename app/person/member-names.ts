/**
 * The names by which groups name their members: the DN in its one form, `uid:ada` where groups hold login names,
 * `primary:S-1-5-…` where people name one group of theirs that does not name them (Active Directory's primary group),
 * and `id:4711` where people name all of theirs, as in the rows of a file.
 *
 * Only how such a name is spelt and what it is worth; who carries it is kept by the stores.
 */
import type { StableId } from './anchor.ts';
import type { Entry } from './entry.ts';

const UID = 'uid:';
const PRIMARY = 'primary:';

/** Login names are compared without case (RFC 4519 section 2.39). */
export function uidName(uid: string): string {
  return `${UID}${uid.normalize('NFKC').trim().toLowerCase()}`;
}

/** @returns the folded uid; null where the name is another */
export function uidIn(name: string): string | null {
  return name.startsWith(UID) ? name.slice(UID.length) : null;
}

/** @param sid of the group; by its number alone, groups of two domains would be one */
export function primaryGroupName(sid: string): string {
  return `${PRIMARY}${sid}`;
}

/** Whether it is no member's own name but stands for all who carry it. */
export function isPrimaryGroupName(name: string): boolean {
  return name.startsWith(PRIMARY);
}

/** By the person's own stable id. */
export function idName(id: StableId): string {
  return `id:${id}`;
}

/** Whether groups name both in the same way. */
export function sameNames(
  a: Pick<Entry, 'dnKey' | 'memberNames'>,
  b: Pick<Entry, 'dnKey' | 'memberNames'>,
): boolean {
  return namesOf(a).join('\n') === namesOf(b).join('\n');
}

/** Every name by which groups may name this person. */
export function namesOf({
  dnKey,
  memberNames = [],
}: Pick<Entry, 'dnKey' | 'memberNames'>): readonly string[] {
  return dnKey === undefined ? memberNames : [dnKey, ...memberNames];
}

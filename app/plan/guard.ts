/**
 * How many people may lose access by themselves before a person has to look (design.md, invariant 4). Pure arithmetic;
 * who is counted, and where, is the caller's business (`app/sync/removal-window.ts`).
 */

export type GuardPolicy = {
  /** Share of the known active accounts, 0 to 1. */
  readonly share: number;
  /** So many may always go, however few people there are. */
  readonly atLeast: number;
  /** More may never go, however many people there are; absent: the share alone decides. */
  readonly atMost?: number;
  /** All removals at a target within this time count together, whatever brought them. */
  readonly windowMs: number;
  /** Of the members of one group of the source; absent: groups are not looked at. */
  readonly group?: { readonly share: number; readonly atLeast: number };
  /** How long a removal is held for an operator. */
  readonly holdForMs: number;
};

/** The largest number of removals that passes by itself. */
export function removalLimit(
  known: number,
  { share, atLeast, atMost = Number.POSITIVE_INFINITY }: Pick<GuardPolicy, 'share' | 'atLeast' | 'atMost'>,
): number {
  return Math.min(atMost, Math.max(atLeast, Math.floor(known * share)));
}

/** How many a read of a source named, how many of the source were known, and how many of those it did not name. */
export type Missing = { readonly seen: number; readonly known: number; readonly missing: number };

/**
 * Judges what a complete read of a source says about absences. A search that suddenly finds no groups, or few, would
 * take away what groups give from everybody as surely as one that finds nobody.
 * @returns null where they may go, else the reason to hold, in words for an operator
 */
export function judgeAbsences(
  { seen, known, missing }: Missing,
  what: 'people' | 'groups',
  policy: GuardPolicy,
): string | null {
  if (missing === 0) return null;
  if (seen === 0) {
    const none = what === 'people' ? 'nobody' : 'no group';
    return `the source answered without an error but named ${none}, where ${known} were known`;
  }
  const limit = removalLimit(known, policy);
  if (missing <= limit) return null;
  return `${missing} of ${known} known ${what} are missing, more than the ${limit} that may go by themselves`;
}

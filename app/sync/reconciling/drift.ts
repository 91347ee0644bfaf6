/**
 * Why a linked account differs from what is wanted (`app/store/ports/drift.ts`): what the target has while source and
 * mapping want what they wanted before was changed there by hand; anything else is ahead at the source. Pure; it says
 * nothing about what is done.
 */
import type { AccountPolicy } from '../../mapping/policy.ts';
import { concealed } from '../../plan/conceal.ts';
import type { Kept, Plan } from '../../plan/decision.ts';
import { type Difference, sameValue } from '../../scim/differences.ts';
import { formatPath, type Json, valueAt } from '../../scim/resource.ts';
import type { Drift, DriftReason, Link } from '../../store/ports/index.ts';

/** One entry for each reason, with the attributes that differ for it. */
export function driftsOf(decided: Plan, link: Link, { attributes }: AccountPolicy): readonly Drift[] {
  const open = concealed(decided, attributes);
  const shown = 'differences' in open ? open.differences : [];
  const kept = 'kept' in open ? (open.kept ?? []) : [];
  // What is asked for is compared with what was, so the values themselves have to be looked at.
  const byHand = 'differences' in decided ? decided.differences.map((one) => isHandEdit(one, link)) : [];
  const isGone = decided.action === 'delete';
  return [
    ...entry(
      'hand-edit',
      link,
      shown.filter((_one, at) => byHand[at] === true),
    ),
    ...entry(
      'source',
      link,
      shown.filter((_one, at) => byHand[at] !== true),
      isGone,
    ),
    ...entry('kept', link, listed(kept)),
  ];
}

function isHandEdit({ path, after }: Difference, { desired }: Link): boolean {
  return after !== undefined && sameValue(after, valueAt(desired, path));
}

function listed(kept: readonly Kept[]): readonly Difference[] {
  return kept.filter(({ report }) => report).map(({ difference }) => difference);
}

/** @param always also without a single attribute that differs */
function entry(
  why: DriftReason,
  { key, id }: Link,
  differences: readonly Difference[],
  always = false,
): readonly Drift[] {
  if (differences.length === 0 && !always) return [];
  const shown = differences.map(({ path, before, after }) => ({
    path: formatPath(path),
    has: orNull(before),
    wanted: orNull(after),
  }));
  return [{ why, person: key, account: id, differences: shown }];
}

function orNull(value: Json | undefined): Json {
  return value ?? null;
}

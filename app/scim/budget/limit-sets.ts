/**
 * Which limits by ourselves a request falls under: those that the vendor documents, for where no answer tells, and the
 * one that the operator has set. Pure. What they grant is counted in `Budgets`.
 */
import type { Bucket } from '../../store/ports/index.ts';
import type { LimitSet } from '../profiles/profile.ts';
import type { HttpMethod } from '../wire/client.ts';

/** The operator's own limit for a target. */
export type OwnLimit = { readonly requestsPerMinute: number; readonly burst: number };

export type LimitHabits = {
  readonly sets: readonly LimitSet[];
  /** Where the users and the groups are, from the root of the origin; null where there are none. */
  readonly places: { readonly users: string; readonly groups: string | null };
  readonly own: OwnLimit | null;
};

/** The bucket of the operator's own limit; no vendor's set has a name with a star. */
const OWN_BUCKET = '*';

/** @param path from the root of the origin, with or without query */
export function bucketsFor(
  { method, path }: { readonly method: HttpMethod; readonly path: string },
  { sets, places, own }: LimitHabits,
): readonly Bucket[] {
  const vendors = sets
    .filter((set) => set.methods.includes(method))
    .filter(({ resources }) => resources === 'any' || isIn(path, places[resources]))
    .map(({ name, perMinute, burst }): Bucket => ({ name, perMinute, burst, always: false }));
  if (own === null) return vendors;
  const { requestsPerMinute: perMinute, burst } = own;
  return [...vendors, { name: OWN_BUCKET, perMinute, burst, always: true }];
}

function isIn(path: string, place: string | null): boolean {
  if (place === null || !path.startsWith(place)) return false;
  return /^(?:[/?]|$)/.test(path.slice(place.length));
}

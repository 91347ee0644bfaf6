/**
 * How long so many requests take at least under the limits that hold at a target. Pure arithmetic: what other work
 * spends of the same budget meanwhile comes on top.
 */

/** So many requests a minute. `methods`: of which requests; null for all. */
export type RequestLimit = {
  readonly perMinute: number;
  readonly methods: readonly string[] | null;
  /** Where it is known from, in words. */
  readonly from: string;
};

export type Duration = {
  /** null where no limit is known. */
  readonly seconds: number | null;
  /** The limit that takes longest, in words. */
  readonly limit: string;
};

/** @param requests the method of each */
export function durationOf(requests: ReadonlyMap<string, number>, limits: readonly RequestLimit[]): Duration {
  let longest: Duration = { seconds: null, limit: 'no limit is known' };
  for (const { perMinute, methods, from } of limits) {
    const falling = [...requests].filter(([method]) => methods === null || methods.includes(method));
    const count = falling.reduce((sum, [, each]) => sum + each, 0);
    const seconds = Math.ceil((60 * count) / perMinute);
    const what = methods === null ? 'requests' : methods.join(', ');
    if (longest.seconds === null || seconds > longest.seconds) {
      longest = { seconds, limit: `${perMinute} ${what} a minute, ${from}` };
    }
  }
  return longest;
}

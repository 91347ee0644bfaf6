/** By which headers the target tells how much may still be asked. */
import type { Observed } from '../finding.ts';
import type { ReadingProbe } from './scene.ts';

const SCHEMES: readonly (readonly [string, RegExp])[] = [
  ['X-RateLimit-*', /^x-rate-?limit-(limit|remaining|reset)$/],
  ['RateLimit-*', /^ratelimit-(limit|remaining|reset)$/],
  ['RateLimit', /^ratelimit(-policy)?$/],
];

export const limits: ReadingProbe = async ({ first }) => {
  const names = Object.keys(first.headers);
  const seen = SCHEMES.filter(([, pattern]) => names.some((name) => pattern.test(name))).map(
    ([name]) => name,
  );
  return [observed(seen)];
};

function observed(seen: readonly string[]): Observed {
  return {
    what: 'limits: told by',
    shows: seen.length === 0 ? 'no header' : seen.join(', '),
    against: ({ limits: { told } }) => {
      const says = told === 'unknown' ? '-' : told;
      if (told === 'headers' && seen.length === 0) {
        const advice = 'set requestsPerMinute for this target: nothing tells what is left';
        return { says, verdict: 'differs', advice };
      }
      // Headers are read whatever the profile says, so more than it knows of does no harm.
      return { says, verdict: told === 'unknown' ? 'unknown' : 'agrees' };
    },
  };
}

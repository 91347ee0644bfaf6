/**
 * What the service says of itself at /ServiceProviderConfigs (draft-scim-core-schema-01, 9). Servers say untrue things
 * there, so a claim that contradicts the profile is shown and decides nothing.
 */
import type { Profile } from '../../profiles/profile.ts';
import { isJsonObject, type Json, type JsonObject, ownValue } from '../../resource.ts';
import { type Observed, told } from '../finding.ts';
import type { ReadingProbe } from './scene.ts';

const CLAIMS: readonly { name: string; what: string; of: (profile: Profile) => boolean | null }[] = [
  { name: 'patch', what: 'PATCH', of: ({ update }) => (update === 'patch' ? true : null) },
  { name: 'bulk', what: '/Bulk', of: ({ bulk }) => bulk !== null },
  { name: 'filter', what: 'filters', of: () => true },
  { name: 'etag', what: 'ETags', of: ({ ifMatch }) => (ifMatch === 'echo' ? null : ifMatch !== 'never') },
  { name: 'sort', what: 'sorting', of: () => null },
];

export const claims: ReadingProbe = async ({ ask }) => {
  const { body, status } = await ask({ method: 'GET', path: '/ServiceProviderConfigs' });
  if (body === null) return [told('its own claims', `none (${status})`)];
  return [...CLAIMS.map((claim) => claimed(claim, body)), largestPage(body)];
};

function claimed({ name, what, of }: (typeof CLAIMS)[number], config: JsonObject): Observed {
  const supported = partOf(config, name, 'supported');
  const shows = typeof supported === 'boolean' ? yesNo(supported) : 'nothing';
  return {
    what: `claims ${what}`,
    shows: `${shows} (a claim)`,
    against: (profile) => {
      const expected = of(profile);
      if (expected === null) return { says: '-', verdict: 'unknown' };
      return { says: yesNo(expected), verdict: supported === expected ? 'agrees' : 'unknown' };
    },
  };
}

function largestPage(config: JsonObject): Observed {
  const largest = partOf(config, 'filter', 'maxResults');
  return {
    what: 'claims a largest page',
    shows: typeof largest === 'number' ? `${largest} (a claim)` : 'nothing (a claim)',
    against: ({ pageSize }) => ({
      says: `at least ${pageSize}`,
      verdict: typeof largest === 'number' && largest >= pageSize ? 'agrees' : 'unknown',
    }),
  };
}

function partOf(config: JsonObject, block: string, part: string): Json | undefined {
  const value = ownValue(config, block);
  return isJsonObject(value) ? ownValue(value, part) : undefined;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

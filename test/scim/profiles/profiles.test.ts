import { expect, test } from 'vitest';
import { PROFILE_NAMES, type Profile, profileNamed } from '../../../app/scim/index.ts';

const PROFILES: readonly Profile[] = PROFILE_NAMES.flatMap((name) => profileNamed(name) ?? []);

function aProfile(name: string): Profile {
  const found = profileNamed(name);
  if (found === null) throw new Error(`there is no profile ${name}`);
  return found;
}

test('each is found by its own name, and an invented name finds none', () => {
  expect(PROFILES.map(({ name }) => name)).toEqual(PROFILE_NAMES);
  expect(profileNamed('generisch')).toBeNull();
});

test.each(PROFILES)('$name: a token can be minted just where it says where', ({ auth, mintPath }) => {
  expect(auth.includes('minted')).toBe(mintPath !== null);
});

test.each(PROFILES)(
  '$name: DELETE takes access away only where it erases nobody',
  ({ deactivate, deletes }) => {
    if (deactivate === 'delete') expect(deletes).toBe('deactivates');
  },
);

test.each(PROFILES)('$name: what it reads only is of the core or of an extension it names', (profile) => {
  const urns = profile.readOnly.flatMap(([head]) => (head.startsWith('urn:') ? [head] : []));
  for (const urn of urns) expect(profile.extensions).toContain(urn);
});

test.each(PROFILES)('$name: no set of limits lets more through at once than in a minute', ({ limits }) => {
  for (const { perMinute, burst, methods } of limits.sets) {
    expect(burst).toBeLessThanOrEqual(perMinute);
    expect(methods).not.toEqual([]);
  }
});

test("Slack's limits are those of its page, for the whole organisation", () => {
  const { limits } = aProfile('slack');
  expect(limits.scope).toBe('organisation');
  expect(limits.sets.map(({ name, perMinute, burst }) => [name, perMinute, burst])).toEqual([
    ['writes', 600, 180],
    ['reads', 1000, 1000],
    ['read user', 300, 300],
    ['create user', 180, 20],
    ['change user', 180, 20],
    ['delete user', 180, 20],
  ]);
});

test('a PATCH to UAA always says what UAA would read silence as', () => {
  const { alwaysSend, ifMatch } = aProfile('uaa');
  expect({ alwaysSend, ifMatch }).toEqual({ alwaysSend: ['active', 'verified'], ifMatch: 'required' });
});

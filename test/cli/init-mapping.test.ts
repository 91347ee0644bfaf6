import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OFFERED } from '../../app/cli/init-attributes.ts';
import { hasAddress, mappingText } from '../../app/cli/init-mapping.ts';
import { formatMappingProblem, loadMapping } from '../../app/mapping/index.ts';
import { findsByAddress, PROFILE_NAMES, type Profile, profileNamed } from '../../app/scim/index.ts';
import { around } from '../mapping/folder.ts';
import { NOW } from '../mapping/people.ts';

const PROFILES = PROFILE_NAMES.flatMap((name) => profileNamed(name) ?? []);
const KINDS = ['active-directory', '389ds', 'directory', 'csv', 'ldif'] as const;
const NAMES = { source: 'corp', target: 'crm' };

function loadedFor(text: string, profile: Profile) {
  const { name, extensions, documented, readOnly, required } = profile;
  const findsByMail = findsByAddress(profile);
  return loadMapping(
    'mappings/crm.yaml',
    text,
    around(
      {},
      { target: () => ({ profile: name, extensions, documented, readOnly, required, findsByMail }) },
    ),
  );
}

test('whatever a source offers, the first mapping is in order, without a warning, and its tests pass', () => {
  fc.assert(
    fc.property(
      fc.subarray([...OFFERED]),
      fc.constantFrom(...KINDS),
      fc.constantFrom(...PROFILES),
      (names, kind, profile) => {
        const offer = {
          kind,
          has: (name: string) => names.some((one) => one.toLowerCase() === name.toLowerCase()),
        };
        fc.pre(hasAddress(offer) || !profile.required.includes('emails'));
        const loaded = loadedFor(mappingText(offer, profile, NAMES, NOW), profile);
        expect(loaded.ok ? loaded.warnings : loaded.problems.map(formatMappingProblem)).toEqual([]);
        const tests = loaded.ok ? loaded.mapping.tests : [];
        expect(tests.length).toBeGreaterThan(0);
        expect(tests.flatMap((one) => one.faults(NOW))).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test('people of Active Directory have the access that their account there has', () => {
  const has = (name: string) => ['mail', 'sn', 'userAccountControl', 'accountExpires'].includes(name);
  const [profile] = PROFILES.filter(({ name }) => name === 'generic');
  if (profile === undefined) throw new Error('there is no profile generic');
  const text = mappingText({ kind: 'active-directory', has }, profile, NAMES, NOW);
  expect(text).toContain("active: '= activeFromAD()'");
  expect(text).toContain("address: '= primaryMail()'");
  expect(text).toContain(`scope: '= v.address != "" && isUserAccount(e.userAccountControl)'`);
  const loaded = loadedFor(text, profile);
  expect(loaded.ok ? loaded.mapping.tests.map(({ name }) => name) : []).toEqual([
    'a colleague',
    'a disabled account',
    'somebody without an address',
  ]);
});

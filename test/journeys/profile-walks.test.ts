/**
 * Any sequence of changes to a person, at a target of each kind: whatever is added, changed and taken away, the account
 * is as wanted after one attempt, and nothing more is written then.
 */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mapped, Mapping } from '../../app/mapping/mapping.ts';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import { differences } from '../../app/scim/index.ts';
import { ENTERPRISE_URN, type Json, type JsonObject, type ScimUser } from '../../app/scim/resource.ts';
import { type Rig, startRig } from '../support/rig.ts';

/** What the target keeps of a list: all of it; so does one that allows one element of a type; all but which is primary;
 * or what it likes. */
const PLACES = [
  { profile: 'agileplace', dialect: 'agileplace', keeps: 'all' },
  { profile: 'generic', dialect: 'generic', keeps: 'all' },
  { profile: 'generic', dialect: 'gateway-style', keeps: 'one of a type' },
  { profile: 'pingdirectory', dialect: 'pingdirectory', keeps: 'one of a type' },
  { profile: 'okta-style', dialect: 'okta-style', keeps: 'all' },
  { profile: 'wso2', dialect: 'wso2', keeps: 'no primary' },
  { profile: 'slack', dialect: 'slack', keeps: 'its own' },
] as const;

const WORDS = ['ada', 'ben', 'cleo', 'dan'];
const word = fc.constantFrom(...WORDS, 'Ada');
const types = ['work', 'home', 'other'];

/** A list with at most one element of a type and of a value; one of them is primary. */
const listOf = (element: (value: string) => JsonObject) =>
  fc
    .tuple(fc.subarray(types), fc.shuffledSubarray(WORDS, { minLength: 3 }), fc.nat({ max: 2 }))
    .map(([some, words, primary]) =>
      some.map(
        (type, at): JsonObject => ({
          ...element(words[at] ?? ''),
          type,
          ...(at === primary % some.length ? { primary: true } : {}),
        }),
      ),
    );

const person = fc.record(
  {
    name: fc.record(
      { givenName: word, familyName: word, middleName: word },
      { requiredKeys: ['familyName'] },
    ),
    title: word,
    displayName: word,
    emails: listOf((value) => ({ value: `${value}@example.test` })),
    phoneNumbers: listOf((value) => ({ value })),
    addresses: listOf((value) => ({ streetAddress: value, locality: 'London' })),
    [ENTERPRISE_URN]: fc.record(
      { department: word, division: word, employeeNumber: word },
      { requiredKeys: [] },
    ),
    active: fc.boolean(),
  },
  { requiredKeys: ['active'] },
);

const everything: ScimUser = {
  userName: 'u',
  name: { givenName: 'x', familyName: 'x', middleName: 'x' },
  title: 'x',
  displayName: 'x',
  emails: [{ value: 'x' }],
  phoneNumbers: [{ value: 'x' }],
  addresses: [{ locality: 'x' }],
  [ENTERPRISE_URN]: { department: 'x', division: 'x', employeeNumber: 'x' },
};

const mapping: Mapping = {
  file: 'mappings/test.yaml',
  source: 'corp',
  target: 'agileplace',
  reads: ['wanted'],
  matchOn: ['userName'],
  policy: USUAL_POLICY,
  map: ({ stableId, entry }): Mapped => {
    const wanted = JSON.parse(entry.attributes['wanted']?.[0] ?? '{}') as JsonObject;
    return { kind: 'in-scope', user: { userName: stableId, ...wanted }, warnings: [] };
  },
};

describe.each(PLACES)('profile $profile at a target like $dialect', ({ profile, dialect, keeps }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ profile, sandbox: { dialect }, mapping, timeoutMs: 10_000 });
  });
  afterAll(() => rig.stop());

  async function step(wanted: JsonObject): Promise<void> {
    const mails = keeps === 'its own' ? [{ value: 'u@example.test', type: 'work', primary: true }] : [];
    const emails = [...mails, ...((wanted['emails'] ?? []) as JsonObject[])];
    const desired = { ...wanted, emails: keeps === 'its own' ? emails.slice(0, 1) : emails };
    const outcome = await rig.attempt(await rig.person('u', { wanted: JSON.stringify(desired) }));
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(rig.alerts).toEqual([]);
    await rig.sandbox.clearJournal();
    expect(await rig.attempt(await rig.due('u', { fresh: true }))).toMatchObject({
      plan: { action: 'none' },
    });
    expect(await rig.writes()).toEqual([]);
    const [account] = await rig.sandbox.accounts();
    if (account === undefined) expect(wanted['active']).toBe(false);
    else if (keeps !== 'its own') {
      const shown = readable(account.user as ScimUser);
      const asked = readable({ userName: 'u', ...desired } as ScimUser);
      expect(differences(shown, asked, everything)).toEqual([]);
    }
  }

  function readable(user: ScimUser): ScimUser {
    return keeps === 'no primary' ? (withoutPrimary(user) as ScimUser) : user;
  }

  test('ends as wanted at each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 2, maxLength: 6 }), async (steps) => {
        await rig.clear();
        for (const wanted of steps) await step(wanted as JsonObject);
        expect((await rig.sandbox.accounts()).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 12 },
    );
  });
});

function withoutPrimary(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutPrimary);
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).filter(([name]) => name !== 'primary');
  return Object.fromEntries(parts.map(([name, part]) => [name, withoutPrimary(part as Json)]));
}

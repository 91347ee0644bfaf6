import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applied } from '../../../app/scim/applied.ts';
import { type Difference, differences } from '../../../app/scim/differences.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import { type Json, objectWithoutBlanks, type ScimUser } from '../../../app/scim/resource.ts';
import { putBody } from '../../../app/scim/users/put.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';

function putFor(
  current: ScimUser,
  desired: ScimUser,
  previous: ScimUser | null,
  profile: Profile = generic,
): unknown {
  return putBody(current, differences(current, desired, previous), desired, profile);
}

describe('the body of a PUT', () => {
  test('O-16: is the whole user without the keys that are cleared, and with what is not ours', () => {
    const current: ScimUser = {
      userName: 'ana',
      nickName: 'Annie',
      title: 'Analyst',
      active: true,
      phoneNumbers: [{ value: 'P1', type: 'work' }],
      emails: [
        { value: 'E1', type: 'work', primary: true },
        { value: 'E2', type: 'other' },
      ],
      groups: [{ value: 'g-1' }],
      [ENTERPRISE]: { department: 'Maths', manager: { managerId: 't-2', displayName: 'Ben' } },
    };
    const previous: ScimUser = {
      userName: 'ana',
      title: 'Analyst',
      phoneNumbers: [{ value: 'P1', type: 'work' }],
      emails: current.emails ?? null,
      [ENTERPRISE]: { department: 'Maths' },
    };
    const desired: ScimUser = { userName: 'ana', emails: [{ value: 'E2', type: 'work', primary: true }] };
    expect(putFor(current, desired, previous)).toEqual({
      schemas: [CORE, ENTERPRISE],
      userName: 'ana',
      nickName: 'Annie',
      active: true,
      emails: [{ value: 'E2', type: 'work', primary: true }],
      [ENTERPRISE]: { manager: { managerId: 't-2' } },
    });
  });

  test('at AgilePlace, keeps the rights of the account, and leaves out what only the target sets', () => {
    const current: ScimUser = {
      userName: 'ana@corp.test',
      name: { familyName: 'Byron', givenName: 'Ana', formatted: 'Ana Byron' },
      active: true,
      [LEANKIT]: {
        lastAccess: '2026-02-01T00:00:00Z',
        administrator: true,
        boardCreator: false,
        dateFormat: 'dd/mm/yyyy',
      },
    };
    const desired: ScimUser = {
      userName: 'ana@corp.test',
      name: { familyName: 'Roe', givenName: 'Ana' },
      active: true,
    };
    expect(putFor(current, desired, desired, agileplace)).toEqual({
      schemas: [CORE, LEANKIT],
      userName: 'ana@corp.test',
      name: { familyName: 'Roe', givenName: 'Ana' },
      active: true,
      [LEANKIT]: { administrator: true, boardCreator: false, dateFormat: 'dd/mm/yyyy' },
    });
  });

  test('an extension of which nothing is left is not named', () => {
    const current: ScimUser = { userName: 'ana', active: true, [ENTERPRISE]: { department: 'Maths' } };
    const desired: ScimUser = { userName: 'ana', active: true };
    expect(putFor(current, desired, current)).toEqual({ schemas: [CORE], userName: 'ana', active: true });
  });

  test('never sends a password or anything read-only back, however the target spells it', () => {
    const current: ScimUser = {
      userName: 'ana',
      active: true,
      Password: 'canary',
      Groups: [{ value: 'g-1' }],
      [LEANKIT.toUpperCase()]: { lastaccess: '2026-02-01T00:00:00Z' },
    };
    expect(putFor(current, { userName: 'ben', active: true }, null, agileplace)).toEqual({
      schemas: [CORE],
      userName: 'ben',
      active: true,
    });
  });

  test.each<[string, ScimUser, boolean | undefined]>([
    ['the account has it', { userName: 'ana', active: true }, true],
    ['the target does not show it', { userName: 'ana' }, false],
  ])('says active where %s: left out, it might be switched on', (_what, current, active) => {
    const title: Difference = { path: ['title'], before: undefined, after: 'T' };
    const body = putBody(current, [title], { userName: 'ana', title: 'T', active: false }, generic);
    expect(body).toEqual({ schemas: [CORE], userName: 'ana', title: 'T', active });
  });

  test('does not make active up', () => {
    expect(putFor({ userName: 'ana' }, { userName: 'ben' }, null)).toEqual({
      schemas: [CORE],
      userName: 'ben',
    });
  });
});

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const names = [
  'title',
  'name',
  'emails',
  'nickName',
  'active',
  'groups',
  'password',
  'id',
  'meta',
  ENTERPRISE,
  LEANKIT,
];
const anyUser = fc
  .dictionary(
    fc.constantFrom(...names),
    fc.oneof(json, fc.dictionary(fc.constantFrom('p', 'lastAccess'), json)),
  )
  .map((rest): ScimUser => ({ ...rest, userName: 'a' }));
/** What a mapping can ask for. */
const wish = anyUser.map(
  ({ groups: _groups, password: _password, id: _id, meta: _meta, ...rest }): ScimUser => ({
    ...rest,
    userName: 'b',
  }),
);

describe('whatever is there, and whatever is wanted', () => {
  test('the body says what the user is with the differences in place, and names its schemas', () => {
    const profile: Profile = { ...generic, readOnly: [] };
    fc.assert(
      fc.property(anyUser, wish, fc.option(wish), (current, desired, previous) => {
        const found = differences(current, desired, previous);
        const { schemas, active, ...body } = putBody(current, found, desired, profile);
        const whole = objectWithoutBlanks(applied(current, found));
        const { groups: _g, password: _p, id: _i, meta: _m, active: wanted, ...expected } = whole;
        expect(body).toEqual(expected);
        if (typeof wanted === 'boolean') expect(active).toBe(wanted);
        expect(schemas).toEqual([
          CORE,
          ...Object.keys(body)
            .filter((name) => name.startsWith('urn:'))
            .sort(),
        ]);
      }),
    );
  });

  test('what is not ours stays as it is', () => {
    fc.assert(
      fc.property(anyUser, wish, fc.option(wish), (current, desired, previous) => {
        const body = putBody(current, differences(current, desired, previous), desired, agileplace);
        const ours = new Set([...Object.keys(desired), ...Object.keys(previous ?? {})]);
        const untouched = ['title', 'emails', 'nickName', ENTERPRISE].filter((name) => !ours.has(name));
        const said = objectWithoutBlanks(current);
        for (const name of untouched) expect(body[name]).toEqual(said[name]);
      }),
    );
  });

  test('O-09, O-16: it holds no blank, and nothing that only the target sets', () => {
    fc.assert(
      fc.property(anyUser, wish, fc.option(wish), (current, desired, previous) => {
        const body = putBody(current, differences(current, desired, previous), desired, agileplace);
        expect(holdsBlank(body)).toBe(false);
        for (const name of ['id', 'meta', 'groups', 'password']) expect(body).not.toHaveProperty(name);
        expect(body[LEANKIT] ?? {}).not.toHaveProperty('lastAccess');
      }),
    );
  });
});

function holdsBlank(value: unknown): boolean {
  if (value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  const members = Object.values(value);
  return members.length === 0 || members.some(holdsBlank);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import { slack } from '../../../app/scim/profiles/slack.ts';
import type { Json, ScimUser } from '../../../app/scim/resource.ts';
import { createBody, patchBody } from '../../../app/scim/users/patch.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const plain: Profile = { ...agileplace, name: 'plain', wholeComplex: [] };

function patchFor(known: ScimUser, desired: ScimUser, previous: ScimUser | null, profile: Profile): unknown {
  return patchBody(differences(known, desired, previous), desired, profile);
}

describe('the body of a PATCH', () => {
  test('holds only the sub-attribute that differs', () => {
    const body = patchFor(
      { userName: 'ana', name: { familyName: 'Byron', givenName: 'Ana' } },
      { userName: 'ana', name: { familyName: 'Roe', givenName: 'Ana' } },
      null,
      plain,
    );
    expect(body).toEqual({ schemas: [CORE], name: { familyName: 'Roe' } });
  });

  test('at AgilePlace, holds every wanted part of a name of which one part differs', () => {
    const body = patchFor(
      { userName: 'ana', name: { familyName: 'Byron', givenName: 'Ana', formatted: 'Ana Byron' } },
      { userName: 'ana', name: { familyName: 'Roe', givenName: 'Ana' } },
      null,
      agileplace,
    );
    expect(body).toEqual({ schemas: [CORE], name: { familyName: 'Roe', givenName: 'Ana' } });
  });

  test('deactivates with active alone', () => {
    expect(
      patchFor({ userName: 'ana', active: true }, { userName: 'ana', active: false }, null, agileplace),
    ).toEqual({
      schemas: [CORE],
      active: false,
    });
  });

  test('says active each time where the profile needs it', () => {
    const body = patchFor(
      { userName: 'ana', active: true, title: 'A' },
      { userName: 'ana', active: true, title: 'B' },
      null,
      { ...plain, alwaysSend: ['active'] },
    );
    expect(body).toEqual({ schemas: [CORE], title: 'B', active: true });
  });

  test('O-16: clears by meta.attributes, and replaces a list by being in both places', () => {
    const known: ScimUser = {
      userName: 'ana',
      title: 'Analyst',
      phoneNumbers: [{ value: 'P1', type: 'work' }],
      emails: [
        { value: 'E1', type: 'work', primary: true },
        { value: 'E2', type: 'other' },
      ],
      [ENTERPRISE]: { department: 'Maths' },
    };
    const desired: ScimUser = { userName: 'ana', emails: [{ value: 'E2', type: 'work', primary: true }] };
    expect(patchFor(known, desired, known, plain)).toEqual({
      schemas: [CORE, ENTERPRISE],
      emails: [{ value: 'E2', type: 'work', primary: true }],
      meta: { attributes: ['emails', 'phoneNumbers', 'title', `${ENTERPRISE}:department`] },
    });
  });

  test('O-16: changes a list element by element where the profile says so', () => {
    const known: ScimUser = {
      userName: 'ana',
      title: 'Analyst',
      phoneNumbers: [{ value: 'P1' }],
      emails: [{ value: 'E1', primary: true }, { value: 'E2' }],
      [ENTERPRISE]: { department: 'Maths' },
    };
    const desired: ScimUser = { userName: 'ana', emails: [{ value: 'E2', type: 'work', primary: true }] };
    expect(patchFor(known, desired, known, { ...plain, listChanges: 'elements' })).toEqual({
      schemas: [CORE, ENTERPRISE],
      emails: [
        { value: 'E1', operation: 'delete' },
        { value: 'E2', type: 'work', primary: true },
      ],
      meta: { attributes: ['phoneNumbers', 'title', `${ENTERPRISE}:department`] },
    });
  });

  test('clears a part of a name by its path', () => {
    const known = { userName: 'ana', name: { familyName: 'Roe', middleName: 'B' } };
    const desired = { userName: 'ana', name: { familyName: 'Roe' } };
    expect(patchFor(known, desired, known, plain)).toEqual({
      schemas: [CORE],
      meta: { attributes: ['name.middleName'] },
    });
  });

  test('clears a part of an extension behind a colon, or a dot where the profile says so', () => {
    const known = { userName: 'ana', [ENTERPRISE]: { department: 'Maths', costCenter: '7' } };
    const wanted = { userName: 'ana', [ENTERPRISE]: { costCenter: '7' } };
    expect(patchFor(known, wanted, known, plain)).toMatchObject({
      meta: { attributes: [`${ENTERPRISE}:department`] },
    });
    expect(patchFor(known, wanted, known, slack)).toMatchObject({
      meta: { attributes: [`${ENTERPRISE}.department`] },
    });
  });

  test('lists an extension under its URN', () => {
    expect(
      patchFor(
        { userName: 'a' },
        { userName: 'a', [ENTERPRISE]: { manager: { managerId: 't-2' } } },
        null,
        plain,
      ),
    ).toEqual({
      schemas: [CORE, ENTERPRISE],
      [ENTERPRISE]: { manager: { managerId: 't-2' } },
    });
  });

  test('O-09, O-16: never holds null, an empty text or an empty list, whatever comes in', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    const anyUser = fc
      .dictionary(fc.constantFrom('title', 'name', 'emails', ENTERPRISE), json)
      .map((rest) => ({ ...rest, userName: 'a' }));
    fc.assert(
      fc.property(anyUser, anyUser, anyUser, (known, desired, previous) => {
        const body = patchFor(known, desired, previous, agileplace);
        expect([body, createBody(desired)].filter(holdsBlank)).toEqual([]);
      }),
    );
  });
});

test('the body of a create names the schemas in use and leaves blanks out', () => {
  expect(
    createBody({
      userName: 'ana',
      title: '',
      emails: [],
      [ENTERPRISE]: { department: 'Maths', division: null },
    }),
  ).toEqual({
    schemas: [CORE, ENTERPRISE],
    userName: 'ana',
    [ENTERPRISE]: { department: 'Maths' },
  });
});

function holdsBlank(value: unknown): boolean {
  if (value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  const members = Object.values(value);
  return members.length === 0 || members.some(holdsBlank);
}

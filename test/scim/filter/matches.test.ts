import { describe, expect, test } from 'vitest';
import { matchesFilter } from '../../../app/scim/filter/matches.ts';
import { parseFilter } from '../../../app/scim/filter/parse.ts';
import type { JsonObject } from '../../../app/scim/resource.ts';
import { ENTERPRISE } from './any-filter.ts';

const ANA: JsonObject = {
  schemas: ['urn:scim:schemas:core:1.0', ENTERPRISE],
  id: 'T-1',
  externalId: 'Key-A',
  userName: 'Ana.Roe@corp.test',
  Name: { familyName: 'Roe', GIVENNAME: 'Ana', middleName: '' },
  active: true,
  nickName: null,
  emails: [
    { value: 'Ana@corp.test', type: 'Work', primary: true },
    { value: 'ana@home.test', type: 'home' },
    'bare@corp.test',
  ],
  roles: [],
  meta: { created: '2026-01-10T08:00:00Z', lastModified: '2026-03-01T12:00:00+02:00', version: 'W/"3"' },
  [ENTERPRISE.toUpperCase()]: { department: 'Engines', employeeNumber: 17, manager: { managerId: 'T-9' } },
};

describe('whom a filter finds', () => {
  test.each<[string, boolean]>([
    ['userName eq "ana.roe@CORP.test"', true],
    ['USERNAME co "roe"', true],
    ['userName sw "ana."', true],
    ['userName sw "roe"', false],
    ['urn:scim:schemas:core:1.0:userName sw "ana"', true],
    ['name.givenname eq "ANA"', true],
    ['name pr', true],
    ['name eq "Roe"', false],
    ['name.middleName pr', false],
    ['nickName pr', false],
    ['nickName eq "x"', false],
    ['roles pr', false],
    ['toString pr', false],
    ['constructor.name pr', false],
    ['active eq true', true],
    ['active eq "True"', true],
    ['active eq false', false],
    ['active co "ru"', true],
    ['active gt false', false],
  ])('%s: %s', holds);

  test.each<[string, boolean]>([
    ['id eq "T-1"', true],
    ['id eq "t-1"', false],
    ['ID sw "t"', false],
    ['externalId eq "key-a"', false],
    ['externalId co "Key"', true],
  ])('keys do not ignore case: %s: %s', holds);

  test.each<[string, boolean]>([
    ['emails co "home.test"', true],
    ['emails eq "BARE@corp.test"', true],
    ['emails.value eq "bare@corp.test"', true],
    ['emails.type eq "work"', true],
    ['emails.type eq "other"', false],
    ['emails.primary eq true', true],
    ['emails pr', true],
    ['emails.type eq "home" and emails.primary eq true', true],
  ])('of a list any element will do: %s: %s', holds);

  test.each<[string, boolean]>([
    [`${ENTERPRISE}:department eq "engines"`, true],
    [`${ENTERPRISE}.manager.managerId eq "T-9"`, true],
    [`${ENTERPRISE}:employeeNumber eq "17"`, true],
    [`${ENTERPRISE}:employeeNumber eq 17`, true],
    [`${ENTERPRISE}:employeeNumber gt 9`, true],
    [`${ENTERPRISE}:employeeNumber gt "9"`, true],
    [`${ENTERPRISE}:costCenter pr`, false],
    ['department eq "Engines"', false],
  ])('in an extension: %s: %s', holds);

  test.each<[string, boolean]>([
    ['meta.lastModified eq "2026-03-01T10:00:00Z"', true],
    ['meta.lastModified gt "2026-03-01T11:00:00Z"', false],
    ['meta.lastModified ge "2026-03-01T10:00:00.000Z"', true],
    ['meta.lastModified lt "2026-03-01T10:00:01"', true],
    ['meta.created le "2026-01-10T07:59:59Z"', false],
    ['meta.created sw "2026-01"', true],
    ['meta.created gt "2026"', true],
  ])('dates compare in time: %s: %s', holds);

  test.each<[string, boolean]>([
    ['userName gt "ana"', true],
    ['userName lt "B"', true],
    ['userName le "ANA.ROE@corp.test"', true],
    ['userName ge "b"', false],
  ])('texts compare as texts: %s: %s', holds);

  test.each<[string, boolean]>([
    ['title pr or active eq true', true],
    ['title pr or active eq false', false],
    ['title pr and active eq true', false],
    ['active eq true and (title pr or id pr)', true],
  ])('%s: %s', holds);

  test('O-13: active as text is a boolean still', () => {
    expect(matchesFilter(parseFilter('active eq true'), { active: 'TRUE' })).toBe(true);
    expect(matchesFilter(parseFilter('active eq true'), { active: 'yes' })).toBe(false);
  });
});

function holds(text: string, found: boolean): void {
  expect(matchesFilter(parseFilter(text), ANA)).toBe(found);
}

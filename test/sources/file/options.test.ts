import { expect, test } from 'vitest';
import { fileOptionProblems } from '../../../app/sources/file/index.ts';
import { CSV, LDIF } from './delivered.ts';

test('filters that cannot be decided in a file are named before anything is read', () => {
  const groups = { filter: '(cn:caseExactMatch:=a)', memberAttribute: 'member', nameAttribute: 'cn' };
  expect(fileOptionProblems({ format: { ...LDIF, people: '(cn=a', groups } })).toEqual([
    'ldif.people: the parenthesis opened at character 1 is not closed here (character 6)',
    'ldif.groups.filter: in a file only the matching rules 1.2.840.113556.1.4.803 and 1.2.840.113556.1.4.804 can be used',
  ]);
  expect(fileOptionProblems({ format: LDIF })).toEqual([]);
  expect(fileOptionProblems({ format: CSV })).toEqual([]);
});

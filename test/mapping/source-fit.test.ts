/** Attributes that a mapping reads held against what its source is known to give. */
import { describe, expect, test } from 'vitest';
import type { SourceAttributes } from '../../app/mapping/index.ts';
import { MAIN, main, warned } from './folder.ts';

function reading(...names: readonly string[]) {
  const lines = names.map((name) => `    ${name.replaceAll(/[^a-z]/gi, '_')}: '= e["${name}"]'`);
  return main("attributes:\n  userName: '= id'\n  active: true\n  urn:example:x:", ...lines);
}

function warnings(source: SourceAttributes, ...names: readonly string[]): readonly string[] {
  return warned(reading(...names), {}, { source: () => source });
}

describe('of a directory', () => {
  const directory: SourceAttributes = { kind: 'directory' };

  test.each([
    ['telephonNumber', 'telephoneNumber'],
    ['employeType', 'employeeType'],
    ['givenname1', 'givenName'],
    ['proxyAdresses', 'proxyAddresses'],
    ['userAcountControl', 'userAccountControl'],
    ['nsAcountLock', 'nsAccountLock'],
    ['maill;lang-fr', 'mail'],
  ])('%s is told to be %s, probably', (name, meant) => {
    const fault = `reads.${name}: is no usual attribute of a directory. Did you mean "${meant}"?`;
    expect(warnings(directory, name)).toEqual([`${MAIN}:10:${name.length + 7} ${fault}`]);
  });

  test.each([
    'mail',
    'MAIL',
    'sAMAccountName',
    'extensionAttribute12',
    'cn;lang-fr',
    'costBearer',
    'uuid',
    'pid',
  ])('%s is taken as it is', (name) => {
    expect(warnings(directory, name)).toEqual([]);
  });
});

describe('of a file', () => {
  const file: SourceAttributes = { kind: 'columns', file: 'people.csv', names: ['mail', 'first_name'] };

  test('an attribute that no column gives is told where it is read first', () => {
    expect(warnings(file, 'Mail', 'firstname', 'phone')).toEqual([
      `${MAIN}:11:16 reads.firstname: no column of people.csv gives it. Did you mean "first_name"?`,
      `${MAIN}:12:12 reads.phone: no column of people.csv gives it. Name a column, or give one this name under csv.columns.`,
    ]);
  });
});

import { expect, test } from 'vitest';
import { formatMappingProblem, loadGroupMapping } from '../../../app/mapping/index.ts';
import { around } from '../folder.ts';
import { NOW } from '../people.ts';

const FILE = 'mappings/groups.yaml';

function written(...tests: readonly string[]): string {
  return `version: 1
source: corp
target: crm
resource: Group
match: [displayName]
scope: '= g.members > 0'
attributes: { displayName: '= g.name', externalId: '= id' }
tests:
${tests.map((line) => `  - ${line}\n`).join('')}`;
}

function shown(...tests: readonly string[]): readonly string[] {
  const loaded = loadGroupMapping(FILE, written(...tests), around({}));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatMappingProblem).join('\n'));
  return loaded.mapping.tests
    .flatMap((one) => one.faults(NOW))
    .map(({ line, shown: words }) => `${line}: ${words}`);
}

test('a sample group becomes exactly what its test says', () => {
  expect(
    shown(
      "{ name: a, group: { id: 7, name: ' Staff ', members: 3 }, becomes: { displayName: Staff, externalId: '7' } }",
      '{ name: b, group: { id: 8, name: Empty }, outOfScope: true }',
      "{ name: c, group: { id: 9, name: ' ', members: 1 }, fails: would have no name }",
    ),
  ).toEqual([]);
});

test('what differs is told with its place', () => {
  expect(
    shown(
      '{ name: a, group: { id: 7, name: Staff, members: 3 }, becomes: { displayName: People } }',
      "{ name: b, group: { id: 8, name: Empty }, becomes: { displayName: Empty, externalId: '8' } }",
      '{ name: c, group: { id: 8, name: Empty }, fails: would have no name }',
    ),
  ).toEqual([
    '9: displayName: "People" is expected, and "Staff" comes out.',
    '9: externalId: nothing is expected, and "7" comes out.',
    '10: becomes is expected, and the group is out of scope.',
    '11: fails is expected, and the group is out of scope.',
  ]);
});

test('a group test with no outcome is refused at its place', () => {
  const loaded = loadGroupMapping(FILE, written('{ name: a, group: { id: 7, name: Staff } }'), around({}));
  expect(loaded.ok ? [] : loaded.problems.map(formatMappingProblem)).toEqual([
    `${FILE}:9:5 tests.0: says nothing of what comes of it. Add one of becomes, outOfScope or fails.`,
  ]);
});

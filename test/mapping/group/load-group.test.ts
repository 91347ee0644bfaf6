/** Mapping files of groups: what they give, and what is said about wrong ones. */
import { describe, expect, test } from 'vitest';
import { isGroupFile, loadGroupMapping } from '../../../app/mapping/group/load-group.ts';
import { NO_FILES } from '../../../app/mapping/mapping-files.ts';
import { toStableId } from '../../../app/person/anchor.ts';

const FILE = `version: 1
source: corp
target: wso2
resource: Group
match: [displayName]
tables:
  nameOf: { staff: Everybody }
scope: '= g.name.startsWith("app-") && g.members > 0 || g.name == "staff"'
attributes:
  displayName: '= lookup("nameOf", g.name, g.name)'
  externalId: '= id'
lifecycle:
  gone: delete
  protect: [Administrators]
`;

const load = (text: string) =>
  loadGroupMapping('mappings/groups.yaml', text, { files: NO_FILES, environment: null });

function mapped(text: string, group: { name?: string; members?: number }) {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  const stableId = toStableId('g1');
  if (stableId === null) throw new Error('no id');
  const facts = { source: 'corp', stableId, name: 'app-one', dn: 'cn=app-one', members: 1, ...group };
  return loaded.mapping.map(facts);
}

const problemsOf = (text: string) => {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`);
};

test('a group gets the name and id that the expressions give', () => {
  expect(mapped(FILE, {})).toEqual({ kind: 'in-scope', displayName: 'app-one', externalId: 'g1' });
  expect(mapped(FILE, { name: 'staff' })).toMatchObject({ displayName: 'Everybody' });
});

test('a group out of scope is told so, by its name and by how many members it has', () => {
  const out = { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
  expect(mapped(FILE, { name: 'other' })).toEqual(out);
  expect(mapped(FILE, { members: 0 })).toEqual(out);
});

test('a group without a name at the target fails alone', () => {
  const text = FILE.replace(`'= lookup("nameOf", g.name, g.name)'`, `'= g.name.replaceRe("^app-", "")'`);
  expect(mapped(text, { name: 'app-' })).toEqual({
    kind: 'failed',
    problems: [
      {
        where: 'mappings/groups.yaml:10:16',
        attribute: 'displayName',
        message: 'this group would have no name at the target',
      },
    ],
  });
});

test('what the file says of foreign members, of groups that go and of protected ones counts', () => {
  const policyOf = (text: string) => {
    const loaded = load(text);
    return loaded.ok ? loaded.mapping.policy : null;
  };
  expect(policyOf(FILE)).toEqual({
    gone: 'delete',
    protected: new Set(['administrators']),
    foreignMembers: 'keep',
  });
  const usual = FILE.slice(0, FILE.indexOf('lifecycle'));
  expect(policyOf(`${usual}members: { nested: flatten, foreign: remove }\n`)).toEqual({
    gone: 'leave',
    protected: new Set(),
    foreignMembers: 'remove',
  });
});

describe('what is wrong is told at once, with its place', () => {
  test('an unknown key, a match that is not mapped and an expression that is none', () => {
    const text = FILE.replace("  externalId: '= id'\n", '')
      .replace('[displayName]', '[externalId]')
      .replace("'= lookup", "'lookup")
      .replace('gone: delete', 'gon: delete');
    expect(problemsOf(text)).toEqual([
      '10 attributes.displayName: must be an expression. Begin it with "= ".',
      '12 lifecycle.gon: unknown key. Did you mean "gone"?',
    ]);
  });

  test('a field of g that is not known, and attributes of people', () => {
    const text = FILE.replace("'= id'", "'= g.nmae'").replace('g.members > 0', 'e.mail != ""');
    expect(problemsOf(text).map((line) => line.split(':')[0])).toEqual([
      '8 scope',
      '11 attributes.externalId',
    ]);
  });
});

test.each([
  'reached("2026-03-01")',
  'before("2026-03-01", now())',
  'inGroup("Staff")',
  'groups().size() > 0',
  'primaryMail() == ""',
  'activeFromAD()',
])('what asks for a person or the time is refused, so that no group goes by it unseen: %s', (scope) => {
  const name = /now|reached|inGroup|groups|primaryMail|activeFromAD/.exec(scope)?.[0];
  expect(problemsOf(FILE.replace('g.members > 0', scope))).toEqual([
    `8 scope: ${name}() is not for groups: it asks for a person, or the time.`,
  ]);
});

test('only a file that says so is about groups', () => {
  expect(isGroupFile('a.yaml', FILE)).toBe(true);
  expect(isGroupFile('a.yaml', FILE.replace('Group', 'User'))).toBe(false);
  expect(isGroupFile('a.yaml', ': no [yaml')).toBe(false);
});

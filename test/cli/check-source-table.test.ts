import { expect, test } from 'vitest';
import { describeSource } from '../../app/cli/check-source-table.ts';
import type { CheckedSource } from '../../app/cli/checked-source.ts';

const CHECKED: CheckedSource = {
  source: 'corp',
  kind: 'ldap',
  findings: [
    { what: 'kind', shows: 'OpenLDAP', verdict: 'good' },
    { what: 'not by content-sync', shows: 'x'.repeat(80), verdict: 'lacking', advice: 'set up syncprov' },
    { what: 'read of everybody', shows: 'complete', verdict: 'good', ms: 12.4 },
    { what: 'members who are not read', shows: '3', verdict: 'told' },
  ],
  sample: {
    groups: 2,
    attributes: [
      { name: 'mail', syntax: 'text', values: ['a\u001b[31mb', 'c'] },
      { name: 'manager', syntax: 'dn', values: [] },
    ],
  },
  brokenOff: null,
  scopes: [
    {
      target: 'agileplace',
      mapping: 'mappings/agileplace.yaml',
      inScope: 20,
      outOfScope: 3,
      failed: 1,
      reasons: [{ why: 'mappings/agileplace.yaml:12:3 userName: is empty', people: 1 }],
    },
  ],
};

test('findings stand in columns, long ones in full below them, and what to do at the end', () => {
  expect(describeSource(CHECKED).split('\n')).toEqual([
    'source corp, kind ldap',
    '',
    `what                      found${' '.repeat(67)}result   time`,
    `------------------------  ${'-'.repeat(70)}  -------  -----`,
    `kind                      OpenLDAP${' '.repeat(64)}good`,
    `not by content-sync       ${'x'.repeat(69)}…  lacking`,
    `read of everybody         complete${' '.repeat(64)}good     12 ms`,
    'members who are not read  3',
    '',
    'target      in scope  out of scope  cannot be mapped',
    '----------  --------  ------------  ----------------',
    'agileplace  20        3             1',
    '',
    'A person as mappings see them, in 2 groups:',
    '',
    'attribute  read as  values',
    '---------  -------  -----------',
    'mail       text     a [31mb | c',
    'manager    dn       -',
    '',
    'In full:',
    `- not by content-sync: ${'x'.repeat(80)}`,
    '',
    'What to do:',
    '- not by content-sync: set up syncprov',
    '- target agileplace, 1 of the people: mappings/agileplace.yaml:12:3 userName: is empty',
    '',
    '2 good, 1 lacking, 0 wrong',
  ]);
});

test('a check that was broken off says why, and counts nobody', () => {
  const broken: CheckedSource = { ...CHECKED, findings: [], sample: null, brokenOff: 'no server lets us in' };
  expect(describeSource({ ...broken, scopes: [] }).split('\n')).toEqual([
    'source corp, kind ldap',
    '',
    'The check was broken off: no server lets us in',
  ]);
});

test('whatever a file is called or a server says, a terminal has nothing to obey', () => {
  const findings = [
    { what: 'newest file', shows: '/in/\u001b[2J\u009b2J\r\u202ecsv.x', verdict: 'told' as const },
  ];
  const shown = describeSource({ ...CHECKED, findings, brokenOff: 'no\u0007 file\n' });
  expect(shown).toContain('newest file  /in/ [2J 2J  csv.x');
  expect(shown).not.toMatch(/[^\n\P{Cc}]|\p{Bidi_Control}/u);
});

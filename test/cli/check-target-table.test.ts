import { expect, test } from 'vitest';
import { describeCheck } from '../../app/cli/check-target-table.ts';
import type { TargetReport } from '../../app/scim/index.ts';

const REPORT: TargetReport = {
  findings: [
    { what: 'service', says: 'a list of users', shows: 'a list of users', verdict: 'agrees' },
    { what: '/Schemas', says: '-', shows: 'there', verdict: 'unknown' },
    { what: 'PATCH', says: 'taken', shows: 'not taken (501)', verdict: 'differs', advice: 'use PUT' },
  ],
  fitsBetter: { profile: 'okta-style', differences: 0 },
  brokenOff: null,
  left: [{ userName: 'landbridge-check-1@example.invalid', id: '700', state: 'off' }],
};

test('findings stand in columns, and under them what to do', () => {
  expect(describeCheck('crm', 'generic', REPORT).split('\n')).toEqual([
    'target crm, profile generic',
    '',
    'what      profile says     target shows     result',
    '--------  ---------------  ---------------  -------',
    'service   a list of users  a list of users  agrees',
    '/Schemas  -                there            unknown',
    'PATCH     taken            not taken (501)  differs',
    '',
    'What to do:',
    '- PATCH: use PUT',
    '',
    'Another profile fits better: okta-style differs in 0, generic in 1.',
    '',
    'Left at the target:',
    '- landbridge-check-1@example.invalid (id 700) stays, switched off: DELETE removes nobody there',
    '',
    '1 agree, 1 differ, 1 unknown',
  ]);
});

test('a check that was broken off says why, and what may be left', () => {
  const report: TargetReport = {
    findings: [],
    fitsBetter: null,
    brokenOff: 'POST Users at crm: no answer in time',
    left: [{ userName: 'landbridge-check-1@example.invalid', id: null, state: 'on' }],
  };
  expect(describeCheck('crm', 'generic', report).split('\n')).toEqual([
    'target crm, profile generic',
    '',
    'Left at the target:',
    '- landbridge-check-1@example.invalid may still be there, switched on: remove it by hand',
    '',
    'The check was broken off: POST Users at crm: no answer in time',
  ]);
});

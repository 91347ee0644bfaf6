import { expect, test } from 'vitest';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { PlanItem } from '../../../app/plan/plan-file.ts';
import { withCollisions } from '../../../app/sync/planning/collisions.ts';

const item = (person: string, action: PlanItem['action'], more: Partial<PlanItem> = {}): PlanItem => ({
  person: person as PersonKey,
  target: 'crm',
  action,
  reason: 'new in scope',
  userName: `${person}@example.test`,
  account: null,
  differences: [],
  kept: [],
  removal: false,
  problems: [],
  withheld: [],
  requests: 1,
  digest: '',
  ...more,
});

const problemsOf = (items: readonly PlanItem[]) =>
  Object.fromEntries(withCollisions(items).map(({ person, problems }) => [person, problems]));

test('people for whom one account was found are told of each other', () => {
  const found = { account: '7', userName: 'same@example.test' };
  const items = [
    item('hr:2', 'adopt', found),
    item('hr:1', 'adopt', found),
    item('hr:3', 'adopt', { account: '8' }),
  ];
  expect(problemsOf(items)).toEqual({
    'hr:1': ['hr:2 would get the same account, and only one of them can'],
    'hr:2': ['hr:1 would get the same account, and only one of them can'],
    'hr:3': [],
  });
});

test('so are people whose new accounts would have one userName, in whatever case; of many some are named', () => {
  const all = ['1', '2', '3', '4', '5'].map((id) =>
    item(`hr:${id}`, 'create', { userName: id === '5' ? 'ADA@example.test' : 'ada@example.test' }),
  );
  const problems = problemsOf([...all, item('hr:6', 'create', { problems: ['mapping.yaml:1:1 title: …'] })]);
  expect(problems['hr:5']).toEqual([
    'hr:1, hr:2, hr:3 and 1 more would get the same userName, and only one of them can',
  ]);
  expect(problems['hr:6']).toEqual(['mapping.yaml:1:1 title: …']);
});

test('an account that is changed and a new one of that name do not stand in each other’s way', () => {
  const items = [
    item('hr:1', 'update', { account: '7', userName: 'ada' }),
    item('hr:2', 'create', { userName: 'ada' }),
    item('hr:3', 'failed', { userName: null }),
  ];
  expect(problemsOf(items)).toEqual({ 'hr:1': [], 'hr:2': [], 'hr:3': [] });
});

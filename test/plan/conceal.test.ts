import { describe, expect, test } from 'vitest';
import { type AttributePolicy, SOURCE_OWNED } from '../../app/mapping/policy.ts';
import { CONCEALED, concealed, concealedText, sensitiveValues } from '../../app/plan/conceal.ts';
import type { Plan } from '../../app/plan/decision.ts';
import type { AttributePath, ScimUser } from '../../app/scim/resource.ts';

const URN = 'urn:scim:schemas:extension:enterprise:1.0';
const secret = (...path: AttributePath): AttributePolicy => ({ ...SOURCE_OWNED, path, sensitive: true });

const user: ScimUser = {
  userName: 'ada',
  NickName: 'canary-nick',
  name: { familyName: 'canary-name', givenName: 'Ada' },
  emails: [{ value: 'canary-mail@example.test', type: 'work' }],
  [URN]: { employeeNumber: 'canary-number', department: 'Maths' },
};
const POLICIES = [
  secret('nickName'),
  secret('name', 'familyName'),
  secret('emails'),
  secret(URN, 'employeeNumber'),
  secret('title'),
];

describe('a plan for whoever looks', () => {
  test('has the marker for each value of a sensitive attribute, and all else', () => {
    const plan: Plan = {
      action: 'update',
      reason: 'changed',
      id: 't-1',
      user,
      asked: user,
      asRead: user,
      kept: [
        { difference: { path: ['nickName'], before: 'canary-hand', after: 'canary-nick' }, report: true },
      ],
      differences: [
        { path: ['emails'], before: undefined, after: user.emails },
        { path: ['name', 'familyName'], before: 'canary-old', after: 'canary-name' },
        { path: ['name', 'givenName'], before: 'Eda', after: 'Ada' },
        { path: [URN.toUpperCase(), 'EmployeeNumber'], before: 'canary-number', after: undefined },
      ],
    };
    const without = {
      userName: 'ada',
      NickName: CONCEALED,
      name: { familyName: CONCEALED, givenName: 'Ada' },
      emails: CONCEALED,
      [URN]: { employeeNumber: CONCEALED, department: 'Maths' },
    };
    expect(concealed(plan, POLICIES)).toEqual({
      action: 'update',
      reason: 'changed',
      id: 't-1',
      user: without,
      asked: without,
      asRead: without,
      kept: [{ difference: { path: ['nickName'], before: CONCEALED, after: CONCEALED }, report: true }],
      differences: [
        { path: ['emails'], before: undefined, after: CONCEALED },
        { path: ['name', 'familyName'], before: CONCEALED, after: CONCEALED },
        { path: ['name', 'givenName'], before: 'Eda', after: 'Ada' },
        { path: [URN.toUpperCase(), 'EmployeeNumber'], before: CONCEALED, after: undefined },
      ],
    });
  });

  test.each<Plan>([
    { action: 'create', reason: 'new in scope', user, asked: user },
    { action: 'none', reason: 'nothing differs', asked: user, kept: [] },
    { action: 'none', reason: 'no mapping leads here' },
    { action: 'delete', reason: 'deleted', id: 't-1' },
    { action: 'hold', reason: 'ambiguous' },
  ])('whatever is decided: %o', (plan) => {
    expect(JSON.stringify(concealed(plan, POLICIES))).not.toContain('canary');
    expect(Object.keys(concealed(plan, POLICIES))).toEqual(Object.keys(plan));
  });

  test.each<[string, AttributePolicy, AttributePath, unknown, unknown]>([
    ['a part of what is sensitive', secret('name'), ['name', 'familyName'], 'canary', CONCEALED],
    [
      'what a sensitive part is in',
      secret('name', 'familyName'),
      ['name'],
      { familyName: 'canary', givenName: 'A' },
      { familyName: CONCEALED, givenName: 'A' },
    ],
    ['text where an object should be', secret('name', 'familyName'), ['name'], 'canary', CONCEALED],
    ['another attribute', secret('name', 'familyName'), ['name', 'givenName'], 'Ada', 'Ada'],
  ])('a difference at %s', (_what, policy, path, before, shown) => {
    const difference = { path, before: before as never, after: undefined };
    const plan: Plan = {
      action: 'update',
      reason: 'x',
      id: 't',
      user,
      asked: user,
      kept: [],
      differences: [difference],
    };
    expect(concealed(plan, [policy])).toMatchObject({ differences: [{ path, before: shown }] });
  });

  test('is the same plan where nothing is sensitive', () => {
    const plan: Plan = { action: 'create', reason: 'new in scope', user, asked: user };
    expect(concealed(plan, [{ ...SOURCE_OWNED, path: ['title'] }])).toBe(plan);
  });
});

test("a target's words lose what they quote of a sensitive attribute, the longer value first", () => {
  const values = sensitiveValues({ userName: 'ada', title: 'canary', nickName: 'canary-2' }, POLICIES);
  expect([...values].sort()).toEqual(['canary', 'canary-2']);
  expect(concealedText('"canary-2" and "canary" of ada are taken', values)).toBe(
    '"[redacted]" and "[redacted]" of ada are taken',
  );
});

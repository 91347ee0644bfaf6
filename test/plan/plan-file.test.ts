import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPlan, type PlanContent, type PlanItem, sealPlan } from '../../app/plan/plan-file.ts';

const seal = (text: string) => createHmac('sha256', 'key').update(text).digest('base64url');

const item = fc.record({
  person: fc.string().map((id) => `hr:${id}` as PlanItem['person']),
  target: fc.constant('crm'),
  action: fc.constantFrom('create', 'update', 'hold') as fc.Arbitrary<PlanItem['action']>,
  reason: fc.string(),
  userName: fc.option(fc.string()),
  account: fc.option(fc.string()),
  differences: fc.array(
    fc.record({
      path: fc.string(),
      before: fc.constant(null),
      after: fc.jsonValue() as fc.Arbitrary<string>,
    }),
  ),
  kept: fc.constant([]),
  removal: fc.boolean(),
  problems: fc.array(fc.string()),
  withheld: fc.constant([]),
  requests: fc.nat(),
  digest: fc.string(),
});

const content = fc.array(item).map(
  (items): PlanContent => ({
    landbridgePlan: 1,
    madeAt: '2026-03-01T09:00:00.000Z',
    installation: 'fingerprint',
    sources: [],
    targets: [],
    items,
    groupTargets: [],
    groups: [],
  }),
);

describe('a plan file', () => {
  test('is opened as it was sealed, however it is laid out', () => {
    fc.assert(
      fc.property(content, fc.constantFrom(0, 1, 2), (made, indent) => {
        const file = sealPlan(made, seal);
        const text = JSON.stringify(file, null, indent);
        expect(openPlan(text, seal)).toEqual({ ok: true, file: JSON.parse(text) });
      }),
    );
  });

  test('is refused where anything of it was changed', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.string({ minLength: 1 }), (made, place, other) => {
        const text = JSON.stringify(sealPlan(made, seal));
        const at = place % text.length;
        const changed = `${text.slice(0, at)}${other}${text.slice(at + other.length)}`;
        fc.pre(!sameJson(changed, text));
        expect(openPlan(changed, seal).ok).toBe(false);
      }),
    );
  });

  test('is refused under another key, and says what to do', () => {
    const made = {
      landbridgePlan: 1,
      madeAt: '',
      installation: '',
      sources: [],
      targets: [],
      items: [],
      groupTargets: [],
      groups: [],
    } as const;
    const text = JSON.stringify(sealPlan(made, seal));
    expect(openPlan(text, (of) => `${seal(of)}x`)).toEqual({
      ok: false,
      problem: 'was changed after it was made, or was made by another installation. Make a new plan.',
    });
    expect(openPlan('[]', seal)).toEqual({
      ok: false,
      problem: 'is no plan. Make one with landbridge plan --out FILE.',
    });
  });
});

function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

import { describe, expect, test } from 'vitest';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { Plan } from '../../../app/plan/decision.ts';
import { essenceOf } from '../../../app/sync/planning/digest.ts';

const KEY = 'hr:1' as PersonKey;
const user = { userName: 'ada', emails: [{ value: 'a@x.test' }, { value: 'b@x.test' }] };
const update: Plan = {
  action: 'update',
  reason: 'changed',
  id: '7',
  user,
  asked: user,
  kept: [],
  differences: [{ path: ['title'], before: 'Clerk', after: 'Chief' }],
};
const essence = (decided: Plan) => essenceOf(KEY, 'crm', decided, []);

describe('what a plan binds', () => {
  test('who, where, which account, what it shall be, and what of that the target has now', () => {
    const others: Plan[] = [
      { ...update, id: '8' },
      { ...update, action: 'adopt' },
      { ...update, asked: { ...user, userName: 'bea' } },
      { ...update, differences: [{ path: ['title'], before: 'by hand', after: 'Chief' }] },
      { ...update, differences: [{ path: ['title'], before: undefined, after: 'Chief' }] },
      { ...update, differences: [] },
    ];
    for (const other of others) expect(essence(other)).not.toBe(essence(update));
    expect(essenceOf('hr:2' as PersonKey, 'crm', update, [])).not.toBe(essence(update));
    expect(essenceOf(KEY, 'erp', update, [])).not.toBe(essence(update));
    expect(essenceOf(KEY, 'crm', update, [['manager', 'managerId']])).not.toBe(essence(update));
  });

  test('neither words, nor what is the target’s own, nor how a listing orders and spells what a look-up shows otherwise', () => {
    const turned = { userName: 'ada', emails: [...user.emails].reverse() };
    expect(
      essence({
        ...update,
        reason: 'other words',
        asked: turned,
        user: { ...turned, nickName: 'of the target' },
        version: 'W/"2"',
      }),
    ).toBe(essence(update));
  });
});

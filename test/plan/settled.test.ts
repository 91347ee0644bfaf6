import { expect, test } from 'vitest';
import { settled } from '../../app/plan/settled.ts';
import { differences } from '../../app/scim/differences.ts';

const desired = {
  userName: 'Ada@Example.test',
  name: { givenName: 'Ada', familyName: 'Byron' },
  active: true,
};
const echo = { userName: 'ada@example.test', name: { givenName: 'Ada', familyName: 'Byron' }, active: true };

test('what the target made of our value counts as our value', () => {
  expect(settled(echo, desired, echo)).toEqual(desired);
});

test('what somebody changed by hand shows as it is', () => {
  const byHand = { ...echo, name: { givenName: 'Ada', familyName: 'King' } };
  expect(settled(byHand, desired, echo)).toEqual({
    ...desired,
    name: { givenName: 'Ada', familyName: 'King' },
  });
});

test('an attribute that the target silently drops is not wanted again and again', () => {
  const wantedMore = { ...desired, title: 'Analyst' };
  expect(settled(echo, wantedMore, echo)).toEqual(wantedMore);
});

test('attributes that are not ours stay what they are', () => {
  expect(settled({ ...echo, nickName: 'Countess' }, desired, echo)).toEqual({
    ...desired,
    nickName: 'Countess',
  });
});

test('O-16: what the target keeps although it was cleared is not cleared again and again', () => {
  const kept = { ...echo, name: { ...echo.name, middleName: 'Noel' }, title: 'Analyst' };
  expect(differences(settled(kept, desired, kept), desired, desired)).toEqual([]);
});

test('O-07: a leaver whom the target answered as still active is not taken for switched off', () => {
  const leaver = { ...desired, active: false };
  expect(settled(echo, leaver, echo)).toEqual({ ...leaver, active: true });
});

test('what the target made of our value counts as ours in another order, spelling and with its own display', () => {
  const list = { ...desired, emails: [{ value: 'A@x.test', type: 'work' }, { value: 'b@x.test' }] };
  const answered = { ...echo, emails: [{ value: 'a@x.test', type: 'work' }, { value: 'b@x.test' }] };
  const now = {
    ...echo,
    Emails: [
      { value: 'b@x.test', display: 'B' },
      { type: 'Work', value: 'a@x.test' },
    ],
  };
  expect(differences(settled(now, list, answered), list, list)).toEqual([]);
});

/** Several sources in one mapping: whose value counts, what is asked of whom, and what is refused when it is loaded. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Identity } from '../../app/person/identity.ts';
import { load, mapping, NOW, payload, person, problemsOf, type Values, withRecord } from './people.ts';

const JOIN = 'join: { hr: { on: employeeNumber, to: id } }';

function sent(before: string, attributes: string, who: Identity): unknown {
  const mapped = mapping({ reads: null, before, attributes }).map(who, NOW);
  if (mapped.kind !== 'in-scope') throw new Error(JSON.stringify(mapped));
  const { userName: _userName, active: _active, ...rest } = mapped.user;
  return rest;
}

const ada = person({ title: 'Analyst', department: 'Engines' });

test('of two sources the first that says something counts, attribute by attribute', () => {
  const attributes =
    '  title: \'= e.title\'\n  displayName: { from: displayName }\n  nickName: \'= all("nick").join("/")\'';
  const who = withRecord(person({ title: 'Analyst', nick: ' ' }), 'hr', {
    title: 'Head of Analysis',
    displayName: 'Ada Lovelace',
    nick: ['A', 'B'],
  });
  const fromCorp = { title: 'Analyst', displayName: 'Ada Lovelace', nickName: 'A/B' };
  expect(sent(JOIN, attributes, who)).toEqual(fromCorp);
  const hrFirst = `${JOIN}\nprecedence: [hr, corp]`;
  expect(sent(hrFirst, attributes, who)).toEqual({ ...fromCorp, title: 'Head of Analysis' });
});

test('a plain copy may have an order of its own, and an expression names the source', () => {
  const attributes = [
    '  title: { from: title, precedence: [corp, hr] }',
    '  displayName: \'= from("hr", "title")\'',
    '  nickName: { from: title, precedence: [hr], default: \'= from("corp", "department")\' }',
  ].join('\n');
  const before = `${JOIN}\nprecedence: [hr, corp]`;
  expect(sent(before, attributes, withRecord(ada, 'hr', { title: 'Head' }))).toEqual({
    title: 'Analyst',
    displayName: 'Head',
    nickName: 'Head',
  });
  expect(sent(before, attributes, ada)).toEqual({ title: 'Analyst', nickName: 'Engines' });
});

test('whoever the other source does not know is mapped from what there is', () => {
  const who: Identity = { ...ada, joined: new Map([['hr', { state: 'missing' }]]) };
  expect(sent(`${JOIN}\nprecedence: [hr, corp]`, "  title: '= e.title'", who)).toEqual({ title: 'Analyst' });
});

test('two people at the other source who could be meant fail that person alone, with the place', () => {
  const who: Identity = { ...ada, joined: new Map([['hr', { state: 'several' }]]) };
  expect(mapping({ reads: null, before: JOIN }).map(who, NOW)).toEqual({
    kind: 'failed',
    problems: [
      {
        where: 'm.yaml:6:9',
        attribute: 'join.hr',
        message: 'several people of hr could be this one. Tell them apart there',
      },
    ],
  });
});

test('active cannot be told where the other source is asked and has nobody, unless isIn says what that means (O-07)', () => {
  const active = (expression: string, who: Identity) => {
    const mapped = mapping({ reads: null, before: JOIN, attributes: `  active: '${expression}'` }).map(
      who,
      NOW,
    );
    return mapped.kind === 'in-scope' ? [mapped.user.active, mapped.warnings.length] : mapped.kind;
  };
  const there = withRecord(ada, 'hr', { status: 'active' });
  expect(active('= from("hr", "status") == "active"', there)).toEqual([true, 0]);
  expect(active('= from("hr", "status") == "active"', ada)).toEqual([undefined, 1]);
  expect(active('= isIn("hr") && from("hr", "status") == "active"', ada)).toEqual([false, 0]);
  expect(active('= isIn("hr") && from("hr", "status") == "active"', withRecord(ada, 'hr', {}))).toEqual([
    undefined,
    1,
  ]);
  expect(active('= e.status == "active"', there)).toEqual([true, 0]);
  expect(active('= e.status == "active"', ada)).toEqual([undefined, 1]);
});

test('each source is asked for what is read of it, and for what tells who is who', () => {
  const loaded = mapping({
    reads: null,
    before: 'join: { hr: { on: employeeNumber, to: mail } }\nprecedence: [corp]',
    attributes: '  title: \'= e.title\'\n  displayName: \'= from("hr", "fullName")\'',
  });
  expect(loaded.reads).toEqual(['title', 'employeenumber']);
  expect(loaded.joins).toEqual([
    { source: 'hr', on: 'employeenumber', to: 'mail', where: 'm.yaml:6:9', reads: ['fullname', 'mail'] },
  ]);
  const both = mapping({ reads: null, before: JOIN, attributes: "  title: '= e.title'" });
  expect([both.reads, both.joins?.map(({ reads }) => reads)]).toEqual([
    ['title', 'employeenumber'],
    [['title']],
  ]);
});

test('what cannot be joined is refused with its place', () => {
  const file = (before: string, attributes = '') => problemsOf(load({ reads: null, before, attributes }));
  expect(file('join: { corp: { on: uid, to: id } }')).toEqual([
    '6:9 join.corp: is where people come from already. Join another source.',
  ]);
  expect(file('join: { hr: { on: uid, to: fullName } }')).toEqual([
    '6:28 join.hr.to: people are not found by "fullName". Known are id, uid, mail, userprincipalname, samaccountname, employeenumber, employeeid.',
  ]);
  expect(file('join: { hr: { on: userPassword, to: id } }')).toEqual([
    '6:19 join.hr.on: "userPassword" is a credential, and credentials are never read. Take it out.',
  ]);
  expect(file(`${JOIN}\nprecedence: [hr, crop]`)).toEqual([
    '7:18 precedence: this mapping has no records of a source "crop". Did you mean "corp"?',
  ]);
  expect(file(JOIN, '  title: \'= from("hrm", "title")\'')).toEqual([
    '9:18 attributes.title: this mapping has no records of a source "hrm". Did you mean "hr"?',
  ]);
  expect(file('', '  title: \'= from("hr", "title")\'')).toEqual([
    '8:18 attributes.title: this mapping has no records of a source "hr". Declare it under join.',
  ]);
  expect(file(JOIN, "  title: { value: '= e.title', precedence: [hr] }")).toEqual([
    '9:32 attributes.title.precedence: goes with from: name alone. In an expression write first(from("one", "name"), from("other", "name")).',
  ]);
});

test('without a join nothing is different', () => {
  const value = fc.oneof(fc.constant(''), fc.constant(' '), fc.string());
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), (title) => {
      const file = { reads: null, attributes: "  title: '= e.title'" };
      const values: Values = { title };
      const withOrder = sent(`${JOIN}\nprecedence: [corp]`, file.attributes, person(values));
      expect(withOrder).toEqual(payload(file, values));
    }),
  );
});

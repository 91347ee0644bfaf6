/** The names that `unique` proposes, and where it may stand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidateNames, foldUserName, HIGHEST_NUMBER } from '../../app/person/user-names.ts';
import { load, mapping, NOW, person, problemsOf } from './people.ts';

const EXTERNAL_ID = "\n  externalId: '= id'";
const named = (expression: string): string => `  userName: '= ${expression}'${EXTERNAL_ID}`;

test('what is given comes first, then the last of it with a number before the @', () => {
  const names = [...candidateNames(['ada@x.org', 'ada.l@x.org'])];
  expect(names.slice(0, 4)).toEqual(['ada@x.org', 'ada.l@x.org', 'ada.l2@x.org', 'ada.l3@x.org']);
  expect(names.at(-1)).toBe('ada.l99@x.org');
  expect([...candidateNames(['ada'])].slice(0, 3)).toEqual(['ada', 'ada2', 'ada3']);
  expect([...candidateNames(['ada', 'ada2', 'ada'])].filter((name) => name === 'ada2')).toEqual(['ada2']);
  expect([...candidateNames([])]).toEqual([]);
});

test('no name is proposed twice, in whatever case, and all that is given is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 6 }), (given) => {
      const names = [...candidateNames(given)];
      const folded = names.map(foldUserName);
      expect(new Set(folded).size).toBe(names.length);
      expect(folded.slice(0, new Set(given.map(foldUserName)).size)).toEqual([
        ...new Set(given.map(foldUserName)),
      ]);
      expect(names.length).toBeLessThanOrEqual(given.length + HIGHEST_NUMBER - 1);
    }),
  );
});

test('an account is mapped with its first name, and with all that are proposed', () => {
  const attributes = named('unique(e.uid, e.mail, e.UID)');
  const loaded = mapping({ reads: null, match: 'externalId', attributes });
  expect(loaded.map(person({ uid: ' Ada ', mail: 'ada@x.org' }), NOW)).toMatchObject({
    kind: 'in-scope',
    user: { userName: 'Ada' },
    userNames: ['Ada', 'ada@x.org'],
  });
  expect(loaded.map(person({}), NOW)).toMatchObject({
    kind: 'failed',
    problems: [{ message: 'no-userName' }],
  });
});

test('unique stands around all of userName and nowhere else', () => {
  const elsewhere =
    "unique() proposes names for the account, so it stands around all of userName: userName: '= unique(…)'.";
  const faults = (attributes: string) => problemsOf(load({ reads: null, match: 'externalId', attributes }));
  expect(faults(`  title: '= unique(e.uid)'${EXTERNAL_ID}`)).toEqual([`8:13 attributes.title: ${elsewhere}`]);
  expect(faults(named('unique(e.uid).lower()'))).toEqual([`7:16 attributes.userName: ${elsewhere}`]);
  expect(faults(named('unique(unique(e.uid))'))).toEqual([`7:23 attributes.userName: ${elsewhere}`]);
});

test('a name that others may have had before does not find the account again; its id has to', () => {
  expect(problemsOf(load({ reads: null, attributes: named('unique(e.uid)') }))).toEqual([
    '5:1 match: a userName of unique() does not tell whose account it is. Map externalId, and write match: [externalId].',
  ]);
});

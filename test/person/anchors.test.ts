import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Anchor, MOST_ANCHORS, withAnchorsOf } from '../../app/person/anchors.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { entryOf } from '../support/rig.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

describe('what a person has been called', () => {
  test('is kept with when it was first and last told, the newest first', () => {
    const first = withAnchorsOf(
      entryOf('1', { mail: 'ada.byron@example.test', employeeNumber: '17' }),
      [],
      day(1),
    );
    const then = withAnchorsOf(
      entryOf('1', { mail: 'ada.king@example.test', employeeNumber: '17' }),
      first,
      day(9),
    );
    const at = (number: number) => day(number).toISOString();
    expect(then).toEqual([
      { kind: 'dn', value: 'uid=1,ou=people,dc=example,dc=test', firstSeen: at(1), lastSeen: at(9) },
      { kind: 'mail', value: 'ada.king@example.test', firstSeen: at(9), lastSeen: at(9) },
      { kind: 'employeeNumber', value: '17', firstSeen: at(1), lastSeen: at(9) },
      { kind: 'mail', value: 'ada.byron@example.test', firstSeen: at(1), lastSeen: at(1) },
    ]);
  });

  test('takes another case of a name for the same name', () => {
    const first = withAnchorsOf(entryOf('1', { mail: 'ada@example.test' }), [], day(1));
    const then = withAnchorsOf(entryOf('1', { mail: 'Ada@Example.test' }), first, day(2));
    expect(then.filter(({ kind }) => kind === 'mail')).toEqual([
      {
        kind: 'mail',
        value: 'Ada@Example.test',
        firstSeen: day(1).toISOString(),
        lastSeen: day(2).toISOString(),
      },
    ]);
  });

  test('never grows beyond its bound, has nothing twice, and keeps the present names and the newest before them', () => {
    const mails = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(mails, (told) => {
        let history: readonly Anchor[] = [];
        for (const [index, number] of told.entries()) {
          const entry = {
            ...entryOf('1'),
            attributes: toAttributes([['mail', [`m${number}@example.test`]]]),
          };
          history = withAnchorsOf(entry, history, day(index + 1));
        }
        const names = history.filter(({ kind }) => kind === 'mail').map(({ value }) => value);
        const newest = [...new Set([...told].reverse())].slice(0, MOST_ANCHORS - 1);
        expect(names).toEqual(newest.map((number) => `m${number}@example.test`));
        expect(history.length).toBeLessThanOrEqual(MOST_ANCHORS);
      }),
    );
  });
});

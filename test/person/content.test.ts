import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StableId } from '../../app/person/anchor.ts';
import { contentOf, saysTheSame } from '../../app/person/content.ts';
import { type Entry, toAttributes } from '../../app/person/entry.ts';

const text = fc.oneof(fc.string(), fc.constantFrom('', ',', ':', ';', '\n', '1,', '0:', 'é', 'mail'));
const values = fc.array(text, { minLength: 1, maxLength: 3 });
const named = fc.dictionary(fc.constantFrom('mail', 'sn', 'cn', 'manager', 'l'), values);
const entries = fc.record({
  dn: text,
  dnKey: text,
  memberNames: fc.array(text, { maxLength: 2 }),
  memberOf: fc.array(fc.record({ dn: text, name: text }), { maxLength: 2 }),
  attributes: named,
  references: named,
});

type Said = typeof entries extends fc.Arbitrary<infer T> ? T : never;

function entryOf(said: Said, revision = ''): Entry {
  return {
    ...said,
    stableId: 'a1' as StableId,
    revision,
    attributes: toAttributes(Object.entries(said.attributes)),
  };
}

/** What two entries are compared by, spelt out: values, attributes and groups in one order. */
function plain({ attributes, references, memberOf, ...others }: Said) {
  const inOrder = (all: Record<string, string[]>) =>
    Object.keys(all)
      .sort()
      .map((name) => [name, [...(all[name] ?? [])].sort()]);
  const groups = memberOf.map(({ dn, name }) => JSON.stringify([dn, name])).sort();
  return JSON.stringify([
    others.dn,
    others.dnKey,
    others.memberNames,
    groups,
    inOrder(attributes),
    inOrder(references),
  ]);
}

describe('what an entry says', () => {
  test('is the same text exactly where it is the same', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        expect(saysTheSame(entryOf(a), entryOf(b))).toBe(plain(a) === plain(b));
      }),
      { numRuns: 1_000 },
    );
  });

  test('changes with any value, name, group or reference', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom('mail', 'sn', 'x'), text, (said, name, value) => {
        const before = contentOf(entryOf(said));
        const changed = { ...said.attributes, [name]: [...(said.attributes[name] ?? []), value] };
        expect(contentOf(entryOf({ ...said, attributes: changed }))).not.toBe(before);
        const member = { ...said, memberNames: [...said.memberNames, value] };
        expect(contentOf(entryOf(member))).not.toBe(before);
        const inGroup = { ...said, memberOf: [...said.memberOf, { dn: value, name: '' }] };
        expect(contentOf(entryOf(inGroup))).not.toBe(before);
      }),
    );
  });

  test('does not change with the order of values and attributes, or the revision', () => {
    fc.assert(
      fc.property(entries, (said) => {
        const turned = (all: Record<string, string[]>) =>
          Object.fromEntries(
            Object.entries(all)
              .reverse()
              .map(([name, some]) => [name, [...some].reverse()]),
          );
        const other = {
          ...said,
          attributes: turned(said.attributes),
          references: turned(said.references),
          memberOf: [...said.memberOf].reverse(),
        };
        expect(contentOf(entryOf(other, 'later'))).toBe(contentOf(entryOf(said)));
      }),
    );
  });

  test('no value runs into the next', () => {
    const said = (attributes: Record<string, string[]>) => contentOf(entryOf({ ...NOTHING, attributes }));
    expect(said({ cn: ['ab', 'c'] })).not.toBe(said({ cn: ['a', 'bc'] }));
    expect(said({ cn: ['a'], sn: ['b'] })).not.toBe(said({ cn: ['asnb'] }));
    expect(said({ cn: ['1:a'] })).not.toBe(said({ cn: ['1', 'a'] }));
  });
});

const NOTHING: Said = { dn: '', dnKey: '', memberNames: [], memberOf: [], attributes: {}, references: {} };

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import { type Entry, toAttributes } from '../../../app/person/entry.ts';
import { sampleOf } from '../../../app/sources/checking/sample.ts';
import { syntaxOf } from '../../../app/sources/ldap/values/syntaxes.ts';

function entryWith(attributes: Readonly<Record<string, readonly string[]>>): Entry {
  return { stableId: 'ada' as StableId, revision: '', attributes: toAttributes(Object.entries(attributes)) };
}

test('each attribute stands under the name it is asked for by, with what is lacking among them', () => {
  const entry = entryWith({
    sn: ['Lovelace'],
    employeenumber: ['4711'],
    'description;lang-fr': ['comtesse'],
    manager: ['cn=x,dc=example'],
    jpegphoto: ['AAEC'],
    mail: ['ada@example.test', 'a@example.test'],
  });
  const reads = ['sn', 'employeeNumber', 'description', 'title', 'manager', 'jpegPhoto', 'mail'];
  expect(sampleOf(entry, 3, reads, syntaxOf, false)).toEqual({
    groups: 3,
    attributes: [
      { name: 'description;lang-fr', syntax: 'text', values: ['text of 8 characters'] },
      { name: 'employeeNumber', syntax: 'text', values: ['digits of 4 characters'] },
      { name: 'jpegPhoto', syntax: 'binary', values: ['base64 of 4 characters'] },
      {
        name: 'mail',
        syntax: 'text',
        values: ['mail address of 16 characters', 'mail address of 14 characters'],
      },
      { name: 'manager', syntax: 'dn', values: ['dn of 15 characters'] },
      { name: 'sn', syntax: 'text', values: ['text of 8 characters'] },
      { name: 'title', syntax: 'text', values: [] },
    ],
  });
});

test('O-27: no masked value tells more than its kind and length', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }), (values) => {
      const { attributes } = sampleOf(entryWith({ sn: values }), 0, ['sn'], syntaxOf, false);
      const shown = attributes.flatMap((attribute) => attribute.values);
      const telling = shown.filter(
        (value) => !/^(?:text|digits|mail address) of \d+ characters?$/.test(value),
      );
      expect(telling).toEqual([]);
      const open = sampleOf(entryWith({ sn: values }), 0, ['sn'], syntaxOf, true);
      expect(open.attributes[0]?.values).toEqual(values);
    }),
  );
});

/** Functions over what directories keep: names of entries (RFC 4514), groups, ids in bytes (O-01). */
import { guidText, uuidText } from '../../person/binary-ids.ts';
import { parseDn } from '../../person/dn.ts';
import type { LibraryFunction } from './library.ts';

const DN = 'cn=Lovelace\\, Ada,ou=Engines,ou=London,dc=example,dc=com';

export const DIRECTORY: readonly LibraryFunction[] = [
  {
    name: 'inGroup',
    usage: 'inGroup("name or DN")',
    gives:
      'whether the person is in that group, directly or through [groups in groups](directories.md#groups), compared without case. By name, any group of that name counts: write the DN where others may make groups',
    examples: [
      {
        expression: 'inGroup("agileplace administrators")',
        groups: ['AgilePlace administrators'],
        gives: true,
      },
      { expression: 'inGroup("cn=staff, ou=groups,dc=example,dc=com")', groups: ['Staff'], gives: true },
    ],
    overloads: (person) => [
      { signature: 'inGroup(string): bool', handler: (nameOrDn: string) => person.isIn(nameOrDn) },
    ],
  },
  {
    name: 'groups',
    usage: 'groups()',
    gives: 'the names of all groups the person is in, sorted',
    examples: [
      {
        expression: 'groups().filter(g, g.startsWith("AP "))',
        groups: ['Staff', 'AP users', 'AP admins'],
        gives: ['AP admins', 'AP users'],
      },
    ],
    overloads: (person) => [{ signature: 'groups(): list<string>', handler: () => person.groupNames() }],
  },
  {
    name: 'dnParts',
    usage: 'dnParts(dn, "ou")',
    gives: 'the values of one type in a DN, from the leaf to the root',
    examples: [
      { expression: 'dnParts(e.manager, "ou")', entry: { manager: DN }, gives: ['Engines', 'London'] },
      { expression: 'dnParts(e.manager, "DC").join(".")', entry: { manager: DN }, gives: 'example.com' },
      { expression: 'dnParts(e.manager, "ou")', entry: { manager: 'Ada Lovelace' } },
    ],
    constants: { 1: typeFault },
    overloads: () => [
      {
        signature: 'dnParts(string, string): list<string>',
        handler: (dn: string, type: string) => valuesIn(dn, typeNamed(type)),
      },
    ],
  },
  {
    name: 'rdn',
    usage: 'rdn(dn)',
    gives: 'the value of the leftmost part of a DN',
    examples: [{ expression: 'rdn(e.manager)', entry: { manager: DN }, gives: 'Lovelace, Ada' }],
    overloads: () => [
      { signature: 'rdn(string): string', handler: (dn: string) => parseDn(dn)?.[0]?.[0]?.value ?? '' },
    ],
  },
  {
    name: 'guid',
    usage: 'guid(text)',
    gives:
      'a GUID as it is written, of what stands for its bytes in base64 or hex, as Active Directory keeps them (the first three fields are turned). What Landbridge reads from a directory has this form already',
    examples: [
      {
        expression: 'guid(e.objectGuid)',
        entry: { objectGuid: 'ABEiM0RVZneImaq7zN3u/w==' },
        gives: '33221100-5544-7766-8899-aabbccddeeff',
      },
      {
        expression: 'guid(e.objectGuid)',
        entry: { objectGuid: '0a00f0050b0c0d0e8f90a1b2c3d4e5f6' },
        gives: '05f0000a-0c0b-0e0d-8f90-a1b2c3d4e5f6',
      },
      {
        expression: 'guid(e.objectGuid)',
        entry: { objectGuid: '{33221100-5544-7766-8899-AABBCCDDEEFF}' },
        gives: '33221100-5544-7766-8899-aabbccddeeff',
      },
      { expression: 'guid(e.objectGuid)', entry: { objectGuid: 'ABEiM0RVZnc=' }, warns: 'bad-id' },
    ],
    overloads: (person) => [
      { signature: 'guid(string): string', handler: (text: string) => idText(text, guidText, person.warn) },
    ],
  },
  {
    name: 'uuid',
    usage: 'uuid(text)',
    gives:
      'the same for bytes that are kept in the order in which they are written, as eDirectory and OpenLDAP do',
    examples: [
      {
        expression: 'uuid(e.guid)',
        entry: { guid: '00112233445566778899aabbccddeeff' },
        gives: '00112233-4455-6677-8899-aabbccddeeff',
      },
      {
        expression: 'uuid(e.entryUUID)',
        entry: { entryUUID: 'A1B2C3D4-0000-4000-8000-00000000000A' },
        gives: 'a1b2c3d4-0000-4000-8000-00000000000a',
      },
    ],
    overloads: (person) => [
      { signature: 'uuid(string): string', handler: (text: string) => idText(text, uuidText, person.warn) },
    ],
  },
];

/** Types have short names and long ones. */
function typeNamed(type: string): string | null {
  return parseDn(`${type}=x`)?.[0]?.[0]?.type ?? null;
}

function typeFault(type: string): string | null {
  return typeNamed(type) === null ? `"${type}" is no part of a DN. Write a type such as "ou".` : null;
}

function valuesIn(dn: string, type: string | null): readonly string[] {
  const parts = (parseDn(dn) ?? []).flat();
  return parts.flatMap((part) => (part.type === type && !part.encoded ? [part.value] : []));
}

/** A text that is written as an id has been turned already, whoever keeps it (O-01 e). */
const WRITTEN = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
const HEX = /^(?:0x)?([0-9a-f]{32})$/i;
/** As filters have it: `\00\11`. */
const ESCAPED_HEX = /^(?:\\[0-9a-f]{2}){16}$/i;
/** 16 bytes are 22 digits, and two signs of padding that some leave out. */
const BASE64 = /^[A-Za-z0-9+/]{22}(?:==)?$/;

function idText(
  text: string,
  written: (bytes: Buffer) => string | null,
  warn: (words: string) => void,
): string {
  const done = WRITTEN.exec(text)?.[1];
  if (done !== undefined) return done.toLowerCase();
  const bytes = bytesOf(text);
  const id = bytes === null ? null : written(bytes);
  if (id === null && text !== '')
    warn('bad-id: a text that should be the 16 bytes of an id is none; left out');
  return id ?? '';
}

function bytesOf(text: string): Buffer | null {
  const digits = ESCAPED_HEX.test(text) ? text.replaceAll('\\', '') : HEX.exec(text)?.[1];
  if (digits !== undefined) return Buffer.from(digits, 'hex');
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}

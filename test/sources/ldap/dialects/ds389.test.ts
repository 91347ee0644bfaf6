import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Server } from '../../../../app/sources/ldap/connection/server.ts';
import { DS389 } from '../../../../app/sources/ldap/dialects/ds389.ts';

function serverOf(vendorVersion: readonly string[]): Server {
  return {
    url: 'ldap://localhost',
    values: (name) => (name.toLowerCase() === 'vendorversion' ? vendorVersion : []),
    supports: () => false,
  };
}

test.each([
  [['389-Directory/2.3.1 B2025.016.1616'], true],
  [['Red Hat-Directory/8.2.0 B2010.1'], true],
  [['Sun-Directory-Server/11.1.1.7.0'], false],
  [['OpenLDAP 389-Directory/1'], false],
  [[], false],
])('a server of version %j is recognised: %s', (version, expected) => {
  expect(DS389.recognises(serverOf(version))).toBe(expected);
});

test('an id is read in lower case, and only as nsUniqueId is written', () => {
  expect(DS389.id.read('EFE2C6C1-E8E411F1-8F789358-FE59F212')).toBe('efe2c6c1-e8e411f1-8f789358-fe59f212');
  expect(DS389.id.read('2b7b7789-44b3-4b3b-b46f-aaeba5209eae')).toBeNull();
  expect(DS389.id.read('')).toBeNull();
});

test('the id that Content Sync gives as a UUID is the same number in other groups', () => {
  const digits = fc.stringMatching(/^[0-9a-f]{32}$/);
  fc.assert(
    fc.property(digits, (hex) => {
      const cut = (...lengths: number[]) => {
        let at = 0;
        const parts = lengths.map((length) => {
          at += length;
          return hex.slice(at - length, at);
        });
        return parts.join('-');
      };
      expect(DS389.contentSync?.idOf(cut(8, 4, 4, 4, 12))).toBe(cut(8, 8, 8, 8));
    }),
  );
  expect(DS389.contentSync?.idOf('not a uuid')).toBeNull();
});

import { describe, expect, test } from 'vitest';
import type { Values } from '../people.ts';
import { faultsOf, given, mapped, mappingWith } from './library-person.ts';

const ACTIVE = "  active: '= activeFromAD()'";

function activeOf(entry: Values, at?: string): unknown {
  const outcome = mapped(ACTIVE, { entry, ...(at === undefined ? {} : { at }) });
  if (outcome.kind !== 'in-scope') throw new Error(JSON.stringify(outcome));
  const warnings = outcome.warnings.map(({ message }) => message);
  return { active: outcome.user.active, warnings, changesAt: outcome.changesAt?.toISOString() };
}

function account(userAccountControl: string, accountExpires: string, more: Values = {}): Values {
  return { userAccountControl, accountExpires, ...more };
}

const NEVER = '9223372036854775807';

describe('who is active in Active Directory', () => {
  test.each([
    ['O-07 a', account('512', NEVER), true],
    ['O-07 b', account('512', '0'), true],
    ['O-07 c', account('514', '0', { pwdLastSet: '0' }), false],
    ['O-07 d', account('544', '0', { pwdLastSet: '0' }), true],
    ['O-07 e', account('546', '0'), false],
    ['O-07 f', account('66048', '0'), true],
    ['O-07 f', account('66050', '0'), false],
    ['O-07 g', account('262656', '0'), true],
    ['O-07 g', account('262658', '0'), false],
    ['O-07 h', account('8389120', '0'), true],
    ['O-07 h', account('8389122', '0'), false],
    ['O-07 i', account('528', '0'), true],
    ['O-07 i', account('530', '0'), false],
    ['O-07 k', account('512', '134167968000000000'), false],
    ['O-07 l', account('512', '2650467743990000000'), true],
    // As some tools write the same bits, with a sign.
    ['a sign', account('-2147483136', '0'), true],
  ])('%s %j', (_, entry, active) => {
    expect(activeOf(entry)).toMatchObject({ active, warnings: [] });
  });

  test('O-07 j: an expiry to come ends access by itself, and says when', () => {
    const entry = account('512', '134168832000000000');
    const changesAt = '2026-03-02T00:00:00.000Z';
    expect(activeOf(entry)).toEqual({ active: true, warnings: [], changesAt });
    expect(activeOf(entry, '2026-03-01T23:59:59.999Z')).toEqual({ active: true, warnings: [], changesAt });
    expect(activeOf(entry, changesAt)).toEqual({ active: false, warnings: [], changesAt: undefined });
  });

  test('an expiry of a disabled account is waited for by nobody', () => {
    expect(activeOf(account('514', '134168832000000000'))).toEqual({
      active: false,
      warnings: [],
      changesAt: undefined,
    });
  });

  test('O-07 m: an expiry that no server writes counts as never, with a warning', () => {
    expect(activeOf(account('512', '9223372032559808511'))).toEqual({
      active: true,
      warnings: [expect.stringMatching(/^odd-expiry: /)],
      changesAt: undefined,
    });
  });

  test.each([
    ['O-07 n', {}],
    ['O-07 o', account('abc', '0')],
    ['no expiry', { userAccountControl: '512' }],
    ['an expiry that is none', account('512', 'never')],
    ['an expiry before 1601', account('512', '-1')],
  ])('%s: what cannot be told is neither enabled nor disabled', (_, entry) => {
    expect(activeOf(entry)).toEqual({
      active: undefined,
      warnings: [expect.any(String)],
      changesAt: undefined,
    });
  });

  test.each([
    ['4096', 'out-of-scope'],
    ['2080', 'out-of-scope'],
    ['8192', 'out-of-scope'],
    ['512', 'in-scope'],
    ['abc', 'in-scope'],
    ['', 'in-scope'],
  ])('O-07 p: computers and trusts are out of scope: %s', (userAccountControl, kind) => {
    const before = "scope: '= isUserAccount(e.userAccountControl)'";
    expect(mapped(ACTIVE, { before, entry: account(userAccountControl, '0') }).kind).toBe(kind);
  });

  test('LDAP is asked for what the function reads by itself', () => {
    expect([...mappingWith(ACTIVE).reads].sort()).toEqual(['accountexpires', 'useraccountcontrol']);
  });
});

test('a flag that there is not is found at load', () => {
  expect(faultsOf('uac(e.userAccountControl, "ACOUNTDISABLE") ? "a" : "b"')).toEqual([
    'userAccountControl has no flag "ACOUNTDISABLE". Did you mean "ACCOUNTDISABLE"?',
  ]);
  expect(faultsOf('uac(e.userAccountControl, e.flag) ? "a" : "b"')).toEqual([
    'uac() takes a constant text in double quotes here. Write uac(e.userAccountControl, "ACCOUNTDISABLE").',
  ]);
});

test('a flag of the highest bit', () => {
  expect(given('uac(e.u, "PARTIAL_SECRETS_ACCOUNT")', { entry: { u: '67108864' } }).value).toBe(true);
});

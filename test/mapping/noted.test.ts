/** What functions leave beside their value: warnings with the place of the expression, and when to look again. */
import { describe, expect, test } from 'vitest';
import { map } from './people.ts';

const reads = null;

/** 2026-03-02T00:00Z, as Active Directory counts. */
const TOMORROW = '134168832000000000';

describe('a warning of a function names the expression and the attribute', () => {
  const withExtension = { telephoneNumber: '+44 20 7946 0018 x42' };

  test('in an item of a list (O-09 g)', () => {
    const attributes = "  phoneNumbers: [{ value: { value: '= e164(e.telephoneNumber)' } }]";
    expect(map({ reads, attributes }, withExtension)).toMatchObject({
      user: { phoneNumbers: [{ value: '+442079460018' }] },
      warnings: [{ where: 'm.yaml:8:36', attribute: 'phoneNumbers.value' }],
    });
  });

  test('in a var, once, for the attribute that first needs it', () => {
    const before = "vars: { phone: '= e164(e.telephoneNumber)', unused: '= e164(e.telephoneNumber)' }";
    const attributes = "  title: '= v.phone'\n  nickName: '= v.phone + \"!\"'";
    const mapped = map({ reads, before, attributes }, withExtension);
    expect(mapped).toMatchObject({ user: { title: '+442079460018', nickName: '+442079460018!' } });
    expect(mapped).toMatchObject({ warnings: [{ where: 'm.yaml:6:16', attribute: 'title' }] });
    expect(mapped.kind === 'in-scope' && mapped.warnings.length).toBe(1);
  });

  test('it belongs to one person', () => {
    const file = { reads, attributes: "  title: '= e164(e.telephoneNumber)'" };
    expect(map(file, withExtension)).toMatchObject({ warnings: [{ attribute: 'title' }] });
    expect(map(file, { telephoneNumber: '+44 20 7946 0018' })).toMatchObject({ warnings: [] });
  });
});

describe('whoever comes out otherwise by themselves is told with the moment', () => {
  const later = '2026-03-05T00:00:00Z';
  const sooner = '2026-03-03T00:00:00Z';

  test('from active (O-07 j)', () => {
    const file = { reads, attributes: "  active: '= activeFromAD()'" };
    expect(map(file, { userAccountControl: '512', accountExpires: TOMORROW })).toMatchObject({
      user: { active: true },
      changesAt: new Date('2026-03-02T00:00:00Z'),
    });
    expect(map(file, { userAccountControl: '512', accountExpires: '0' })).not.toHaveProperty('changesAt');
  });

  test('the earliest of all, out of scope too', () => {
    const file = {
      reads,
      before: "scope: '= reached(e.begins)'",
      attributes: `  title: '= reached(e.promoted) ? "Chief" : "Engineer"'`,
    };
    expect(map(file, { begins: later, promoted: sooner })).toEqual({
      kind: 'out-of-scope',
      reason: 'out of scope of the mapping',
      changesAt: new Date(later),
    });
    expect(map(file, { begins: '2026-01-01T00:00:00Z', promoted: sooner })).toMatchObject({
      user: { title: 'Engineer' },
      changesAt: new Date(sooner),
    });
  });

  test('whoever fails, too', () => {
    const attributes = `  title: '= reached(e.promoted) ? "Chief" : "Engineer"'\n  nickName: { from: n, required: true }`;
    expect(map({ reads, attributes }, { promoted: sooner })).toMatchObject({
      kind: 'failed',
      changesAt: new Date(sooner),
    });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaned } from '../../../app/mapping/values.ts';
import type { Values } from '../people.ts';
import { mapped, mappingWith } from './library-person.ts';

const EMAILS = `  emails:
    - { value: '= primaryMail()', type: work, primary: true }
    - { each: '= otherMails()', as: m, item: { value: '= m', type: other } }`;

function emailsOf(entry: Values): { emails: unknown; warnings: readonly string[] } {
  const outcome = mapped(EMAILS, { entry });
  if (outcome.kind !== 'in-scope') throw new Error(JSON.stringify(outcome));
  return { emails: outcome.user.emails, warnings: outcome.warnings.map(({ message }) => message) };
}

const primary = (value: string) => ({ value, type: 'work', primary: true });
const other = (value: string) => ({ value, type: 'other' });

const LAST_TWO = ['X500:/o=x', 'SIP:ada@example.com'];

describe('mail addresses of proxyAddresses and mail', () => {
  test.each<[string, Values, unknown]>([
    [
      'O-08 a',
      {
        proxyAddresses: ['smtp:ada.old@example.com', 'SMTP:ada.lovelace@example.com', ...LAST_TWO],
        mail: 'ada.old@example.com',
      },
      [primary('ada.lovelace@example.com'), other('ada.old@example.com')],
    ],
    [
      'O-08 b',
      { proxyAddresses: ['smtp:b@example.com', 'smtp:a@example.com'], mail: 'b@example.com' },
      [primary('b@example.com'), other('a@example.com')],
    ],
    ['O-08 c', { mail: 'ada@example.com' }, [primary('ada@example.com')]],
    [
      'O-08 e',
      { proxyAddresses: ['SMTP:Ada@Example.com', 'smtp:ada@example.com'] },
      [primary('Ada@Example.com')],
    ],
    ['O-08 f', { proxyAddresses: 'smtp:' }, undefined],
    // Nobody guesses which of these is the primary one.
    [
      'no primary',
      { proxyAddresses: ['smtp:b@example.com', 'smtp:a@example.com'] },
      [other('a@example.com'), other('b@example.com')],
    ],
  ])('%s', (_, entry, emails) => {
    expect(emailsOf(entry)).toEqual({ emails, warnings: [] });
  });

  test('O-08 d: of two primary ones that in mail counts, with one warning', () => {
    const entry = { proxyAddresses: ['SMTP:x@example.com', 'SMTP:y@example.com'], mail: 'y@example.com' };
    expect(emailsOf(entry)).toEqual({
      emails: [primary('y@example.com'), other('x@example.com')],
      warnings: [expect.stringMatching(/^several-primaries: /)],
    });
  });

  test('LDAP is asked for what the functions read by themselves', () => {
    expect([...mappingWith(EMAILS).reads].sort()).toEqual(['mail', 'proxyaddresses']);
  });
});

const address = fc.tuple(
  fc.constantFrom('SMTP:', 'smtp:', 'Smtp:', 'SIP:', ''),
  fc.constantFrom('a@x.test', 'A@x.test', 'b@x.test', 'B@X.test', ' c@x.test ', '', 'd@x.test'),
);

test('O-08: at most one is primary, and the order of the values changes nothing', () => {
  const values = fc.uniqueArray(
    address.map((parts) => parts.join('')),
    { maxLength: 8 },
  );
  const shuffled = values.chain((given) =>
    fc.tuple(
      fc.constant(given),
      fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, fc.constantFrom('', 'a@x.test', 'b@X.test'), ([given, again], mail) => {
      const first = emailsOf({ proxyAddresses: given, mail });
      expect(JSON.stringify(emailsOf({ proxyAddresses: again, mail }))).toBe(JSON.stringify(first));
      const emails = (first.emails ?? []) as readonly { value: string; primary?: boolean }[];
      expect(emails.filter((each) => each.primary === true).length).toBeLessThanOrEqual(1);
      const folded = emails.map(({ value }) => value.toLowerCase());
      expect(new Set(folded).size).toBe(folded.length);
      expect(emails.every(({ value }) => cleaned(value) === value && value !== '')).toBe(true);
    }),
    { numRuns: 200 },
  );
});

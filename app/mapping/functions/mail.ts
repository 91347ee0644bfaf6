/**
 * Which of somebody's mail addresses is the primary one. Exchange writes `SMTP:` before the primary address of
 * proxyAddresses and `smtp:` before the others; `mail` may say something else. The rules (O-08):
 *
 *   proxyAddresses names                        primary
 *   ──────────────────────────────────────────  ─────────────────────────────────────────────
 *   one address by SMTP:                        that one
 *   several by SMTP:                            the one that is in mail, else the first in order, with a warning
 *   none by SMTP:, or there are none            mail; without it nobody guesses
 *
 * The others are all other addresses of either attribute. Addresses that differ by case alone are one, spelt as the
 * primary one is. All in one order, so that the order in which a directory gives values changes nothing.
 */
import type { PersonAtHand } from '../at-hand.ts';
import { cleaned } from '../values.ts';
import type { LibraryFunction } from './library.ts';

const READS = ['proxyAddresses', 'mail'];

const A = {
  proxyAddresses: [
    'smtp:ada.old@example.com',
    'SMTP:ada.lovelace@example.com',
    'X500:/o=x',
    'SIP:ada@example.com',
  ],
  mail: 'ada.old@example.com',
};
const D = { proxyAddresses: ['SMTP:x@example.com', 'SMTP:y@example.com'], mail: 'y@example.com' };

export const MAIL: readonly LibraryFunction[] = [
  {
    name: 'primaryMail',
    usage: 'primaryMail()',
    gives: 'the primary mail address by `proxyAddresses` (`SMTP:`), else `mail`',
    reads: READS,
    examples: [
      { expression: 'primaryMail()', entry: A, gives: 'ada.lovelace@example.com' },
      { expression: 'primaryMail()', entry: { mail: 'ada@example.com' }, gives: 'ada@example.com' },
      { expression: 'primaryMail()', entry: D, gives: 'y@example.com', warns: 'several-primaries' },
      { expression: 'primaryMail()', entry: { proxyAddresses: 'smtp:' } },
    ],
    overloads: (person) => [
      { signature: 'primaryMail(): string', handler: () => person.once(mailsOf).primary },
    ],
  },
  {
    name: 'otherMails',
    usage: 'otherMails()',
    gives: 'all other mail addresses of `proxyAddresses` (`smtp:`) and `mail`, sorted; for `each`',
    reads: READS,
    examples: [
      { expression: 'otherMails()', entry: A, gives: ['ada.old@example.com'] },
      {
        expression: 'otherMails()',
        entry: { proxyAddresses: ['SMTP:Ada@Example.com', 'smtp:ada@example.com'] },
      },
    ],
    overloads: (person) => [
      { signature: 'otherMails(): list<string>', handler: () => person.once(mailsOf).others },
    ],
  },
  {
    name: 'mails',
    usage: 'mails()',
    gives: 'all of them, the primary one first',
    reads: READS,
    examples: [
      { expression: 'mails()', entry: A, gives: ['ada.lovelace@example.com', 'ada.old@example.com'] },
    ],
    overloads: (person) => [
      {
        signature: 'mails(): list<string>',
        handler: () => {
          const { primary, others } = person.once(mailsOf);
          return primary === '' ? others : [primary, ...others];
        },
      },
    ],
  },
];

type Mails = { readonly primary: string; readonly others: readonly string[] };

function mailsOf(person: PersonAtHand): Mails {
  const proxies = person.all('proxyAddresses').filter((each) => each.slice(0, 5).toLowerCase() === 'smtp:');
  const marked = addresses(proxies.filter((each) => each.startsWith('SMTP:')).map(behindPrefix));
  const mail = person.first('mail');
  if (marked.length > 1)
    person.warn(
      'several-primaries: proxyAddresses names several primary addresses; the one in mail counts, else the first in order',
    );
  const primary = primaryOf(marked, mail);
  const all = addresses([...proxies.map(behindPrefix), ...person.all('mail')]);
  return { primary, others: all.filter((each) => !same(each, primary)) };
}

function primaryOf(marked: readonly string[], mail: string): string {
  return marked.find((each) => same(each, mail)) ?? marked[0] ?? mail;
}

function behindPrefix(proxy: string): string {
  return cleaned(proxy.slice('smtp:'.length));
}

/** Each once, sorted; of several spellings the first in order. */
function addresses(texts: readonly string[]): readonly string[] {
  const kept = new Map<string, string>();
  for (const text of [...texts].sort()) {
    const key = text.toLowerCase();
    if (text !== '' && !kept.has(key)) kept.set(key, text);
  }
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

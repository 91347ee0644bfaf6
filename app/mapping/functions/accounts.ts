/**
 * Functions over the account of Active Directory: the bits of userAccountControl ([MS-ADTS] 2.2.16) and accountExpires
 * (O-07). What cannot be understood is neither enabled nor disabled: these functions then say that they cannot tell.
 */
import { nearest } from '../../spelling/nearest.ts';
import type { PersonAtHand } from '../at-hand.ts';
import { CannotTell } from './cannot-tell.ts';
import { filetime } from './instants.ts';
import type { LibraryFunction } from './library.ts';

const BITS: Readonly<Record<string, number>> = {
  SCRIPT: 0x1,
  ACCOUNTDISABLE: 0x2,
  HOMEDIR_REQUIRED: 0x8,
  LOCKOUT: 0x10,
  PASSWD_NOTREQD: 0x20,
  PASSWD_CANT_CHANGE: 0x40,
  ENCRYPTED_TEXT_PWD_ALLOWED: 0x80,
  TEMP_DUPLICATE_ACCOUNT: 0x100,
  NORMAL_ACCOUNT: 0x200,
  INTERDOMAIN_TRUST_ACCOUNT: 0x800,
  WORKSTATION_TRUST_ACCOUNT: 0x1000,
  SERVER_TRUST_ACCOUNT: 0x2000,
  DONT_EXPIRE_PASSWORD: 0x10000,
  MNS_LOGON_ACCOUNT: 0x20000,
  SMARTCARD_REQUIRED: 0x40000,
  TRUSTED_FOR_DELEGATION: 0x80000,
  NOT_DELEGATED: 0x100000,
  USE_DES_KEY_ONLY: 0x200000,
  DONT_REQ_PREAUTH: 0x400000,
  PASSWORD_EXPIRED: 0x800000,
  TRUSTED_TO_AUTH_FOR_DELEGATION: 0x1000000,
  PARTIAL_SECRETS_ACCOUNT: 0x4000000,
};

/** Of computers and of other domains. */
const NO_PERSON = ['INTERDOMAIN_TRUST_ACCOUNT', 'WORKSTATION_TRUST_ACCOUNT', 'SERVER_TRUST_ACCOUNT'];

const UNTOLD = 'userAccountControl is absent or no number, so nothing can be told from it';
const NO_EXPIRY = 'accountExpires is absent, so nobody can tell whether the account has expired';

export const ACCOUNTS: readonly LibraryFunction[] = [
  {
    name: 'activeFromAD',
    usage: 'activeFromAD()',
    gives:
      'whether an account of Active Directory is enabled and has not expired; at the moment of accountExpires it turns by itself. Without either of the two it cannot be told. A lockout, and a password that has expired or has to be changed, make no difference',
    reads: ['userAccountControl', 'accountExpires'],
    examples: [
      {
        expression: 'activeFromAD()',
        entry: { userAccountControl: '512', accountExpires: '9223372036854775807' },
        gives: true,
      },
      {
        expression: 'activeFromAD()',
        entry: { userAccountControl: '514', accountExpires: '0' },
        gives: false,
      },
      {
        expression: 'activeFromAD()',
        entry: { userAccountControl: '512', accountExpires: '134168832000000000' },
        gives: true,
      },
      {
        expression: 'activeFromAD()',
        at: '2026-03-02T00:00:00Z',
        entry: { userAccountControl: '512', accountExpires: '134168832000000000' },
        gives: false,
      },
      {
        expression: 'activeFromAD()',
        entry: { userAccountControl: '512', accountExpires: '9223372032559808511' },
        gives: true,
        warns: 'odd-expiry',
      },
    ],
    overloads: (person) => [{ signature: 'activeFromAD(): bool', handler: () => activeFromAD(person) }],
  },
  {
    name: 'uac',
    usage: 'uac(e.userAccountControl, "ACCOUNTDISABLE")',
    gives: `whether a bit of userAccountControl is set: ${Object.keys(BITS).join(', ')}`,
    examples: [
      {
        expression: 'uac(e.userAccountControl, "SMARTCARD_REQUIRED")',
        entry: { userAccountControl: '262656' },
        gives: true,
      },
      {
        expression: 'uac(e.userAccountControl, "ACCOUNTDISABLE")',
        entry: { userAccountControl: 'abc' },
        fails: UNTOLD,
      },
    ],
    constants: { 1: flagFault },
    mustBeConstant: [1],
    overloads: () => [
      {
        signature: 'uac(string, string): bool',
        handler: (text: string, flag: string) => isSet(flag, bitsOf(text)),
      },
    ],
  },
  {
    name: 'isUserAccount',
    usage: 'isUserAccount(e.userAccountControl)',
    gives:
      'false for the accounts of computers and of trusted domains, which a search may find among people; for the scope',
    examples: [
      {
        expression: 'isUserAccount(e.userAccountControl)',
        entry: { userAccountControl: '512' },
        gives: true,
      },
      {
        expression: 'isUserAccount(e.userAccountControl)',
        entry: { userAccountControl: '4096' },
        gives: false,
      },
      {
        expression: 'isUserAccount(e.userAccountControl)',
        entry: { userAccountControl: '2080' },
        gives: false,
      },
      { expression: 'isUserAccount(e.userAccountControl)', gives: true },
    ],
    overloads: () => [{ signature: 'isUserAccount(string): bool', handler: isUserAccount }],
  },
];

function flagFault(flag: string): string | null {
  if (Object.hasOwn(BITS, flag)) return null;
  const meant = nearest(flag, Object.keys(BITS));
  const mend =
    meant === undefined ? ` Known are ${Object.keys(BITS).join(', ')}.` : ` Did you mean "${meant}"?`;
  return `userAccountControl has no flag "${flag}".${mend}`;
}

function isSet(flag: string, bits: number): boolean {
  return (bits & (BITS[flag] ?? 0)) !== 0;
}

/** @returns null where it is no number; some tools write the same 32 bits with a sign */
function bitsIn(text: string): number | null {
  return /^-?\d{1,10}$/.test(text) ? Number(text) | 0 : null;
}

function bitsOf(text: string): number {
  const bits = bitsIn(text);
  if (bits === null) throw new CannotTell(UNTOLD);
  return bits;
}

/** Who does not say that they are something else is taken for a person: whether they are active is asked elsewhere. */
function isUserAccount(text: string): boolean {
  const bits = bitsIn(text);
  return bits === null || !NO_PERSON.some((flag) => isSet(flag, bits));
}

function activeFromAD(person: PersonAtHand): boolean {
  if (isSet('ACCOUNTDISABLE', bitsOf(person.first('userAccountControl')))) return false;
  const text = person.first('accountExpires');
  if (text === '') throw new CannotTell(NO_EXPIRY);
  const expires = filetime(text);
  if (expires.kind === 'moment') {
    person.changesAt(expires.milliseconds);
    return person.now() < expires.milliseconds;
  }
  if (expires.odd) person.warn('odd-expiry: accountExpires lies beyond the year 9999, and counts as never');
  return true;
}

/**
 * What a server says of the account while it logs in, beyond yes or no (pure). Read are
 *
 *   1.3.6.1.4.1.42.2.27.8.5.1    password policy (draft-behera-ldap-password-policy, section 6.2): OpenLDAP, 389 DS
 *   2.16.840.1.113730.3.4.4/.5   password expired, expiring (draft-vchu-ldap-pwd-policy): 389 DS
 *
 * and, where there is no control, the text of the answer: Active Directory's number (`data 52e`) and the sentences of
 * 389 DS (`slapi_check_account_lock`, `check_account_lock`, `need_new_pw` of its pw.c and pw_mgmt.c). The text decides
 * by itself, for what kind of server it is shows only after the log-in.
 */
import { elementsIn, elementWithin, integerOf } from '../protocol/ber.ts';
import type { ResponseControl, Result } from '../protocol/messages.ts';

export const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';
const PASSWORD_EXPIRED = '2.16.840.1.113730.3.4.4';
const PASSWORD_EXPIRING = '2.16.840.1.113730.3.4.5';

type Trouble = 'expired' | 'locked' | 'must-change';

type Policy = {
  readonly trouble: Trouble | null;
  readonly secondsLeft: number | null;
  readonly graceLeft: number | null;
};

const POLICY_TROUBLES: readonly Trouble[] = ['expired', 'locked', 'must-change'];

type Saying = (account: string) => string;

const TROUBLE_WORDS: Readonly<Record<Trouble, Saying>> = {
  expired: (account) => `the password of ${account} has expired; set a new one`,
  locked: (account) => `${account} is locked; unlock it, and see that the password given here is right`,
  'must-change': (account) =>
    `${account} must change its password before it may do anything else; set a new one`,
};

/** Windows' error numbers, as Active Directory writes them after `data` (MS-ERREF section 2.2). */
const WINDOWS_REASONS: Readonly<Record<string, Saying>> = {
  '525': (account) => `${account} does not exist at this server`,
  '52e': (account) => `the password for ${account} is wrong`,
  '530': (account) => `${account} may not log in at this time of day; widen its logon hours`,
  '531': (account) => `${account} may not log in from this machine; widen its logon workstations`,
  '532': TROUBLE_WORDS.expired,
  '533': (account) => `${account} is disabled; enable it`,
  '701': (account) => `${account} has expired; move its end`,
  '773': TROUBLE_WORDS['must-change'],
  '775': TROUBLE_WORDS.locked,
};

const INVALID_CREDENTIALS = 49;
const CONSTRAINT_VIOLATION = 19;
const UNWILLING = 53;

/**
 * Why the account itself is not let in, so that no other server would do better.
 * @returns null where the log-in succeeded, or failed for a reason that is not the account's
 */
export function refusalInWords(result: Result, account: string): string | null {
  const { code, diagnostic, controls } = result;
  const { trouble, graceLeft } = policyIn(controls);
  // With "expired" and no log-ins left to spare, 389 DS lets in for nothing but a change of the password.
  const isUseless = trouble !== null || (has(controls, PASSWORD_EXPIRED) && graceLeft === null);
  if (code === 0) return isUseless ? TROUBLE_WORDS[trouble ?? 'must-change'](account) : null;
  if (trouble !== null) return TROUBLE_WORDS[trouble](account);
  if (code === CONSTRAINT_VIOLATION) return TROUBLE_WORDS.locked(account);
  if (code === UNWILLING && /inactivated/i.test(diagnostic)) return `${account} is disabled; enable it`;
  if (code !== INVALID_CREDENTIALS) return null;
  if (has(controls, PASSWORD_EXPIRED) || /password expired/i.test(diagnostic))
    return TROUBLE_WORDS.expired(account);
  const reason = WINDOWS_REASONS[/\bdata ([0-9a-f]{3})\b/i.exec(diagnostic)?.[1]?.toLowerCase() ?? ''];
  return (
    reason?.(account) ?? `the password for ${account} is wrong, or the account is locked or does not exist`
  );
}

/** What an operator should do soon, although the account is let in. */
export function warningInWords({ controls }: Result, account: string): string | null {
  const { secondsLeft, graceLeft } = policyIn(controls);
  if (graceLeft !== null) {
    return `the password of ${account} has expired, and the server lets it in ${graceLeft} more times; set a new one`;
  }
  const left = secondsLeft ?? secondsIn(controls);
  return left === null ? null : `the password of ${account} expires in ${duration(left)}; set a new one`;
}

function has(controls: readonly ResponseControl[], wanted: string): boolean {
  return controls.some(({ oid }) => oid === wanted);
}

/** SEQUENCE { warning [0] CHOICE { timeBeforeExpiration [0], graceAuthNsRemaining [1] }, error [1] }, all optional. */
function policyIn(controls: readonly ResponseControl[]): Policy {
  const value = controls.find(({ oid }) => oid === PASSWORD_POLICY)?.value ?? null;
  const nothing = { trouble: null, secondsLeft: null, graceLeft: null };
  if (value === null) return nothing;
  const parts = elementsIn(value, elementWithin(value, 0, value.length));
  const error = parts.find(({ tag }) => tag === 0x81);
  const warning = parts.find(({ tag }) => tag === 0xa0);
  const [kind] = warning === undefined ? [] : elementsIn(value, warning);
  return {
    trouble: error === undefined ? null : (POLICY_TROUBLES[integerOf(value, error)] ?? null),
    secondsLeft: kind?.tag === 0x80 ? integerOf(value, kind) : null,
    graceLeft: kind?.tag === 0x81 ? integerOf(value, kind) : null,
  };
}

/** Of the older control: seconds in digits. */
function secondsIn(controls: readonly ResponseControl[]): number | null {
  const value = controls.find(({ oid }) => oid === PASSWORD_EXPIRING)?.value?.toString('latin1') ?? '';
  return /^\d{1,10}$/.test(value) ? Number(value) : null;
}

function duration(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, 'day'],
      [3_600, 'hour'],
      [60, 'minute'],
    ] as const
  ).find(([each]) => seconds >= each) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

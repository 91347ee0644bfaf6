/** What a real OpenLDAP with a password policy says of the account that reads. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ldifEntry } from '../../../../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { person, sourceFor, tell } from '../invented.ts';

const SUFFIX = 'dc=example,dc=test';
const DAY = 86_400_000;
const MOST_DAYS = 90;

/** As generalised time. */
function daysAgo(days: number): string {
  const iso = new Date(Date.now() - days * DAY).toISOString();
  return `${iso.slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

function policy(cn: string, more: Record<string, string> = {}): string {
  return ldifEntry(`cn=${cn},${SUFFIX}`, {
    objectClass: ['organizationalRole', 'pwdPolicy'],
    cn,
    pwdAttribute: 'userPassword',
    pwdMaxAge: String((MOST_DAYS * DAY) / 1_000),
    pwdExpireWarning: String((7 * DAY) / 1_000),
    pwdLockout: 'TRUE',
    pwdMustChange: 'TRUE',
    ...more,
  });
}

function account(cn: string, state: Record<string, string>): string {
  return ldifEntry(`cn=${cn},${SUFFIX}`, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn,
    userPassword: 'canary-bind',
    ...state,
  });
}

let directory: Directory;
beforeAll(async () => {
  directory = await startDirectory({
    overlays: ['ppolicy'],
    access: [
      'access to attrs=userPassword by anonymous auth by * none',
      `access to * by dn.regex="^cn=[^,]+,${SUFFIX}$" read by * none`,
    ],
    ldif: [
      person('ada'),
      policy('policy'),
      policy('lenient', { pwdGraceAuthNLimit: '3' }),
      account('fresh', { pwdChangedTime: daysAgo(1) }),
      account('expiring', { pwdChangedTime: daysAgo(MOST_DAYS - 3.5) }),
      account('expired', { pwdChangedTime: daysAgo(MOST_DAYS + 1) }),
      account('grace', {
        pwdChangedTime: daysAgo(MOST_DAYS + 1),
        pwdPolicySubentry: `cn=lenient,${SUFFIX}`,
      }),
      account('reset', { pwdChangedTime: daysAgo(1), pwdReset: 'TRUE' }),
      account('locked', { pwdChangedTime: daysAgo(1), pwdAccountLockedTime: '000001010000Z' }),
    ].join(''),
  });
});
afterAll(() => directory.stop());

function reading(cn: string, password = 'canary-bind') {
  const bindDn = `cn=${cn},${SUFFIX}`;
  return tell(sourceFor(directory, { bindDn, password: () => password, tracking: 'time-stamps' }));
}

test.each([
  ['fresh', []],
  ['expiring', [`the password of cn=expiring,${SUFFIX} expires in 3 days; set a new one`]],
  [
    'grace',
    [`the password of cn=grace,${SUFFIX} has expired, and the server lets it in 2 more times; set a new one`],
  ],
])('the account %s reads', async (cn, notices) => {
  expect(await reading(cn)).toMatchObject({ uids: ['ada'], end: { notices } });
});

test.each([
  ['expired', 'the password of cn=expired,dc=example,dc=test has expired; set a new one'],
  [
    'reset',
    'cn=reset,dc=example,dc=test must change its password before it may do anything else; set a new one',
  ],
  [
    'locked',
    'cn=locked,dc=example,dc=test is locked; unlock it, and see that the password given here is right',
  ],
])('the account %s does not', async (cn, words) => {
  await expect(reading(cn)).rejects.toThrow(words);
});

test('a wrong password is told without a hint at what is right', async () => {
  await expect(reading('fresh', 'canary-wrong')).rejects.toThrow(
    `the password for cn=fresh,${SUFFIX} is wrong, or the account is locked or does not exist`,
  );
});

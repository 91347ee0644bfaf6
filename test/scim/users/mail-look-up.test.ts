/** Accounts are looked for by a mail address where the target's search knows one, and nobody is asked for elsewhere. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findsByAddress, type Profile, profileNamed } from '../../../app/scim/index.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';

const MADE = { name: { familyName: 'Byron', givenName: 'Ada' }, active: true };
const ADA = { ...MADE, userName: 'ada', emails: [{ value: 'ada@corp.test', type: 'work', primary: true }] };
const BOB = { ...MADE, userName: 'bob', emails: [{ value: 'bob@corp.test', type: 'work', primary: true }] };

function profileOf(dialect: string): Profile {
  const profile = profileNamed(dialect);
  if (profile === null) throw new Error(`there is no profile ${dialect}`);
  return profile;
}

describe.each(['generic', 'pingdirectory', 'wso2', 'uaa', 'slack', 'okta-style', 'agileplace'])(
  'a target like %s',
  (dialect) => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await startSandbox({ dialect });
      await sandbox.seedAll([ADA, BOB]);
    });
    afterAll(() => sandbox.stop());
    afterEach(closeTargets);

    async function found(value: string, profile: Profile): Promise<readonly string[]> {
      const { baseUrl, token } = sandbox;
      const auth = { kind: 'bearer', token: () => token } as const;
      const { target } = setUp(baseUrl, { profile, auth, now: () => new Date(), timeoutMs: 10_000 });
      return (await target.find({ by: 'mail', value }, aCall())).map(({ user }) => user.userName);
    }

    test('finds one user by the address, and nobody by another', async () => {
      const profile = profileOf(dialect);
      expect(findsByAddress(profile)).toBe(true);
      expect(await found('ada@corp.test', profile)).toEqual(['ada']);
      expect(await found('nobody@corp.test', profile)).toEqual([]);
    });

    test('is not asked where its search is said to know no addresses', async () => {
      const { addressSearch: _none, ...rest } = profileOf(dialect);
      const profile: Profile = { ...rest, filter: { ...rest.filter, attributes: { only: ['userName'] } } };
      await sandbox.clearJournal();
      expect(findsByAddress(profile)).toBe(false);
      expect(await found('ada@corp.test', profile)).toEqual([]);
      expect(await sandbox.journal()).toEqual([]);
    });
  },
);

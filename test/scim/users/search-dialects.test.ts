/** Searches from end to end: whatever a target's search understands, the same users are found. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseFilter, profileNamed } from '../../../app/scim/index.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';

const PEOPLE = [
  {
    userName: 'ana',
    name: { familyName: 'Roe', givenName: 'Ana' },
    externalId: 'E-1',
    active: true,
  },
  { userName: 'ben', name: { familyName: "O'Roe", givenName: 'Ben' }, active: false },
  {
    userName: 'cleo',
    name: { familyName: 'Doe', givenName: 'Cleo "C"' },
    externalId: 'E-3',
    active: true,
  },
].map((person) => ({ ...person, emails: [{ value: `x${person.userName}@corp.test`, primary: true }] }));

describe.each(['generic', 'pingdirectory', 'wso2', 'uaa', 'slack', 'okta-style', 'agileplace'])(
  'searching at a target like %s',
  (dialect) => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await startSandbox({ dialect });
      await sandbox.seedAll(PEOPLE);
    });
    afterAll(() => sandbox.stop());
    afterEach(closeTargets);

    test.each<[string, string[]]>([
      ['userName pr', ['ana', 'ben', 'cleo']],
      ['userName eq "ANA"', ['ana']],
      ['userName sw "b" or userName sw "c"', ['ben', 'cleo']],
      ['name.familyName co "roe"', ['ana', 'ben']],
      ['name.familyName co "roe" and active eq true', ['ana']],
      ['active eq false', ['ben']],
      ['emails co "xben" or externalId eq "E-3"', ['ben', 'cleo']],
      ['externalId pr and (name.givenName eq "Cleo \\"C\\"" or userName sw "b")', ['cleo']],
      ['userName gt "b" and userName lt "c"', ['ben']],
      ['userName sw "nobody"', []],
    ])('%s', async (text, names) => {
      const profile = profileNamed(dialect);
      if (profile === null) throw new Error(`there is no profile ${dialect}`);
      const { baseUrl, token } = sandbox;
      const auth = { kind: 'bearer', token: () => token } as const;
      const { target } = setUp(baseUrl, { profile, auth, now: () => new Date(), timeoutMs: 10_000 });
      const call = { ...aCall(), waitUntil: async () => {} };
      const found: string[] = [];
      for await (const step of target.search(parseFilter(text), call)) {
        if (step.kind === 'page') found.push(...step.accounts.map(({ user }) => user.userName));
        else expect(step).toMatchObject({ complete: true });
      }
      expect(found.sort()).toEqual(names);
    });
  },
);

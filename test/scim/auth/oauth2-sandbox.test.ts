/** OAuth client credentials against the sandbox's own token endpoint, in the dialects that have one. */
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { type AuthOptions, profileNamed } from '../../../app/scim/index.ts';
import { startSandbox } from '../../support/sandbox.ts';
import { aCall, memoryLeases, memoryVault } from '../memory-ports.ts';
import { closeTargets, failureOf, setUp } from '../set-up.ts';

type OAuth2 = Extract<AuthOptions, { kind: 'oauth2' }>;

afterEach(() => closeTargets());

async function service(dialect: string) {
  const signIns = [{ user: 'land-bridge@example.test', password: 's3+cr:et/ü' }];
  const sandbox = await startSandbox({ dialect, tokenLifetime: 3600, signIns });
  onTestFinished(async () => {
    await sandbox.stop();
  });
  const client = (auth: Partial<OAuth2> = {}, now = () => new Date()) => {
    const profile = profileNamed(dialect);
    if (profile === null) throw new Error(`no profile ${dialect}`);
    return setUp(sandbox.baseUrl, {
      profile,
      now,
      auth: {
        kind: 'oauth2',
        tokenUrl: sandbox.tokenUrl,
        clientId: sandbox.user,
        clientSecret: () => sandbox.password,
        clientAuthentication: 'basic',
        vault: memoryVault(),
        leases: memoryLeases(),
        ...auth,
      },
    }).target;
  };
  const tokenRequests = async () => (await sandbox.journal()).filter(({ path }) => path === '/oauth/token');
  return { sandbox, client, tokenRequests };
}

const FIND = { by: 'userName', value: 'nobody@example.test' } as const;

describe.each(['generic', 'uaa'])('%s', (dialect) => {
  test.each(['basic', 'post'] as const)('lets in whoever has a token, asked for by %s', async (how) => {
    const { client, tokenRequests } = await service(dialect);
    const target = client({ clientAuthentication: how });
    await target.find(FIND, aCall());
    await target.find(FIND, aCall());
    expect((await tokenRequests()).map(({ status, auth }) => [status, auth])).toEqual([
      [200, how === 'post' ? 'form' : 'basic'],
    ]);
  });

  test('gets another a little before the first one runs out, and none is refused', async () => {
    let ahead = 0;
    const { sandbox, client, tokenRequests } = await service(dialect);
    const target = client({}, () => new Date(Date.now() + ahead));
    for (ahead of [0, 3_500_000, 3_545_000]) await target.find(FIND, aCall());
    expect(await tokenRequests()).toHaveLength(2);
    expect((await sandbox.journal()).map(({ status }) => status)).not.toContain(401);
  });

  test('refuses a wrong secret: the target pauses, and is not asked anything', async () => {
    const { sandbox, client } = await service(dialect);
    const target = client({ clientSecret: () => 'canary-wrong' });
    const failure = await failureOf(target.find(FIND, aCall()));
    expect(failure).toMatchObject({ name: 'TargetUnusable', why: 'unauthorized' });
    expect(String(failure)).toContain('invalid_client (401)');
    expect((await sandbox.journal()).map(({ path }) => path)).toEqual(['/oauth/token']);
  });
});

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listTargetTokens } from '../../app/cli/token-list.ts';
import { mintTargetToken } from '../../app/cli/token-mint.ts';
import { revokeTargetTokens } from '../../app/cli/token-revoke.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { asking, keptToken, mintingInstallation } from './minting-installation.ts';

async function minted() {
  const installation = await mintingInstallation();
  const { file, redisUrl, sandbox } = installation;
  await mintTargetToken({ ...asking(file, redisUrl), rotate: false });
  const other = await mintByHand(sandbox);
  return { ...installation, other, used: keptToken(installation.tokenFile) };
}

/** A token that is not ours. @returns its id */
async function mintByHand(sandbox: Sandbox): Promise<string> {
  const response = await fetch(`${sandbox.origin}/io/auth/token`, {
    method: 'POST',
    headers: { authorization: sandbox.authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ description: 'of a script' }),
  });
  return ((await response.json()) as { id: string }).id;
}

const list = (file: string, redisUrl: string) => listTargetTokens(asking(file, redisUrl));
const revoke = (file: string, redisUrl: string, ids: readonly string[], force = false) =>
  revokeTargetTokens({ ...asking(file, redisUrl), ids, force });
const idsAt = async (sandbox: Sandbox) => (await sandbox.tokens()).map(({ id }) => id);

describe('token list', () => {
  test('shows the tokens, which is in use, and no text of any', async () => {
    const { file, redisUrl, used, other } = await minted();
    const lines = (await list(file, redisUrl)).split('\n');
    expect(lines[0]).toMatch(/^id +made +description$/);
    const [first = '', second = ''] = lines.slice(2);
    expect(first).toMatch(new RegExp(`^${used.id} +\\d{4}-\\d\\d-\\d\\dT\\S+ +Landbridge +in use$`));
    expect(second).toMatch(new RegExp(`^${other} +\\S+ +of a script$`));
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).not.toContain(used.token);
  });

  test('says so where none is in use, where it cannot be told, and where there are none', async () => {
    const { sandbox, file, redisUrl, tokenFile } = await mintingInstallation();
    expect(await list(file, redisUrl)).toBe('target agileplace keeps no token of this account');
    await mintByHand(sandbox);
    expect(await list(file, redisUrl)).toMatch(/\n\nNone is in use: no token is kept yet\.$/);
    writeFileSync(tokenFile, 'by-hand');
    expect(await list(file, redisUrl)).toMatch(/\n\nWhich of them is in use cannot be told/);
    writeFileSync(tokenFile, '{"token":"t","id":"gone"}');
    expect(await list(file, redisUrl)).toMatch(/\n\nThe one in use is not among them\.$/);
  });

  test('needs a target that lists tokens, and a password that is right', async () => {
    const { file, redisUrl } = await mintingInstallation('kind: basic,', { dialect: 'generic' }, 'generic');
    await expect(list(file, redisUrl)).rejects.toThrow('Target agileplace shows no list of its tokens');
    const other = await mintingInstallation();
    await expect(listTargetTokens(asking(other.file, other.redisUrl, 'canary-pw'))).rejects.toThrow(
      /^GET \/io\/auth\/token at agileplace: our credential was refused \(401\)$/,
    );
    await expect(list(other.file, '')).rejects.toThrow(/^This needs Redis/);
  });
});

describe('token revoke', () => {
  test('revokes what is named, and says so for each', async () => {
    const { sandbox, file, redisUrl, used, other } = await minted();
    const another = await mintByHand(sandbox);
    expect(await revoke(file, redisUrl, [other, another, other])).toBe(
      `${other}: revoked\n${another}: revoked`,
    );
    expect(await idsAt(sandbox)).toEqual([used.id]);
  });

  test('spares the one in use, and everything beside it, unless it is forced', async () => {
    const { sandbox, file, redisUrl, tokenFile, used, other } = await minted();
    await expect(revoke(file, redisUrl, [other, used.id])).rejects.toThrow(
      `Nothing was revoked: ${used.id} is in use.`,
    );
    expect(await idsAt(sandbox)).toEqual([used.id, other]);
    expect(await revoke(file, redisUrl, [used.id], true)).toBe(`${used.id}: revoked`);
    await mintTargetToken({ ...asking(file, redisUrl), rotate: false });
    expect(keptToken(tokenFile).token).not.toBe(used.token);
  });

  test('spares all where it cannot be told which is in use, unless it is forced', async () => {
    const { sandbox, file, redisUrl, tokenFile, other } = await minted();
    writeFileSync(tokenFile, 'by-hand');
    await expect(revoke(file, redisUrl, [other])).rejects.toThrow('which token is in use cannot be told');
    expect(await idsAt(sandbox)).toContain(other);
    expect(await revoke(file, redisUrl, [other], true)).toBe(`${other}: revoked`);
  });

  test('fails where the target has no such token or does not do it, and tells what was done', async () => {
    const { sandbox, file, redisUrl, other } = await minted();
    await expect(revoke(file, redisUrl, ['none', other])).rejects.toThrow(
      `none: the target has no such token\n${other}: revoked`,
    );
    const [a, b] = [await mintByHand(sandbox), await mintByHand(sandbox)];
    await sandbox.fault({ kind: 'status', status: 500, path: `${b}$` });
    await expect(revoke(file, redisUrl, [a, b])).rejects.toThrow(
      `${a}: revoked\n${b}: not revoked: DELETE /io/auth/token/ID at agileplace: answered 500`,
    );
  });
});

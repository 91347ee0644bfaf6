/** What a check says of 389 Directory Server, with and without its plug-ins. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkDirectory } from '../../../../app/sources/ldap/index.ts';
import { type Ds389, type Ds389Options, startDs389 } from '../../../support/ds389.ts';
import { checkOf, findingOf, troublesOf } from '../../checking/checks.ts';
import { addGroup, addPerson, dnOf } from '../ds389/news.ts';
import { optionsFor } from '../invented.ts';

async function started(options: Ds389Options): Promise<Ds389> {
  const directory = await startDs389(options);
  for (const uid of ['ada', 'bea']) await addPerson(directory, uid);
  await addGroup(directory, 'team', [dnOf('ada')]);
  return directory;
}

describe('without plug-ins', () => {
  let directory: Ds389;
  beforeAll(async () => {
    directory = await started({});
  });
  afterAll(() => directory.stop());

  test('stamps are followed, and what that costs is told', async () => {
    const report = await checkDirectory(optionsFor(directory), checkOf());
    expect(troublesOf(report)).toEqual([
      'lacking not by retro-changelog: the server’s Retro Changelog Plugin is off',
    ]);
    expect(findingOf(report, 'not by retro-changelog')?.advice).toContain(
      'deletions and moves away show only where everybody is read',
    );
  });

  test('O-05: an account that may look at too few entries cannot read everybody', async () => {
    await directory.modify(directory.reader.dn, {
      add: { objectClass: 'extensibleObject', nsLookThroughLimit: '1' },
    });
    const report = await checkDirectory(optionsFor(directory), checkOf());
    expect(findingOf(report, 'read of everybody')).toMatchObject({
      verdict: 'wrong',
      shows: expect.stringContaining('the server stopped at an administrative limit'),
    });
  });
});

test('with the retro changelog: all is well', async () => {
  const directory = await started({ retroChangelog: true });
  onTestFinished(() => directory.stop());
  const report = await checkDirectory(optionsFor(directory), checkOf({ pushes: true }));
  expect(troublesOf(report)).toEqual([]);
  expect(findingOf(report, 'kind')?.shows).toMatch(/^389 Directory Server \(389 Project 389-Directory\/2\./);
  expect(findingOf(report, 'we are')).toMatchObject({ verdict: 'good' });
  expect(findingOf(report, 'changes are followed by')?.shows).toBe('retro-changelog');
  expect(findingOf(report, 'push')).toMatchObject({ verdict: 'good', shows: 'persistent-search' });
});

test('a changelog that the account may not read is told as such', async () => {
  const directory = await started({ retroChangelog: true, changelogReadable: false });
  onTestFinished(() => directory.stop());
  const report = await checkDirectory(optionsFor(directory), checkOf());
  expect(troublesOf(report)).toEqual([
    'lacking not by retro-changelog: cn=reader,dc=example,dc=test may not read cn=changelog',
  ]);
});

/** What somebody may deliver who has a password for the SFTP server, and means harm: it costs them their file. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import { newestFile } from '../../../app/sources/file/locate.ts';
import { openFile, scan } from '../../../app/sources/file/scan.ts';
import { inbox, never, optionsFor, sourceFor, tell } from './delivered.ts';

const TWO = 'id,sn\n1,Byron\n2,Hopper\n';

describe('in the place of a file', () => {
  test('a pipe is none, and one that is put there at the last moment is not waited for', async () => {
    const box = inbox();
    execFileSync('mkfifo', [box.at('people.csv')]);
    await expect(tell(sourceFor(box.at('people.csv')))).rejects.toThrow('is neither a file nor a folder');
    await expect(tell(sourceFor(box.at('people*')))).rejects.toThrow('no file matches');

    await box.deliver('late.csv', TWO);
    const options = optionsFor(box.at('late.csv'));
    const located = await newestFile(options);
    await rm(box.at('late.csv'));
    execFileSync('mkfifo', [box.at('late.csv')]);
    const file = await openFile(located, 'hr');
    const read = async () => {
      for await (const item of scan(file, options, never)) throw new Error(item.kind);
    };
    await expect(read()).rejects.toThrow(SourceUnavailable);
    await file.handle.close();
  });

  test('a device is never read', async () => {
    const box = inbox();
    await symlink('/dev/zero', box.at('people.csv'));
    await expect(tell(sourceFor(box.at('people.csv')))).rejects.toThrow('is neither a file nor a folder');
  });
});

describe('in the place of a digest', () => {
  test.each([
    ['a device', (path: string) => symlink('/dev/zero', path)],
    ['a pipe', async (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdir(path)],
  ])('%s fails the read and is not read itself', async (_, put) => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    await put(box.at('people.csv.sha256'));
    await expect(tell(sourceFor(box.at('people.csv'), { companion: 'sha256' }))).rejects.toThrow(
      `source hr: ${box.at('people.csv.sha256')} is not a file`,
    );
  });

  test('a file of any size is read no further than a digest goes', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    await box.write('people.csv.sha256', '');
    await truncate(box.at('people.csv.sha256'), 8 * 1_073_741_824);
    const { end } = await tell(sourceFor(box.at('people.csv'), { companion: 'sha256' }));
    expect(end.notices).toEqual(['people.csv waits for a SHA-256 in people.csv.sha256']);
  });
});

describe('that takes long to look at', () => {
  test('a name that a pattern nearly fits', async () => {
    const box = inbox();
    const pattern = '*-*-*-*-*-*-*-*.csv';
    await box.write(`${'-'.repeat(250)}.txt`, TWO);
    await expect(tell(sourceFor(box.at(pattern)))).rejects.toThrow('no file matches');
    await box.write('a-b-c-d-e-f-g-*.csv', TWO);
    expect(Object.keys((await tell(sourceFor(box.at(pattern)))).people)).toEqual(['1', '2']);
  });

  test('as many headings as a row can hold', async () => {
    const box = inbox();
    const headings = Array.from({ length: 150_000 }, (_, index) => `h${index.toString(36)}`);
    await box.deliver('people.csv', `id,sn,${headings.join(',')}\n1,Byron\n`);
    const { rejected } = await tell(sourceFor(box.at('people.csv')));
    expect(rejected).toEqual(['people.csv line 2']);
  });

  test('an entry of very many very short lines', async () => {
    const box = inbox();
    await box.deliver('people.ldif', `dn: uid=a\n${'a:\n'.repeat(1_000_001)}\n`);
    const { end } = await tell(sourceFor(box.at('people.ldif')));
    expect(end.problems).toEqual(['people.ldif the entry at line 1 has more than a million lines']);
  });

  test.each(['', '!'])('a photograph of 12 MiB, also a damaged one', async (damage) => {
    const box = inbox();
    const photograph = Buffer.alloc(9 * 1_048_576, 'x').toString('base64') + damage;
    const entry = `dn: uid=ada\nobjectClass: inetOrgPerson\nentryUUID: a1b2c3d4-0000-4000-8000-000000000001\nsn: Ada\n`;
    await box.deliver('people.ldif', `${entry}jpegPhoto:: ${photograph}\n\n`);
    const { people, end } = await tell(sourceFor(box.at('people.ldif')));
    expect([Object.keys(people).length, end.complete]).toEqual(damage === '' ? [1, true] : [0, false]);
  });
});

import { mkdir, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import { cannotUse } from '../../../app/sources/file/locate.ts';
import { CSV, inbox, optionsFor, sourceFor, tell } from './delivered.ts';

const ROWS = (...ids: readonly number[]) => `id,sn\n${ids.map((id) => `${id},x\n`).join('')}`;

async function refusal(path: string, change = {}): Promise<string> {
  const failure: unknown = await tell(sourceFor(path, change)).catch((error: unknown) => error);
  if (!(failure instanceof SourceUnavailable)) throw new Error('it was read');
  return failure.message;
}

describe('a pattern or a folder', () => {
  test('stands for the file that was modified last, whatever its name', async () => {
    const box = inbox();
    await box.write('people-2.csv', ROWS(2));
    await box.write('people-10.csv', ROWS(10));
    await box.write('other.csv', ROWS(99));
    await box.date('people-2.csv', '2026-03-02T00:00:00Z');
    await box.date('people-10.csv', '2026-03-01T00:00:00Z');
    await box.date('other.csv', '2026-03-03T00:00:00Z');
    expect(Object.keys((await tell(sourceFor(box.at('people-*.csv')))).people)).toEqual(['2']);
    expect(Object.keys((await tell(sourceFor(box.at('people-??.csv')))).people)).toEqual(['10']);
    expect(Object.keys((await tell(sourceFor(box.folder))).people)).toEqual(['99']);
  });

  test('or for the last one by name, numbers by their size', async () => {
    const box = inbox();
    for (const number of [10, 9, 100]) await box.write(`people-${number}.csv`, ROWS(number));
    await box.date('people-9.csv', '2027-03-02T00:00:00Z');
    const { people } = await tell(sourceFor(box.at('people-*.csv'), { newest: 'name' }));
    expect(Object.keys(people)).toEqual(['100']);
  });

  test('never for an upload under way, a hidden file, a folder, a link to nowhere or what stands beside a file', async () => {
    const box = inbox();
    await box.write('people.csv', ROWS(1));
    await box.date('people.csv', '2026-03-02T00:00:00Z');
    for (const name of ['people.csv.filepart', 'people.csv.done', '.people.csv', 'people.csv~'])
      await box.write(name, ROWS(2));
    await mkdir(box.at('people-new.csv'));
    await symlink(box.at('nowhere'), box.at('people-link.csv'));
    for (const path of [box.at('*'), box.at('people*'), box.folder])
      expect(Object.keys((await tell(sourceFor(path))).people)).toEqual(['1']);
  });

  test('that matches nothing is no empty directory: the read fails', async () => {
    const box = inbox();
    expect(await refusal(box.at('people-*.csv'))).toBe(
      `source hr: no file matches ${box.at('people-*.csv')}`,
    );
    expect(await refusal(box.folder)).toBe(`source hr: no file matches ${box.folder}`);
    expect(await refusal(box.at('missing/people-*.csv'))).toBe(
      `source hr: ${box.at('missing')} does not exist`,
    );
  });

  test('looks into its own folder alone, whatever the signs of a pattern would mean elsewhere', async () => {
    const box = inbox();
    await box.write('a(b)+.csv', ROWS(1));
    await box.write('aXb.csv', ROWS(2));
    expect(Object.keys((await tell(sourceFor(box.at('a(b)?.csv')))).people)).toEqual(['1']);
  });
});

describe('one file', () => {
  test('may be a symbolic link', async () => {
    const box = inbox();
    await box.write('of-today.csv', ROWS(1));
    await symlink(box.at('of-today.csv'), box.at('people.csv'));
    expect(Object.keys((await tell(sourceFor(box.at('people.csv')))).people)).toEqual(['1']);
  });

  test('that does not exist, or is none, says so', async () => {
    const box = inbox();
    expect(await refusal(box.at('people.csv'))).toBe(`source hr: ${box.at('people.csv')} does not exist`);
    expect(await refusal('/dev/null', { format: CSV })).toBe(
      'source hr: /dev/null is neither a file nor a folder',
    );
    await symlink(box.at('b.csv'), box.at('a.csv'));
    await symlink(box.at('a.csv'), box.at('b.csv'));
    expect(await refusal(box.at('a.csv'))).toBe(
      `source hr: ${box.at('a.csv')} is a symbolic link that leads to itself`,
    );
  });

  test('that may not be read says who may mend it', () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(cannotUse('hr', '/srv/people.csv', denied).message).toBe(
      'source hr: /srv/people.csv may not be read by this user: grant it, or run Landbridge as another one',
    );
  });
});

test('an older file is not read when the newer one was taken away: nobody who was hired since is a leaver', async () => {
  const box = inbox();
  await box.write('people-1.csv', ROWS(1));
  await box.date('people-1.csv', '2026-03-01T00:00:00Z');
  await box.write('people-2.csv', ROWS(1, 2));
  const options = optionsFor(box.at('people-*.csv'));
  const source = sourceFor(options.path);
  const { end } = await tell(source);
  await rm(box.at('people-2.csv'));
  for (const everyone of [false, true]) {
    const after = await tell(source, end.watermark, everyone);
    expect(after.people).toEqual({});
    expect(after.end).toMatchObject({ names: 'changes', complete: true, watermark: end.watermark });
    expect(after.end.notices).toEqual(['people-2.csv was read last; people-1.csv is older and is not read']);
  }
  await box.write('people-3.csv', ROWS(2));
  expect(Object.keys((await tell(source, end.watermark)).people)).toEqual(['2']);
});

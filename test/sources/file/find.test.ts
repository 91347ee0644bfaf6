import { describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import type { StableId } from '../../../app/person/anchor.ts';
import type { Source } from '../../../app/sources/source.ts';
import { CSV, inbox, never, sourceFor, tell } from './delivered.ts';

async function where(source: Source, ...ids: readonly string[]) {
  const answers: Record<string, string> = {};
  for await (const [id, found] of source.find(ids as readonly StableId[], never)) {
    answers[id] = found.kind === 'cannot-tell' ? found.why : found.kind;
  }
  return answers;
}

describe('where somebody is now', () => {
  test('is in the file, among those who are not meant, or nowhere', async () => {
    const box = inbox();
    await box.write('people.csv', 'id,sn,status\n1,Byron,active\n2,Hopper,left\n');
    const source = sourceFor(box.at('people.csv'), { format: { ...CSV, where: { status: ['active'] } } });
    expect(await where(source, '1', '2', '3')).toEqual({ 1: 'in-scope', 2: 'out-of-scope', 3: 'gone' });
    for await (const [, found] of source.find(['1' as StableId], never)) {
      expect(found).toMatchObject({ kind: 'in-scope', entry: { attributes: { sn: ['Byron'] } } });
    }
    expect(await where(source)).toEqual({});
  });

  test('cannot be told by a file that is not whole, but for those who stand in it', async () => {
    const box = inbox();
    await box.write('people.csv', 'id,sn\n1,Byron\n2,Hopper\n2,Joan\n3,La');
    const source = sourceFor(box.at('people.csv'));
    const why = 'people.csv ends in the middle of line 5';
    expect(await where(source, '1', '2', '3', '4')).toEqual({
      1: 'in-scope',
      2: 'this id stands in the file more than once',
      3: why,
      4: why,
    });
  });

  test('cannot be told where there is no file, or one that is not ready', async () => {
    const box = inbox();
    await expect(where(sourceFor(box.at('people.csv')), '1')).rejects.toThrow(SourceUnavailable);
    await box.write('people.csv', 'id,sn\n1,Byron\n');
    await expect(where(sourceFor(box.at('people.csv'), { companion: 'done' }), '1')).rejects.toThrow(
      'source hr: people.csv waits for people.csv.done',
    );
    await box.write('people.csv.sha256', `${'0'.repeat(64)}\n`);
    await expect(where(sourceFor(box.at('people.csv'), { companion: 'sha256' }), '1')).rejects.toThrow(
      'source hr: people.csv does not have its digest',
    );
  });
});

describe('the groups that name somebody', () => {
  const format = { ...CSV, groups: { column: 'roles', separator: ';' } };
  const naming = async (source: Source, ...ids: readonly string[]) => {
    const { entries } = await tell(source);
    const people = entries.filter(({ stableId }) => ids.includes(stableId));
    const names: string[] = [];
    for await (const { name, members } of source.groupsNaming(people, never))
      names.push(`${name}: ${members}`);
    return names;
  };
  test('come with all their members', async () => {
    const box = inbox();
    await box.write('people.csv', 'id,roles\n1,staff;admins\n2,staff\n3,guests\n');
    const source = sourceFor(box.at('people.csv'), { format });
    expect(await naming(source, '1')).toEqual(['staff: id:1,id:2', 'admins: id:1']);
    expect(await naming(source)).toEqual([]);
  });
  test('cannot be told by a file that is not whole', async () => {
    const box = inbox();
    await box.write('people.csv', 'id,roles\n1,staff\n2,st');
    await expect(naming(sourceFor(box.at('people.csv'), { format }), '1')).rejects.toThrow(SourceUnavailable);
  });
});

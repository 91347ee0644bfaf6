import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileSourceOptions } from '../../../app/sources/file/index.ts';
import { CSV, inbox, sourceFor, tell } from './delivered.ts';

const box = inbox();

async function told(content: string | Buffer, change: Partial<FileSourceOptions> = {}) {
  await box.write('people.csv', content);
  return await tell(sourceFor(box.at('people.csv'), change));
}

describe('columns', () => {
  test('are attributes by their headings in lower case; blank cells are no values', async () => {
    const { people, end } = await told('ID,Mail,SN,Ignored\n1,ada@example.test,Byron,x\n2,  ,,x\n');
    expect(people).toEqual({ 1: { mail: ['ada@example.test'], sn: ['Byron'] }, 2: {} });
    expect(end).toMatchObject({ complete: true, problems: [], names: 'everyone', tracking: 'comparison' });
    expect(end.notices).toEqual(['people.csv was read (people: 2)']);
  });

  test('a heading with blanks and signs has _ in their place; a name of our own can be given instead', async () => {
    const { people } = await told('Employee No.,E-Mail (work),Last  name,1st\n7,a@example.test,Byron,x\n', {
      format: { ...CSV, id: 'employee no.', columns: { sn: 'LAST NAME' } },
      reads: ['e-mail_work', 'last_name', 'sn', '_1st'],
    });
    expect(people).toEqual({ 7: { 'e-mail_work': ['a@example.test'], sn: ['Byron'], _1st: ['x'] } });
  });

  test('with several values in a cell are split, and each value is trimmed', async () => {
    const { people } = await told('id,mail\n1, a@example.test ; ;b@example.test;\n2,c@example.test\n', {
      format: { ...CSV, lists: { mail: ';' } },
    });
    expect(people).toEqual({
      1: { mail: ['a@example.test', 'b@example.test'] },
      2: { mail: ['c@example.test'] },
    });
  });

  test('that hold credentials are never read, whatever a mapping reads', async () => {
    const { people } = await told('id,mail,title\n1,a@example.test,x\n', { reads: ['mail'] });
    expect(people).toEqual({ 1: { mail: ['a@example.test'] } });
  });

  test('rows that are not meant are not read, whatever the case of their values', async () => {
    const { people, end } = await told(
      'id,Status,sn\n1,Active,Byron\n2,left,Hopper\n3, ACTIVE ,Joan\n,left,Nobody\n',
      { format: { ...CSV, where: { status: ['active'] } }, reads: ['sn'] },
    );
    expect(people).toEqual({ 1: { sn: ['Byron'] }, 3: { sn: ['Joan'] } });
    expect(end.complete).toBe(true);
  });

  test('groups are made of what the rows say, one for all spellings, and name their members by id', async () => {
    const { groups, entries, end } = await told('id,sn,roles\n1,A,Staff | Admins\n2,B,staff\n3,C,\n', {
      format: { ...CSV, groups: { column: 'Roles', separator: '|' } },
    });
    expect(groups).toEqual({ Staff: ['id:1', 'id:2'], Admins: ['id:1'] });
    expect(entries.map(({ memberNames }) => memberNames)).toEqual([['id:1'], ['id:2'], ['id:3']]);
    expect(end.complete).toBe(true);
  });
});

describe('text', () => {
  const NAMES = 'id,sn\n1,Müller\n2,Žižek\n';
  const expected = { 1: { sn: ['Müller'] }, 2: { sn: ['Žižek'] } };

  test('UTF-8 with a byte order mark', async () => {
    expect((await told(`\ufeff${NAMES}`)).people).toEqual(expected);
  });
  test('UTF-16 with a byte order mark, and without', async () => {
    const encoding = 'utf-16le';
    expect((await told(Buffer.from(`\ufeff${NAMES}`, 'utf16le'), { encoding })).people).toEqual(expected);
    expect((await told(Buffer.from(NAMES, 'utf16le'), { encoding })).people).toEqual(expected);
  });
  test('Windows-1252', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,sn\n1,M'),
      Buffer.from([0xfc, 0x20, 0x80]),
      Buffer.from('\n'),
    ]);
    expect((await told(bytes, { encoding: 'windows-1252' })).people).toEqual({ 1: { sn: ['Mü €'] } });
  });
  test('UTF-16 where UTF-8 was expected is nobody, and not complete', async () => {
    const { people, end } = await told(Buffer.from(`\ufeff${NAMES}`, 'utf16le'));
    expect(people).toEqual({});
    expect(end.problems).toEqual(['people.csv begins as utf-16le text does, but encoding is utf-8']);
  });
  test('bytes that are no UTF-8 cost their row, and the file is not complete', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,sn\n1,M'),
      Buffer.from([0xfc]),
      Buffer.from('ller\n2,Joan\n'),
    ]);
    const { people, rejected, end } = await told(bytes);
    expect(people).toEqual({ 2: { sn: ['Joan'] } });
    expect(rejected).toEqual(['people.csv line 2']);
    expect(end.problems).toEqual(['people.csv line 2 holds characters that are not utf-8']);
  });
});

describe('layout', () => {
  test('semicolons, tabs, no quotes, line breaks of all kinds, empty lines, rows of blanks', async () => {
    const format = { ...CSV, delimiter: ';' };
    const { people, end } = await told('id;sn\r\n1;"By;ron"\n\n2;"Hop\r\nper"\r\n;  \n3;"say ""Ada"""\r\n', {
      format,
    });
    expect(people).toEqual({ 1: { sn: ['By;ron'] }, 2: { sn: ['Hop\r\nper'] }, 3: { sn: ['say "Ada"'] } });
    expect(end.complete).toBe(true);
    const tabs = await told('id\tsn\n1\t"Byron\n', { format: { ...CSV, delimiter: '\t', quote: null } });
    expect(tabs.people).toEqual({ 1: { sn: ['"Byron'] } });
  });

  test('whatever stands in a cell comes out as it was, in pieces of any size (property)', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '😀'),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
        const lines = rows.map(([sn, title], index) => `${index},${quoted(sn)},${quoted(title)}`);
        const { people, end } = await told(`${['id,sn,title', ...lines].join('\r\n')}\r\n`);
        const expected = rows.map(([sn, title], index) => {
          const attributes = { ...(sn.trim() && { sn: [sn] }), ...(title.trim() && { title: [title] }) };
          return [String(index), attributes];
        });
        expect(people).toEqual(Object.fromEntries(expected));
        expect(end.complete).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is not right is named by its line, and then nobody counts as gone', () => {
  const CASES: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['an empty file', '', [], ['is empty: not even headings stand in it']],
    [
      'a row with too many columns',
      'id,sn\n1,A\n2,B,x\n3,C\n',
      ['1', '3'],
      ['line 3 has 3 instead of 2 columns'],
    ],
    ['a row with too few columns', 'id,sn\n1\n3,C\n', ['3'], ['line 2 has 1 instead of 2 columns']],
    ['a row without an id', 'id,sn\n1,A\n ,B\n', ['1'], ['line 3 has no usable id']],
    [
      'an id twice: both are nobody',
      'id,sn\n1,A\n2,B\n1,C\n',
      ['2'],
      ['has ids more than once (1), at lines 4'],
    ],
    ['a missing column', 'nr,sn\n1,A\n', [], ['has no column "id", which csv.id names']],
    ['a heading twice', 'id,sn,SN\n1,A,B\n', [], ['has columns 2 and 3 under the same heading']],
    [
      'a quote that is not closed',
      'id,sn\n1,A\n2,"B\n3,C\n',
      [],
      ['has a row behind line 2 whose quote is never closed'],
    ],
    [
      'text behind a quote',
      'id,sn\n1,A\n2,"B"x\n3,C\n',
      [],
      ['has a row behind line 2 with text behind a closing quote'],
    ],
    [
      'a quote in a cell',
      'id,sn\n1,A\n2,B "b"\n3,C\n',
      [],
      ['has a row behind line 2 with a quote within a cell that is not quoted'],
    ],
    ['a last row without its line break', 'id,sn\n1,A\n2,Hop', ['1'], ['ends in the middle of line 3']],
    ['headings without a line break', 'id,sn', [], ['ends in the middle of line 1']],
  ];
  test.each(CASES)('%s', async (_name, content, ids, problems) => {
    const { people, end } = await told(content);
    expect(Object.keys(people)).toEqual(ids);
    expect(end.complete).toBe(false);
    expect(end.problems).toEqual(problems.map((problem) => `people.csv ${problem}`));
  });

  test('lines are counted as an editor counts them, whatever stands in the cells', async () => {
    const { rejected } = await told('id,sn\r\n1,"a\r\nb\r\nc"\r\n\r\n2\r\n3,"d\ne"\r\n4\r\n');
    expect(rejected).toEqual(['people.csv line 6', 'people.csv line 9']);
  });

  test('a row without end is not kept in memory', async () => {
    const { end } = await told(`id,sn\n1,"${'x'.repeat(1_200_000)}\n`);
    expect(end.problems).toEqual(['people.csv has a row behind line 1 of more than 1 MiB']);
  });

  test('a mistake in the middle of a large file is told once, and not as if somebody had written to it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},Byron\n`);
    const { end } = await told(`id,sn\n${rows.join('')}x,"a"b\n${rows.join('')}`);
    expect(end.problems).toEqual(['people.csv has a row behind line 20001 with text behind a closing quote']);
  });

  test('no value stands in a message', async () => {
    const { end, rejected } = await told('id,sn\ncanary-1,canary-2,canary-3\ncanary-4,"canary-5"canary-6\n');
    expect(JSON.stringify([end, rejected])).not.toContain('canary');
  });

  test('of many problems the first are told, and how many more there are', async () => {
    const { end } = await told(`id,sn\n${'1\n'.repeat(15)}`);
    expect(end.problems).toHaveLength(11);
    expect(end.problems.at(-1)).toBe('people.csv: 5 more of the kind');
  });

  test('nothing but headings is complete and names nobody: the guard of the run decides (O-05)', async () => {
    const { people, end } = await told('id,sn\n');
    expect([people, end.complete]).toEqual([{}, true]);
  });
});

describe('a trailer', () => {
  const format = { ...CSV, trailer: '#TRAILER' };
  const WHOLE = 'id,sn\n1,Byron\n2,"Hop\nper"\n3,\n#TRAILER,3\n';

  test('that counts the rows makes the file complete, also without a last line break', async () => {
    expect((await told(WHOLE, { format })).end.problems).toEqual([]);
    expect((await told(WHOLE.trimEnd(), { format })).end.problems).toEqual([]);
    expect(Object.keys((await told(WHOLE, { format })).people)).toEqual(['1', '2', '3']);
  });
  test('that is wrong, missing or not the last row', async () => {
    const problems = async (content: string) => (await told(content, { format })).end.problems;
    expect(await problems('id,sn\n1,A\n#TRAILER,2\n')).toEqual([
      'people.csv has another number of rows (1) than its trailer says (2)',
    ]);
    expect(await problems('id,sn\n1,A\n#TRAILER,many\n')).toEqual([
      'people.csv has a trailer without a count',
    ]);
    expect(await problems('id,sn\n1,A\n')).toEqual(['people.csv has no trailer: it ends too early']);
    expect(await problems('id,sn\n1,A\n#TRAILER,1\n2,B\n')).toEqual([
      'people.csv line 4 stands behind the trailer',
    ]);
  });
  test('shows every cut: no beginning of the file is complete, and nobody in it is another than they are', async () => {
    const people = (await told(WHOLE, { format })).people;
    for (let length = 0; length < WHOLE.trimEnd().length; length += 1) {
      const cut = await told(WHOLE.slice(0, length), { format });
      expect(cut.end.complete).toBe(false);
      for (const [id, attributes] of Object.entries(cut.people)) expect(attributes).toEqual(people[id]);
    }
  });
});

test('without a trailer, a cut within a row shows, and nobody is told of by half a row (O-05)', async () => {
  const whole = 'id,sn\n1,Byron\n2,Hopper\n3,Joan\n';
  const people = (await told(whole)).people;
  for (let length = 0; length < whole.length; length += 1) {
    const cut = await told(whole.slice(0, length));
    expect(cut.end.complete).toBe(length > 0 && whole[length - 1] === '\n');
    for (const [id, attributes] of Object.entries(cut.people)) expect(attributes).toEqual(people[id]);
  }
});

/** What a check says of a file: which one it is, what is wrong with it, and who stands in it. */
import { expect, test } from 'vitest';
import { checkFile } from '../../../app/sources/file/index.ts';
import { checkOf, findingOf, linesOf, troublesOf } from '../checking/checks.ts';
import { CSV, inbox, optionsFor } from './delivered.ts';

const box = inbox();
const check = (change: Parameters<typeof checkOf>[0] = {}) => checkOf({ mapped: ['mail', 'sn'], ...change });
const HEAD = 'id,mail,sn,givenName,title,status,teams\n';
const FORMAT = { ...CSV, lists: { teams: ';' }, groups: { column: 'teams', separator: ';' } };

test('the newest file of a pattern, its age, and what stands in it', async () => {
  await box.deliver('people-1.csv', `${HEAD}0,old@example.test,Old,,,,\n`);
  await box.deliver(
    'people-2.csv',
    `${HEAD}1,ada@example.test,Byron,,,on,red;blue\n2,bea@example.test,Lee,,,on,red\n`,
  );
  await box.date('people-1.csv', '2026-03-01T12:00:00Z');
  await box.date('people-2.csv', '2026-03-01T13:00:00Z');
  const now = () => new Date('2026-03-04T14:00:00Z');
  const options = optionsFor(box.at('people-*.csv'), { format: FORMAT, now });
  const mail: string[] = [];
  const report = await checkFile(
    options,
    check({
      now,
      pushes: true,
      onPerson: ({ attributes }, groups) =>
        mail.push(`${attributes['mail']?.[0]} ${groups.map(({ name }) => name).join(' ')}`),
    }),
  );
  expect(linesOf(report)).toEqual([
    `told newest file: ${box.at('people-2.csv')}, 111 bytes, 3 days old`,
    'good read of everybody: complete',
    'good push: the folder is listened to',
    'good people: 2 people',
    'good attribute mail: on 2 of 2',
    'good attribute sn: on 2 of 2',
    'told attribute givenName: on nobody',
    'told attribute title: on nobody',
    'good attribute status: on 2 of 2',
    'good groups: 2, with up to 2 members',
  ]);
  expect(mail).toEqual(['ada@example.test blue red', 'bea@example.test red']);
  expect(report.sample?.groups).toBe(2);
  expect(JSON.stringify(report)).not.toContain('ada@example.test');
});

test('lines that cannot be used are named, and make the file wrong', async () => {
  await box.deliver(
    'bad.csv',
    `${HEAD}1,ada@example.test,Byron,,,,\n,nobody@example.test,X,,,,\n3,c@example.test,Y\n`,
  );
  const report = await checkFile(optionsFor(box.at('bad.csv'), { format: FORMAT }), check());
  expect(findingOf(report, 'lines without use')?.shows).toBe('bad.csv line 3, bad.csv line 4');
  expect(
    troublesOf(report).filter((line) => line.startsWith('wrong read of everybody: bad.csv line')),
  ).toHaveLength(2);
  expect(JSON.stringify(report)).not.toContain('nobody@example.test');
});

test('a file that is not ready, or not there, breaks the check off with the reason', async () => {
  await box.deliver('waiting.csv', HEAD);
  const waiting = await checkFile(optionsFor(box.at('waiting.csv'), { companion: 'done' }), check());
  expect(waiting.brokenOff).toBe('source hr: waiting.csv waits for waiting.csv.done');
  expect(waiting.findings).toHaveLength(1);
  const missing = await checkFile(optionsFor(box.at('missing.csv')), check());
  expect(missing.brokenOff).toBe(`source hr: ${box.at('missing.csv')} does not exist`);
});

test('somebody is found by the id or any value; two who fit are none', async () => {
  await box.deliver('who.csv', `${HEAD}1,ada@example.test,Byron,,,,\n2,bea@example.test,Byron,,,,\n`);
  const options = optionsFor(box.at('who.csv'));
  const shown = async (person: string) => await checkFile(options, check({ person, showValues: true }));
  expect(
    (await shown('BEA@example.test ')).sample?.attributes.find(({ name }) => name === 'mail')?.values,
  ).toEqual(['bea@example.test']);
  expect(findingOf(await shown('1'), 'person')?.verdict).toBe('good');
  expect(findingOf(await shown('Byron'), 'person')?.shows).toBe('several fit');
  expect(findingOf(await shown('cy'), 'person')?.shows).toBe('not found');
});

/** Sources that are only joined: whether they exist, what they are asked for, and that they are not idle. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadInstallation } from '../app/installation.ts';
import { readsOf } from '../app/source-reads.ts';
import { temporaryFolder } from './cli/temporary-folder.ts';
import { ENV, RIGHT } from './config/example.ts';
import { written } from './mapping/people.ts';

function installationWith(before: string, hr: string) {
  const folder = temporaryFolder();
  const config = RIGHT.replace('sources:\n', `sources:\n${hr}`);
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'landbridge.yaml'), config);
  const attributes = '  title: \'= e.title\'\n  nickName: \'= from("hr", "knownAs")\'';
  writeFileSync(join(folder, 'mappings/agileplace.yaml'), written({ reads: null, before, attributes }));
  return loadInstallation(join(folder, 'landbridge.yaml'), ENV);
}

test('a source that is only joined is not idle, and is asked for what is read of it', () => {
  const loaded = installationWith('join: { hr: { on: employeeNumber, to: id } }', '  hr: { kind: events }\n');
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const { mappings, warnings } = loaded.installation;
  expect(warnings.filter((line) => line.startsWith('source '))).toEqual([]);
  expect(readsOf('hr', mappings)).toEqual(['title', 'knownas', 'uid', 'mail']);
  expect(readsOf('corp', mappings)).toEqual(['title', 'employeenumber', 'uid', 'mail']);
});

test('a source that is joined and is not there is told with its place', () => {
  const loaded = installationWith('join: { hr: { on: employeeNumber, to: id } }', '');
  expect(loaded.ok ? [] : loaded.problems.map((line) => line.replaceAll(/\/\S*\//g, ''))).toEqual([
    'mappings/agileplace.yaml:6:9 join.hr: source hr is not in landbridge.yaml, which has corp. Rename one of them.',
  ]);
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScimTarget } from '../../app/scim/index.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import {
  aCall,
  connect,
  discovery,
  everybody,
  failing,
  groups,
  inBulk,
  mistaken,
  searching,
  users,
} from './scim-client-examples.ts';

const PAGE = readFileSync('docs/scim-client.md', 'utf8');

/** Code by what it says, whatever the indentation and the line breaks. */
function words(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim();
}

test('every example of docs/scim-client.md is one that is run here', () => {
  const run = words(readFileSync('test/docs/scim-client-examples.ts', 'utf8'));
  const blocks = [...PAGE.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => words(code));
  expect(blocks.length).toBeGreaterThan(8);
  expect(blocks.filter((code) => !run.includes(code))).toEqual([]);
});

describe('the examples of docs/scim-client.md', () => {
  const { call, listCall } = aCall();
  let sandbox: Sandbox;
  let target: ScimTarget;
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect: 'pingdirectory' });
    target = connect(sandbox.baseUrl, sandbox.token);
  });
  afterAll(async () => {
    await target.close();
    await sandbox.stop();
  });

  test('do what the page says', async () => {
    expect(await users(target, call)).toEqual(['ada', 'written', 'removed']);
    const seeded = await sandbox.seedAll([
      { userName: 'ada', name: { familyName: 'Lovelace' }, title: 'Analyst' },
      { userName: 'ben', name: { familyName: 'Lee' }, active: true },
    ]);
    const [ada = '', ben = ''] = seeded.map(({ id }) => id);
    expect(await searching(target, listCall)).toEqual(['ada']);
    expect(await groups(target, call, ada, ben)).toEqual(['done', ben]);
    expect(await inBulk(target, listCall)).toEqual(['0: 201', '1: 201', '2: 201']);
    expect(await everybody(target, listCall)).toEqual(['ada', 'ben', 'cleo', 'dan']);
    expect(await failing(target, call)).toBe('found');
    expect((await discovery(target, call))[0]).toBe('PATCH: true');
  });

  test('a mistake in a filter is told as the page shows it', () => {
    expect(PAGE).toContain(`\`${mistaken()}\``);
  });
});

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import type { PlanFile } from '../../app/plan/plan-file.ts';
import { planningWorld } from './planning-world.ts';

const linesOf = (text: string) => text.split('\n');
const itemsOf = ({ items }: PlanFile) => items.map(({ action, person }) => `${action} ${person}`).sort();

describe('landbridge plan', () => {
  test('shows everybody who needs something, what it costs, and writes nothing', async () => {
    const world = await planningWorld();
    world.people([{ id: '1', sn: 'Lovelace', title: 'Countess' }, { id: '2' }]);
    const { code, text } = await world.plan();
    expect(linesOf(text)).toEqual([
      'source hr: read just now',
      '',
      '+ hr:1  1@example.test',
      '    create: new in scope',
      '    active: true',
      '    externalId: "1"',
      '    name.familyName: "Lovelace"',
      '    title: "Countess"',
      '    userName: "1@example.test"',
      '+ hr:2  2@example.test',
      '    create: new in scope',
      '    active: true',
      '    externalId: "2"',
      '    name.familyName: "Byron"',
      '    userName: "2@example.test"',
      'crm: 2 to create, 0 as wanted',
      "  6 requests, at least 1 s (1000000 requests a minute, as the target's answers say)",
    ]);
    expect(code).toBe(2);
    expect((await world.sandbox.journal()).map(({ method }) => method)).toEqual(['GET']);
  });

  test('a change, a leaver, an account to adopt and one that is two people’s, each with its sign', async () => {
    const world = await planningWorld({ unique: false });
    const before = [{ id: '1', title: 'Countess' }, { id: '2' }];
    world.people(before);
    await world.apply((await world.planFile()).path);
    const { id } = await world.sandbox.seed({
      userName: '3@EXAMPLE.test',
      active: true,
      name: { familyName: 'Old' },
    });
    await world.sandbox.seedAll([
      { userName: '4@example.test', active: true },
      { userName: '4@EXAMPLE.test', active: true },
    ]);
    world.people([{ id: '1', title: 'Dowager' }, { id: '3' }, { id: '4' }]);
    const { text } = await world.plan({ fresh: true, target: 'crm', source: 'hr' });
    const ids = new Map(
      (await world.sandbox.accounts()).map((account) => [account.user['externalId'], account.id]),
    );
    const blocks = text
      .split(/\n(?=[+~\-!=] |crm)/)
      .slice(1)
      .sort();
    expect(blocks).toEqual([
      '! hr:4  4@example.test\n    hold: ambiguous: 2 accounts have this userName',
      `- hr:2  2@example.test  (id ${ids.get('2')})\n    deactivate: deleted\n    active: true → false`,
      `= hr:3  3@example.test  (id ${id})\n    adopt: found by userName\n    externalId: nothing → "3"\n    name.familyName: "Old" → "Byron"\n    userName: "3@EXAMPLE.test" → "3@example.test"`,
      [
        'crm: 1 to adopt, 1 to change, 1 to switch off, 1 to look at, 0 as wanted',
        "  2 accounts there are nobody's; they are never touched",
        "  7 requests, at least 1 s (1000000 requests a minute, as the target's answers say)",
      ].join('\n'),
      `~ hr:1  1@example.test  (id ${ids.get('1')})\n    update: changed\n    title: "Countess" → "Dowager"`,
    ]);
  });

  test('whoever cannot be mapped is shown with the reason, also where they never had an account', async () => {
    const world = await planningWorld();
    world.people([{ id: '1', mail: ' ' }]);
    const { code, text } = await world.plan();
    expect(linesOf(text).slice(2)).toEqual([
      '! hr:1',
      '    failed: cannot be mapped',
      expect.stringMatching(/^ {4}\S+:\d+:\d+ userName: no-userName$/),
      'crm: 1 that cannot be mapped, 0 as wanted',
    ]);
    expect(code).toBe(0);
    expect((await world.adopt()).text).toContain('userName: no-userName');
  });

  test('nothing to do: 0, and whoever was asked for is told why', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }]);
    await world.apply((await world.planFile()).path);
    const all = await world.plan();
    expect([all.code, linesOf(all.text).at(-1)]).toEqual([0, 'crm: 1 as wanted']);
    const one = await world.plan({ people: ['1@example.test'] });
    const [{ id } = { id: '' }] = await world.sandbox.accounts();
    expect(id).not.toBe('');
    expect([one.code, linesOf(one.text).slice(2)]).toEqual([
      0,
      ['  hr:1  1@example.test', '    none: nothing differs', 'crm: 1 as wanted'],
    ]);
  });

  test('only some: by name, group or filter; a few are asked for, and nobody is listed', async () => {
    const world = await planningWorld();
    world.people([
      { id: '1', title: 'Engineer', groups: 'Staff' },
      { id: '2', title: 'Clerk', groups: 'Staff;Board' },
      { id: '3', title: 'Engineer' },
    ]);
    const asked = async (more: object) => {
      const { text } = await world.plan({ json: true, ...more });
      return itemsOf(JSON.parse(text) as PlanFile);
    };
    expect(await asked({ people: ['hr:1', '3'] })).toEqual(['create hr:1', 'create hr:3']);
    expect((await world.sandbox.journal()).every(({ path }) => path.includes('filter='))).toBe(true);
    expect(await asked({ group: 'staff' })).toEqual(['create hr:1', 'create hr:2']);
    expect(await asked({ group: 'Staff', people: ['2', '3'] })).toEqual(['create hr:2']);
    expect(await asked({ filter: 'title eq "engineer" and userName sw "3"' })).toEqual(['create hr:3']);
  });

  test('who or what cannot be told is said so, and how to mend it', async () => {
    const world = await planningWorld();
    world.people([
      { id: '1', mail: 'both@example.test' },
      { id: '2', mail: 'both@example.test' },
    ]);
    const refused = async (more: object) => await world.plan(more).catch((error: Error) => error.message);
    expect(await refused({ people: ['nobody'] })).toMatch(
      /^Nobody is known as nobody\. Name them by source:id/,
    );
    expect(await refused({ people: ['both@example.test'] })).toBe(
      'both@example.test names several people. Name one of: hr:1, hr:2.',
    );
    expect(await refused({ group: 'Staff' })).toMatch(/^No group is known as Staff\./);
    expect(await refused({ source: 'corp' })).toBe('There is no source corp. Known: hr.');
    expect(await refused({ target: 'erp' })).toBe('There is no target erp. Known: crm.');
    expect(await refused({ filter: 'title ne "x"' })).toMatch(/^--filter: /);
    expect(await refused({ out: join(world.folder, 'no-such', 'plan.json') })).toMatch(
      /cannot be written to .* \(ENOENT\)/,
    );
  });

  test('a plan for one of two sources takes nobody’s account of the other for a stranger’s', async () => {
    const world = await planningWorld();
    const [config, mapping] = ['landbridge.yaml', 'mapping.yaml'].map((name) => join(world.folder, name));
    const edit = (path = '', edited = (text: string) => text, to = path) =>
      writeFileSync(to, edited(readFileSync(path, 'utf8')));
    edit(mapping, (text) => text.replace('source: hr', 'source: guests'), join(world.folder, 'guests.yaml'));
    const guests = `sources:
  guests:
    kind: file
    path: ${join(world.folder, 'guests.csv')}
    complete: { settle: 100ms }
    csv: { id: Id, groups: { column: Groups } }
`;
    edit(config, (text) =>
      text.replace('sources:\n', guests).replace('[mapping.yaml]', '[mapping.yaml, guests.yaml]'),
    );
    writeFileSync(
      join(world.folder, 'guests.csv'),
      'Id,mail,sn,title,manager,Groups,pin\n9,9@example.test,Guest,,,,\n',
    );
    world.people([{ id: '1' }]);
    await world.apply((await world.planFile()).path);
    await world.sandbox.seed({ userName: 'svc-backup', active: true });
    const unknown = async (more: object) =>
      (JSON.parse((await world.plan({ json: true, ...more })).text) as PlanFile).targets[0]?.unknownAccounts;
    expect([await unknown({}), await unknown({ source: 'hr' })]).toEqual([1, null]);
  });

  test('nobody else may read a plan, also where a file of its name was there before', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }]);
    const out = join(world.folder, 'old.json');
    writeFileSync(out, 'something longer than nothing', { mode: 0o644 });
    await world.plan({ out });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(out, 'utf8')).items).toHaveLength(1);
  });

  test('a plan learns from a source, and makes nobody due', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }]);
    await world.plan();
    const redis = new Redis(world.redisUrl);
    const keys = await redis.keys('*');
    redis.disconnect();
    expect(keys.filter((key) => /:(due|runs|hold|watermark|lease)/.test(key))).toEqual([]);
  });

  test('more leavers than the guard lets go by themselves are said to be so', async () => {
    const world = await planningWorld();
    const all = Array.from({ length: 12 }, (_, n) => ({ id: String(n) }));
    world.people(all);
    await world.apply((await world.planFile()).path);
    world.write({ more: 'scope: \'= e.title != "gone"\'\n' });
    world.people(all.map((person, n) => (n < 6 ? { ...person, title: 'gone' } : person)));
    const { text } = await world.plan({ fresh: true });
    expect(text).toContain('crm: 6 to switch off, 6 as wanted');
    expect(text).toContain('  6 lose access, more than the 5 who do by themselves: workers would hold them');
  });

  test('no secret and no sensitive value stands in the plan, on the screen or in the file (O-27)', async () => {
    const world = await planningWorld(
      {},
      {
        attributes: `  externalId: '= id'
  userName: '= e.mail'
  name: { familyName: '= e.sn' }
  nickName: { value: '= e.pin', sensitive: true }
  active: true
`,
      },
    );
    world.people([{ id: '1', pin: 'canary-pin' }]);
    const { path, file } = await world.planFile();
    const shown = await world.plan();
    expect(file.items[0]?.differences).toContainEqual({
      path: 'nickName',
      before: null,
      after: '[redacted]',
    });
    for (const text of [shown.text, readFileSync(path, 'utf8'), JSON.stringify(file)])
      expect(text).not.toContain('canary');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const applied = await world.apply(path, { json: true });
    expect(applied.code).toBe(0);
    expect(applied.text).not.toContain('canary');
    expect((await world.sandbox.accounts())[0]?.user['nickName']).toBe('canary-pin');
  });
});

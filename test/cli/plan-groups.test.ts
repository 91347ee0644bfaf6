/** Groups that are kept at a target, in a plan and carried out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanFile } from '../../app/plan/plan-file.ts';
import { type Person, planningWorld, type World } from './planning-world.ts';

const ATTRIBUTES = `  externalId: '= id'
  userName: '= e.mail'
  name: { familyName: '= e.sn', givenName: Ada }
  emails: [{ value: '= e.mail', type: work, primary: true }]
  active: true
`;
const worldWithGroups = (dialect = 'pingdirectory', groups = '') =>
  planningWorld({ dialect }, { attributes: ATTRIBUTES, groups });

/** What stands in a plan from the first group on. */
function groupsIn(text: string): string[] {
  const lines = text.split('\n');
  return lines.slice(lines.findIndex((line) => /^(.) group\/|^crm groups/.test(line)));
}

/** Twice, since whoever has just got an account is added afterwards. */
async function settle(world: World): Promise<void> {
  for (let round = 1; round <= 2; round += 1) {
    const { path } = await world.planFile({ fresh: true });
    expect((await world.apply(path)).code).toBe(0);
  }
}

/** Names of the groups that are to be written, each with what it is. */
function todo({ groups }: PlanFile): Record<string, string> {
  return Object.fromEntries(groups.map(({ name, action }) => [name, action]));
}

async function planned(world: World, more: object = {}): Promise<PlanFile> {
  return JSON.parse((await world.plan({ json: true, fresh: true, ...more })).text) as PlanFile;
}

describe('groups in a plan', () => {
  test('a new one is shown with who waits for the account that the same plan makes', async () => {
    const world = await worldWithGroups();
    world.people([
      { id: '1', groups: 'Staff' },
      { id: '2', groups: 'Staff' },
    ]);
    const { code, text } = await world.plan();
    expect(groupsIn(text)).toEqual([
      '+ group/hr:staff  Staff',
      '    create: new',
      '    2 of its people have no account there yet, 2 of them will by this plan: workers add them then',
      'crm groups: 1 to create, 0 as wanted',
      '  2 requests, no limit is known',
    ]);
    expect(code).toBe(2);
    expect((await world.sandbox.journal()).every(({ method }) => method === 'GET')).toBe(true);
  });

  test('who comes, who goes, one that shall not be there any more', async () => {
    const world = await worldWithGroups();
    const before: Person[] = [
      { id: '1', groups: 'Staff;Board' },
      { id: '2', groups: 'Staff;Old' },
      { id: '3' },
      { id: '4', groups: 'Board' },
    ];
    world.people(before);
    await settle(world);
    world.write({ groups: 'scope: \'= g.name != "Old"\'\nlifecycle: { gone: delete }\n' });
    world.people([
      { id: '1', groups: 'Board' },
      { id: '2', groups: 'Staff' },
      { id: '3', groups: 'Staff' },
      { id: '4', groups: 'Board' },
    ]);
    const { text, code } = await world.plan({ fresh: true });
    const withoutIds = groupsIn(text).map((line) => line.replace(/\(id \S+\)/, '(id)'));
    expect(withoutIds).toEqual([
      '- group/hr:old  Old  (id)',
      '    delete: out of scope of the mapping',
      '~ group/hr:staff  Staff  (id)',
      '    update: changed',
      '    1 in: 3@example.test',
      '    1 out: 1@example.test',
      'crm groups: 1 to change, 1 to delete, 1 as wanted; members: 1 in, 1 out',
      '  4 requests, no limit is known',
    ]);
    expect(code).toBe(2);
    const { path } = await world.planFile();
    await world.sandbox.clearJournal();
    const applied = await world.apply(path, { reason: 'spring cleaning' });
    expect(applied.text.split('\n').sort()).toEqual([
      '2 done',
      'group/hr:old  Old at crm: delete: done',
      'group/hr:staff  Staff at crm: update: done',
    ]);
    expect((await world.plan()).code).toBe(0);
  });

  test('--group shows that group alone, also where it needs nothing; --person shows none', async () => {
    const world = await worldWithGroups();
    world.people([
      { id: '1', groups: 'Staff' },
      { id: '2', groups: 'Board' },
    ]);
    expect(todo(await planned(world))).toEqual({ Board: 'create', Staff: 'create' });
    expect(todo(await planned(world, { group: 'Staff' }))).toEqual({ Staff: 'create' });
    expect(todo(await planned(world, { target: 'crm', source: 'hr' }))).toEqual({
      Board: 'create',
      Staff: 'create',
    });
    expect((await planned(world, { people: ['1'] })).groups).toEqual([]);
    expect((await planned(world, { filter: 'userName pr' })).groups).toEqual([]);
    await settle(world);
    expect(todo(await planned(world))).toEqual({});
    expect(todo(await planned(world, { group: 'Staff' }))).toEqual({ Staff: 'none' });
  });

  test('many are listed, a few are asked for, and both come to the same', async () => {
    const world = await worldWithGroups();
    const all = Array.from({ length: 25 }, (_, n) => ({ id: String(n), groups: `Team${n}` }));
    world.people(all);
    await settle(world);
    world.people(all.map((person, n) => (n === 3 ? { ...person, groups: 'Team4' } : person)));
    await world.sandbox.clearJournal();
    const { groups } = await planned(world);
    const asked = (await world.sandbox.journal()).filter(({ path }) => path.includes('/Groups'));
    expect(groups.map(({ name, add, remove }) => [name, add.length, remove.length])).toEqual([
      ['Team4', 1, 0],
    ]);
    expect(asked.every(({ path }) => !/\/Groups\/./.test(path))).toBe(true);
    expect(todo(await planned(world, { group: 'Team4' }))).toEqual({ Team4: 'update' });
  });
});

describe('groups that are applied', () => {
  test('people come first; whoever has just got an account is left to the workers, and the output says so', async () => {
    const world = await worldWithGroups();
    world.people([{ id: '1', groups: 'Staff' }]);
    const { path } = await world.planFile();
    const { code, text } = await world.apply(path);
    expect(text.split('\n')).toEqual([
      'hr:1 at crm: create: done',
      'group/hr:staff  Staff at crm: create: done: 1 of its people had no account when the plan was made; workers add who has one now',
      '2 done',
    ]);
    expect(code).toBe(0);
    expect(todo(await planned(world))).toEqual({ Staff: 'update' });
    await settle(world);
    expect((await world.plan()).code).toBe(0);
  });

  test('a group that has become another one since is refused, and no other', async () => {
    const world = await worldWithGroups();
    const saying = (two: string, three: string) =>
      world.people([
        { id: '1', groups: 'Staff;Board' },
        { id: '2', groups: two },
        { id: '3', groups: three },
      ]);
    saying('', '');
    await settle(world);
    saying('Staff;Board', '');
    const { path } = await world.planFile({ fresh: true });
    saying('Staff;Board', 'Staff');
    await world.plan({ fresh: true });
    const { code, text } = await world.apply(path, { json: true });
    expect(code).toBe(3);
    const { results } = JSON.parse(text) as { results: { group?: string; result: string }[] };
    expect(Object.fromEntries(results.map(({ group, result }) => [group, result]))).toEqual({
      'group/hr:staff': 'moved',
      'group/hr:board': 'done',
    });
  });

  test.each(['generic', 'pingdirectory', 'wso2', 'uaa', 'slack', 'okta-style'])(
    'the requests that a plan names are the requests that are sent: %s',
    async (dialect) => {
      const world = await worldWithGroups(dialect);
      const everybody = ['1', '2', '3', '4'].map((id) => ({ id, groups: 'Staff' }));
      world.people(everybody);
      await settle(world);
      for (const people of [
        everybody.map((person) => ({ ...person, groups: person.id === '1' ? '' : 'Staff' })),
        everybody.map((person) => ({ ...person, groups: person.id === '2' ? 'Board' : 'Staff;Board' })),
      ]) {
        world.people(people);
        const { path, file } = await world.planFile({ fresh: true });
        await world.sandbox.clearJournal();
        expect((await world.apply(path)).code).toBe(0);
        expect((await world.sandbox.journal()).length).toBe(file.groupTargets[0]?.requests);
      }
    },
  );

  test('after two applies there is nothing left to do, whatever was planned', async () => {
    const world = await worldWithGroups();
    const person = fc.record({
      id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      sn: fc.constantFrom('Byron', 'Lovelace'),
      groups: fc.subarray(['Staff', 'Board', 'Cooks']).map((names) => names.join(';')),
    });
    const staff = fc.uniqueArray(person, { selector: ({ id }: Person) => id, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(staff, async (people) => {
        world.people(people);
        await settle(world);
        expect((await world.plan({ fresh: true })).code).toBe(0);
      }),
      { numRuns: 6 },
    );
  });
});

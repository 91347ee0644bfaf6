import { expect, test } from 'vitest';
import type { AdoptionReport } from '../../app/sync/planning/adoption-report.ts';
import { planningWorld, type World } from './planning-world.ts';

const REVIEWED = { target: '    adoption: reviewed\n' };

/** A target with an account that matches, a name that two have, a stranger, and one who may be somebody's. */
async function filled(): Promise<World> {
  const world = await planningWorld({ unique: false }, REVIEWED);
  await world.sandbox.seedAll([
    { userName: '1@example.test', active: true, name: { familyName: 'Old' } },
    { userName: '2@example.test', active: true },
    { userName: '2@EXAMPLE.test', active: true },
    { userName: 'svc-backup', active: true },
    { userName: 'ada', active: true, emails: [{ value: '3@example.test' }] },
  ]);
  world.people([{ id: '1' }, { id: '2' }, { id: '3' }]);
  return world;
}

async function reportOf(world: World): Promise<AdoptionReport> {
  return JSON.parse((await world.adopt({ json: true })).text) as AdoptionReport;
}

test('the report tells the four classes apart, proposes, and writes nothing', async () => {
  const world = await filled();
  const ids = new Map((await world.sandbox.accounts()).map(({ id, user }) => [user['userName'], id]));
  const { code, text } = await world.adopt();
  const { hash } = await reportOf(world);
  expect(text.split('\n')).toEqual([
    'source hr: read just now',
    '',
    'matched: would be taken over, with these changes (1)',
    `= hr:1  1@example.test  (id ${ids.get('1@example.test')})`,
    '    adopt: found by userName',
    '    externalId: nothing → "1"',
    '    name.familyName: "Old" → "Byron"',
    '',
    'ambiguous: nothing is done until somebody has decided at the target or the source (1)',
    '! hr:2  2@example.test',
    '    hold: ambiguous: 2 accounts have this userName',
    '',
    'only in the source: would be created (1)',
    '+ hr:3  3@example.test',
    '    create: new in scope',
    '    active: true',
    '    externalId: "3"',
    '    name.familyName: "Byron"',
    '    userName: "3@example.test"',
    '',
    'only at the target: never touched (4)',
    `? 2@example.test  (id ${ids.get('2@example.test')}): perhaps hr:2, who carries one of its names`,
    `? 2@EXAMPLE.test  (id ${ids.get('2@EXAMPLE.test')}): perhaps hr:2, who carries one of its names`,
    `? svc-backup  (id ${ids.get('svc-backup')})`,
    `? ada  (id ${ids.get('ada')}): perhaps hr:3, who carries one of its names`,
    '',
    'crm: 1 to create, 1 to adopt, 1 to look at, 0 as wanted',
    "  4 accounts there are nobody's; they are never touched",
    "  6 requests, at least 1 s (1000000 requests a minute, as the target's answers say)",
    '',
    `Nothing is written at crm yet. To let it begin: landbridge adopt crm --accept ${hash}`,
  ]);
  expect(code).toBe(2);
  expect((await world.sandbox.journal()).every(({ method }) => method === 'GET')).toBe(true);
});

test('nothing is written before the report is accepted, and after it was undone', async () => {
  const world = await filled();
  const { path } = await world.planFile();
  const waits =
    /hr:\d at crm: \w+: not tried: nothing is written at crm before somebody has looked: run landbridge adopt crm/;
  const refused = await world.apply(path);
  expect(refused).toEqual({ code: 3, text: expect.stringMatching(waits) });
  const { hash } = await reportOf(world);
  expect(await world.adopt({ accept: hash, reason: 'checked' })).toEqual({
    code: 0,
    text: 'crm is accepted: work begins there',
  });
  expect((await world.adopt()).text).toContain('Work goes on at crm already.');
  expect((await world.apply(path)).code).toBe(0);
  expect((await world.adopt({ undo: true })).code).toBe(2);
  world.people([{ id: '1', title: 'Chief' }]);
  const next = await world.planFile({ fresh: true });
  expect((await world.apply(next.path)).text).toMatch(waits);
});

test('a report that has moved since is not accepted; what is nobody’s does not move it', async () => {
  const world = await filled();
  const { hash } = await reportOf(world);
  await world.sandbox.seed({ userName: 'another-service', active: true });
  expect((await reportOf(world)).hash).toBe(hash);
  await world.sandbox.seed({ userName: '3@example.test', active: true });
  await expect(world.adopt({ accept: hash })).rejects.toThrow(
    /^The report is another one by now: \S{16}\. Look at it again with landbridge adopt crm\.$/,
  );
  expect((await world.adopt()).code).toBe(2);
});

test('a target that is not reviewed shows its report, and work goes on there', async () => {
  const world = await planningWorld();
  world.people([{ id: '1' }]);
  const { code, text } = await world.adopt();
  expect([code, text.split('\n').at(-1)]).toEqual([0, 'Work goes on at crm already.']);
  await expect(world.adopt({ target: 'erp' })).rejects.toThrow('There is no target erp. Known: crm.');
});

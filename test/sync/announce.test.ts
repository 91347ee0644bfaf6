import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { announceRun } from '../../app/sync/announce.ts';
import { absorbAbsence, absorbEntry } from '../../app/sync/reading/absorb.ts';
import { entryOf, type Rig, startRig } from '../support/rig.ts';
import { unannounced } from '../support/unannounced.ts';

/** More than are looked at in one go, and more than the store hands out at a time. */
const PEOPLE = 700;

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

/** So many people are known and have an account; nothing is left to do. */
async function linked(count: number): Promise<readonly PersonKey[]> {
  const keys: PersonKey[] = [];
  for (let n = 0; n < count; n += 1) {
    const key = rig.key(`p${n}`);
    await absorbEntry('corp', entryOf(`p${n}`), rig.reading);
    const lease = await rig.stores.leases.acquire(`write:agileplace:${key}`, 60_000);
    if (lease === null) throw new Error('somebody else writes');
    const at = rig.now().toISOString();
    const user = { userName: `p${n}`, active: true };
    const link = { target: 'agileplace', key, id: `a${n}`, madeBy: 'created', madeAt: at } as const;
    await rig.stores.links.put({ ...link, confirmedAt: at, desired: user, echo: user, certain: true }, lease);
    keys.push(key);
  }
  await rig.stores.identities.announced('corp', await unannounced(rig.stores.identities, 'corp'));
  return keys;
}

async function leave(keys: readonly PersonKey[]): Promise<void> {
  for (const key of keys) await absorbAbsence(key, 'deleted', rig.reading);
}

test('removals are counted over the whole run, however many people it brings', async () => {
  const keys = await linked(PEOPLE);
  await leave(keys);
  expect(await announceRun('corp', 'run-1', rig.reading)).toEqual({
    due: PEOPLE,
    held: PEOPLE,
    reason: '700 removals at agileplace, more than the 70 that may go by themselves',
  });
  expect((await rig.stores.holds.list('run-1')).map(({ key }) => key).sort()).toEqual([...keys].sort());
  expect([...rig.rung].sort()).toEqual([...keys].sort());
  expect((await rig.stores.due.get('agileplace', rig.key('p0')))?.lane).toBe('leaver');
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual([]);
});

test('who was not made due before a crash is made due by the next run, and judged by it', async () => {
  const keys = await linked(PEOPLE);
  await leave(keys);
  let marks = 0;
  const mark: typeof rig.stores.due.mark = async (...args) => {
    marks += 1;
    if (marks > 450) throw new Error('killed');
    return await rig.stores.due.mark(...args);
  };
  const dying = { ...rig.reading, due: { ...rig.stores.due, mark } };
  await expect(announceRun('corp', 'run-1', dying)).rejects.toThrow('killed');
  // Whoever was made due already is held by the run that died.
  expect(await rig.stores.holds.size('run-1')).toBe(PEOPLE);
  const left = await unannounced(rig.stores.identities, 'corp');
  expect(left.length).toBeGreaterThanOrEqual(PEOPLE - 450);
  expect(await announceRun('corp', 'run-2', rig.reading)).toMatchObject({
    due: left.length,
    held: left.length,
  });
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual([]);
  expect(new Set(rig.rung)).toEqual(new Set(keys));
});

/** Incidents in which the time alone changes what somebody should have, with the clock of the incident. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type StableId, toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { announceMoments } from '../../app/sync/moments.ts';
import { type PersonEvent, receiveEvent } from '../../app/sync/receive-event.ts';
import { lifecycleMapping } from '../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

const TARGET = 'agileplace';
const TICK_MS = 10_000;

/** The clock says so from here on. */
function turnTo(rig: Rig, time: string): void {
  rig.pass(Date.parse(time) - rig.now().getTime());
}

/** A tick at this time, and whoever is due by it. @returns how many were */
async function tickAt(rig: Rig, time: string): Promise<number> {
  turnTo(rig, time);
  const due = await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers });
  await serve(rig);
  return due;
}

async function serve(rig: Rig): Promise<void> {
  for await (const batch of rig.stores.due.scan(TARGET)) {
    for (const { key } of batch) expect((await rig.attempt(key)).kind).toBe('done');
  }
}

/** What each write says of `active`, in order. */
async function written(rig: Rig): Promise<readonly string[]> {
  return (await rig.writes()).map(({ method, body }) => {
    const { active } = body as { readonly active?: boolean };
    return `${method} active:${active}`;
  });
}

describe('O-07 j: an account that expires', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mapping: lifecycleMapping({ active: 'activeFromAD()' }) });
  });
  afterAll(async () => {
    await rig.stop();
  });

  test('is switched off by one write when its time has come, without any change in the directory', async () => {
    turnTo(rig, '2026-03-01T12:00:00Z');
    await rig.person('1', { userAccountControl: '512', accountExpires: '134168832000000000' });
    await serve(rig);
    expect(await written(rig)).toEqual(['POST active:true']);
    expect(await rig.stores.timers.of(TARGET, rig.key('1'))).toBe('2026-03-02T00:00:00.000Z');
    expect(await tickAt(rig, '2026-03-01T23:59:59.900Z')).toBe(0);
    expect(await tickAt(rig, '2026-03-02T00:00:09.900Z')).toBe(1);
    expect(await written(rig)).toEqual(['POST active:true', 'PATCH active:false']);
    expect(await tickAt(rig, '2026-03-03T00:00:00Z')).toBe(0);
    expect(await written(rig)).toHaveLength(2);
  });
});

const START = 'startOfDay(e.startDate, e.zone)';
const HIRED = 'e.startDate != ""';

describe('O-21: somebody whose first day is in the future', () => {
  let atOnce: Rig;
  let ahead: Rig;
  beforeAll(async () => {
    const active = `reached(${START})`;
    [atOnce, ahead] = await Promise.all([
      startRig({ mapping: lifecycleMapping({ scope: `${HIRED} && reached(${START})`, active }) }),
      startRig({
        mapping: lifecycleMapping({
          scope: `${HIRED} && reached(plusDays(${START}, -7))`,
          active,
          lifecycle: '{ newInactive: create }',
        }),
      }),
    ]);
  });
  beforeEach(async () => {
    await Promise.all([atOnce.clear(), ahead.clear()]);
  });
  afterAll(async () => {
    await Promise.all([atOnce.stop(), ahead.stop()]);
  });

  const person = toStableId('1002') as StableId;

  async function hear(rig: Rig, sequence: number, startDate: string | null): Promise<void> {
    const id = `e${sequence}`;
    const told = { mail: 'ada@example.test', givenName: 'Ada', sn: 'Byron', zone: 'Pacific/Auckland' };
    const attributes = Object.entries({ ...told, startDate: startDate ?? '' });
    const change: PersonEvent['change'] =
      startDate === null
        ? { kind: 'delete' }
        : { kind: 'upsert', attributes: toAttributes(attributes.map(([name, value]) => [name, [value]])) };
    const order = { sequence, time: rig.now().toISOString(), event: id };
    await receiveEvent({ id, source: 'corp', person, order, change }, 'hr', {
      ...rig.reading,
      receipts: rig.stores.receipts,
    });
    await serve(rig);
  }

  test('a: is cancelled, without lead time: no account is ever made, and nothing waits any more', async () => {
    turnTo(atOnce, '2026-03-01T12:00:00Z');
    await hear(atOnce, 1, '2026-04-01');
    expect(await atOnce.stores.timers.of(TARGET, atOnce.key('1002'))).toBe('2026-03-31T11:00:00.000Z');
    turnTo(atOnce, '2026-03-20T09:00:00Z');
    await hear(atOnce, 2, null);
    expect(await tickAt(atOnce, '2026-03-31T11:00:10Z')).toBe(0);
    expect(await tickAt(atOnce, '2026-04-30T00:00:00Z')).toBe(0);
    expect(await written(atOnce)).toEqual([]);
    expect(await atOnce.sandbox.journal()).toEqual([]);
  });

  test('b: is cancelled within the lead time: the account is there, and never active', async () => {
    turnTo(ahead, '2026-03-01T12:00:00Z');
    await hear(ahead, 1, '2026-04-01');
    expect(await tickAt(ahead, '2026-03-24T10:59:59Z')).toBe(0);
    expect(await tickAt(ahead, '2026-03-24T11:00:09Z')).toBe(1);
    expect(await written(ahead)).toEqual(['POST active:false']);
    turnTo(ahead, '2026-03-28T09:00:00Z');
    await hear(ahead, 2, null);
    await tickAt(ahead, '2026-03-31T11:00:10Z');
    await tickAt(ahead, '2026-04-30T00:00:00Z');
    expect(await written(ahead)).toEqual(['POST active:false']);
    expect((await ahead.sandbox.accounts()).map(({ user }) => user.active)).toEqual([false]);
  });

  test('c: is moved two days before: nothing is active before the new day, which is at another hour, and then once', async () => {
    turnTo(ahead, '2026-03-01T12:00:00Z');
    await hear(ahead, 1, '2026-04-01');
    await tickAt(ahead, '2026-03-24T11:00:09Z');
    turnTo(ahead, '2026-03-30T09:00:00Z');
    await hear(ahead, 2, '2026-04-15');
    for (const time of ['2026-03-31T11:00:10Z', '2026-04-07T12:00:10Z', '2026-04-14T11:59:59Z']) {
      await tickAt(ahead, time);
    }
    expect((await written(ahead)).filter((line) => line.endsWith('true'))).toEqual([]);
    expect(await tickAt(ahead, '2026-04-14T12:00:09Z')).toBe(1);
    await tickAt(ahead, '2026-05-14T12:00:09Z');
    expect((await written(ahead)).filter((line) => line.endsWith('true'))).toEqual(['PATCH active:true']);
  });

  test('d: is cancelled before the hire is told: as a', async () => {
    turnTo(atOnce, '2026-03-20T09:00:00Z');
    await hear(atOnce, 2, null);
    await hear(atOnce, 1, '2026-04-01');
    expect(await tickAt(atOnce, '2026-03-31T11:00:10Z')).toBe(0);
    expect(await atOnce.sandbox.journal()).toEqual([]);
  });

  test('e: begins: one switch to active, within a tick of midnight in Auckland, and never again', async () => {
    turnTo(ahead, '2026-03-01T12:00:00Z');
    await hear(ahead, 1, '2026-04-01');
    await tickAt(ahead, '2026-03-24T11:00:09Z');
    const goLive = Date.parse('2026-03-31T11:00:00Z');
    expect(await tickAt(ahead, new Date(goLive - 500).toISOString())).toBe(0);
    expect(await tickAt(ahead, new Date(goLive - 500 + TICK_MS).toISOString())).toBe(1);
    for (let day = 1; day <= 10; day += 1)
      await tickAt(ahead, new Date(goLive + day * 86_400_000).toISOString());
    expect(await written(ahead)).toEqual(['POST active:false', 'PATCH active:true']);
  });

  test('after Redis was lost, is found by what the source tells again, and begins at the same moment', async () => {
    turnTo(ahead, '2026-03-01T12:00:00Z');
    await hear(ahead, 1, '2026-04-01');
    await tickAt(ahead, '2026-03-24T11:00:09Z');
    await ahead.redis.flushall();
    expect(await tickAt(ahead, '2026-03-30T00:00:00Z')).toBe(0);
    await hear(ahead, 1, '2026-04-01');
    expect(await tickAt(ahead, '2026-03-31T10:59:59Z')).toBe(0);
    expect(await tickAt(ahead, '2026-03-31T11:00:09Z')).toBe(1);
    const writes = (await written(ahead)).filter((line) => line.endsWith('true'));
    expect(writes).toEqual(['PATCH active:true']);
    expect(await ahead.sandbox.accounts()).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { createDueMarks } from '../../app/store/due-marks.ts';
import { createLeases } from '../../app/store/leases.ts';
import type { Served } from '../../app/store/ports/index.ts';
import { createTimers } from '../../app/store/timers.ts';
import { store, useRedis } from './use-redis.ts';

useRedis();
const ada = 'corp:ada' as PersonKey;
const bob = 'corp:bob' as PersonKey;
const noon = new Date('2026-03-01T12:00:00.000Z');

/** One piece of work is over, and says when to look again. */
async function serve(key: PersonKey, again: Served['again']): Promise<void> {
  const due = createDueMarks(store);
  const leases = createLeases(store);
  const lease = await leases.acquire(`write:t:${key}`, 10_000);
  if (lease === null) throw new Error('somebody holds it');
  const { seq } = await due.mark('t', key, { lane: 'update' }, noon);
  const result: Served = {
    seq,
    at: noon.toISOString(),
    state: 'unchanged',
    plan: { action: 'none', reason: 'nothing differs' },
    ...(again === undefined ? {} : { again }),
  };
  await due.serve('t', key, result, lease);
  await leases.release(lease);
}

const moment = (milliseconds: number) => new Date(noon.getTime() + milliseconds).toISOString();

describe('the moment at which somebody is looked at again', () => {
  test('comes to the millisecond, the earliest first, and is there until it is settled', async () => {
    const timers = createTimers(store);
    await serve(ada, moment(2));
    await serve(bob, moment(1));
    expect(await timers.come('t', noon, 10)).toEqual([]);
    const come = await timers.come('t', new Date(noon.getTime() + 2), 10);
    expect(come.map(({ key }) => key)).toEqual([bob, ada]);
    expect(await timers.come('t', new Date(noon.getTime() + 2), 1)).toHaveLength(1);
    await timers.settle('t', come);
    expect(await timers.come('t', new Date(noon.getTime() + 2), 10)).toEqual([]);
    expect(await timers.of('t', ada)).toBeNull();
  });

  test('is replaced by the next result, and stays where a result says nothing of it', async () => {
    const timers = createTimers(store);
    await serve(ada, moment(5));
    await serve(ada, moment(9));
    expect(await timers.of('t', ada)).toBe(moment(9));
    await serve(ada, undefined);
    expect(await timers.of('t', ada)).toBe(moment(9));
    await serve(ada, null);
    expect(await timers.of('t', ada)).toBeNull();
  });

  test('that was set while another was being settled is not lost', async () => {
    const timers = createTimers(store);
    await serve(ada, moment(1));
    const come = await timers.come('t', new Date(noon.getTime() + 1), 10);
    await serve(ada, moment(7));
    await timers.settle('t', come);
    expect(await timers.of('t', ada)).toBe(moment(7));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANES, type Lane } from '../../../app/lane.ts';
import { createGate, type Gate, type Leave } from '../../../app/scim/budget/gate.ts';

const never = new AbortController().signal;
const settledSoon = () => new Promise((resolve) => setImmediate(resolve));

function gate(most: number): { gate: Gate; told: number[]; pass(seconds: number): void } {
  let now = 0;
  const told: number[] = [];
  return {
    gate: createGate({ most, now: () => new Date(now), onPace: (requests) => told.push(requests) }),
    told,
    pass: (seconds) => {
      now += seconds * 1000;
    },
  };
}

describe('the gate to a target', () => {
  test('lets so many in at once, and the next when one leaves', async () => {
    const { gate: door } = gate(2);
    const [first] = [await door.pass('bulk', never), await door.pass('bulk', never)];
    let third: Leave | null = null;
    const waiting = door.pass('bulk', never).then((leave) => {
      third = leave;
    });
    await settledSoon();
    expect(third).toBeNull();
    first?.(null);
    await waiting;
    expect(third).not.toBeNull();
  });

  test('lets the best lane in first, and within a lane whoever came first', async () => {
    const { gate: door } = gate(1);
    const leave = await door.pass('bulk', never);
    const order: string[] = [];
    const names = ['bulk a', 'update a', 'leaver a', 'bulk b', 'leaver b', 'joiner a', 'manual a'];
    const all = names.map(async (name) => {
      const done = await door.pass(name.split(' ')[0] as Lane, never);
      order.push(name);
      done(null);
    });
    leave(null);
    await Promise.all(all);
    expect(order).toEqual(['leaver a', 'leaver b', 'joiner a', 'manual a', 'update a', 'bulk a', 'bulk b']);
  });

  test('passes nobody over for ever', async () => {
    const { gate: door } = gate(1);
    let leave = await door.pass('leaver', never);
    let bulkWasIn = false;
    const bulk = door.pass('bulk', never).then((done) => {
      bulkWasIn = true;
      done(null);
    });
    let before = 0;
    for (; !bulkWasIn && before < 100; before += 1) {
      const next = door.pass('leaver', never);
      leave(null);
      leave = await next;
    }
    leave(null);
    await bulk;
    expect(before).toBe(21);
  });

  test('forgets whoever stops waiting', async () => {
    const { gate: door } = gate(1);
    const leave = await door.pass('bulk', never);
    const stop = new AbortController();
    const stopped = door.pass('leaver', stop.signal);
    const patient = door.pass('bulk', never);
    stop.abort(new Error('no more'));
    await expect(stopped).rejects.toThrow('no more');
    leave(null);
    (await patient)(null);
    await expect(door.pass('bulk', stop.signal)).rejects.toThrow('no more');
  });

  test('is narrower after a push-back, and says so', async () => {
    const { gate: door, told } = gate(4);
    const leaves = [await door.pass('bulk', never), await door.pass('bulk', never)];
    leaves[0]?.({ result: 'pushed-back', sentAt: 0 });
    let entered = 0;
    const others = [1, 2, 3].map(() =>
      door.pass('bulk', never).then(() => {
        entered += 1;
      }),
    );
    await settledSoon();
    expect(entered).toBe(1);
    expect(told).toEqual([2]);
    leaves[1]?.(null);
    await Promise.race(others);
  });

  test('tells how wide it is now and then, though nothing changes', async () => {
    const { gate: door, told, pass } = gate(4);
    for (let second = 0; second < 25; second += 1) {
      (await door.pass('bulk', never))({ result: 'answered', kind: 'GET', sentAt: second * 1000 });
      pass(1);
    }
    expect(told).toEqual([4, 4, 4]);
  });

  test('never holds more than its pace, and everybody gets through, whatever comes', async () => {
    const step = fc.record({
      lane: fc.constantFrom(...LANES),
      fate: fc.constantFrom('well', 'pushed back', 'stopped', 'unsent'),
      stays: fc.nat({ max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, most) => {
          const { gate: door } = gate(most);
          let inside = 0;
          let through = 0;
          const work = steps.map(async ({ lane, fate, stays }) => {
            const stop = new AbortController();
            const passed = door.pass(lane, stop.signal).catch(() => null);
            if (fate === 'stopped') stop.abort(new Error('stopped'));
            const leave = await passed;
            through += 1;
            if (leave === null) return;
            inside += 1;
            expect(inside).toBeLessThanOrEqual(most);
            for (let turn = 0; turn < stays; turn += 1) await settledSoon();
            inside -= 1;
            if (fate === 'well') leave({ result: 'answered', kind: 'GET', sentAt: 0 });
            else leave(fate === 'pushed back' ? { result: 'pushed-back', sentAt: 0 } : null);
          });
          await Promise.all(work);
          expect(through).toBe(steps.length);
        },
      ),
    );
  });
});

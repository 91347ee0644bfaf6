import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import type { PersonEvent } from '../../app/sync/receive-event.ts';
import { compareOrder, receiveEvent } from '../../app/sync/receive-event.ts';
import { type Rig, startRig } from '../support/rig.ts';
import { unannounced } from '../support/unannounced.ts';

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

const attributes = (values: Record<string, string>) =>
  toAttributes(
    Object.entries({ mail: 'ada@example.test', ...values }).map(([name, value]) => [name, [value]]),
  );

function event(id: string, sequence: number, change: PersonEvent['change']): PersonEvent {
  const person = toStableId('1001');
  if (person === null) throw new Error('1001 is an id');
  const time = new Date(Date.UTC(2026, 2, 1, 10, 0, sequence)).toISOString();
  return { id, source: 'corp', person, order: { sequence, time, event: id }, change };
}

const e1 = event('e1', 1, { kind: 'upsert', attributes: attributes({ title: 'Maths' }) });
const e2 = event('e2', 2, { kind: 'upsert', attributes: attributes({ title: 'Engines' }) });
const e3 = event('e3', 3, { kind: 'delete' });
const e3off = event('e3', 3, { kind: 'upsert', attributes: attributes({ title: 'Engines', status: 'off' }) });
const deps = () => ({ ...rig.reading, receipts: rig.stores.receipts });

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

describe('O-20: events replayed, doubled, out of order', () => {
  test.each(ORDERS)(
    'terminated by an attribute, in the order %i %i %i: Engines, inactive',
    async (...order) => {
      for (const index of order) {
        for (const _twice of [1, 2]) await receiveEvent([e1, e2, e3off][index] ?? e1, 'hr', deps());
        await rig.attempt(rig.key('1001'));
      }
      await receiveEvent({ ...e1, id: 'e1-again', order: { ...e1.order, event: 'e1-again' } }, 'hr', deps());
      await rig.attempt(rig.key('1001'));
      expect((await rig.stores.identities.get(rig.key('1001')))?.entry.attributes).toEqual(
        attributes({ title: 'Engines', status: 'off' }),
      );
      expect((await rig.sandbox.accounts()).filter(({ user }) => user.active !== false)).toEqual([]);
    },
  );

  test.each(ORDERS)(
    'terminated by a deletion, in the order %i %i %i: Engines, absent, no active account',
    async (...order) => {
      for (const index of order) {
        await receiveEvent([e1, e2, e3][index] ?? e1, 'hr', deps());
        await rig.attempt(rig.key('1001'));
      }
      const identity = await rig.stores.identities.get(rig.key('1001'));
      expect(identity?.presence.state).toBe('absent');
      expect(identity?.entry.attributes.title).toEqual(['Engines']);
      expect((await rig.sandbox.accounts()).filter(({ user }) => user.active !== false)).toEqual([]);
    },
  );

  test('the same event at once from several senders has one receipt', async () => {
    const answers = await Promise.all([e1, e1, e1, e1].map((one) => receiveEvent(one, 'hr', deps())));
    const stored = await rig.stores.receipts.get('corp', 'e1');
    expect(answers.map(({ receipt }) => receipt)).toEqual([stored, stored, stored, stored]);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  test('an event heard again after a crash before its receipt is no stale one', async () => {
    await receiveEvent(e1, 'hr', deps());
    await rig.redis.del('{landbridge}:receipt:corp:e1');
    expect(await receiveEvent(e1, 'hr', deps())).toMatchObject({
      receipt: { result: 'unchanged' },
      repeated: false,
    });
  });
});

test('news that a crash left unannounced stays so until somebody marks it, whatever else is heard of the person', async () => {
  await receiveEvent(e1, 'hr', deps());
  const mark = async () => {
    throw new Error('killed');
  };
  const dying = { ...deps(), due: { ...rig.stores.due, mark } };
  await expect(receiveEvent(e3, 'hr', dying)).rejects.toThrow('killed');
  const left = [{ key: rig.key('1001'), version: 2 }];
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual(left);
  const stale = event('e0', 0, e1.change);
  expect((await receiveEvent(stale, 'hr', deps())).receipt.result).toBe('stale');
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual(left);
  expect((await receiveEvent(e3, 'hr', deps())).receipt.result).toBe('unchanged');
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual([]);
});

test('news that comes while older news is being marked is not announced by it', async () => {
  const ring = async () => {
    const mark = async () => {
      throw new Error('killed');
    };
    const dying = { ...deps(), due: { ...rig.stores.due, mark } };
    await expect(receiveEvent(e2, 'hr', dying)).rejects.toThrow('killed');
  };
  await receiveEvent(e1, 'hr', { ...deps(), bell: { ...rig.reading.bell, ring } });
  expect(await unannounced(rig.stores.identities, 'corp')).toEqual([{ key: rig.key('1001'), version: 2 }]);
});

test('events have one order, whoever compares them with whom', () => {
  const order = fc.record({
    time: fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z'),
    event: fc.constantFrom('a', 'b', 'c'),
    sequence: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(order, order, (a, b) => {
      expect(Math.sign(compareOrder(a, b))).toBe(Math.sign(-compareOrder(b, a)) + 0);
      expect(compareOrder(a, a)).toBe(0);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANES, type Lane } from '../../app/lane.ts';
import type { PersonKey, WorkKey } from '../../app/person/anchor.ts';
import type { Bell, DueMark, DueMarks } from '../../app/store/ports/index.ts';
import {
  AHEAD_AT_ONCE,
  laneAfter,
  NOBODY_WAITING,
  noteWaiting,
  PATIENCE_MS,
} from '../../app/sync/patience.ts';
import { ringForDue } from '../../app/sync/upkeep.ts';

const MINUTE = 60_000;
const T0 = Date.parse('2026-03-01T12:00:00.000Z');
const at = (minute: number) => new Date(T0 + minute * MINUTE);

describe('how long somebody waits in a lane', () => {
  test('they are moved to the next better one after ten minutes, and nobody ever to leaver', () => {
    const lanesAfter = (milliseconds: number) => LANES.map((lane) => laneAfter(lane, milliseconds));
    expect(lanesAfter(PATIENCE_MS - 1)).toEqual(LANES);
    expect(lanesAfter(PATIENCE_MS)).toEqual(['leaver', 'joiner', 'joiner', 'manual', 'update']);
    expect(lanesAfter(1e12)).toEqual(['leaver', 'joiner', 'joiner', 'manual', 'update']);
  });

  test('counts from when they came to the lane, and the longest waiting come first', () => {
    const mark = { seq: 1, fresh: false, lane: 'update' } as const;
    const batch = [
      { key: 'hr:late' as PersonKey, mark: { ...mark, markedAt: at(2).toISOString() } },
      { key: 'hr:early' as PersonKey, mark: { ...mark, markedAt: at(1).toISOString() } },
      { key: 'hr:new' as PersonKey, mark: { ...mark, markedAt: at(15).toISOString() } },
      {
        key: 'hr:moved' as PersonKey,
        mark: { ...mark, markedAt: at(0).toISOString(), raisedAt: at(15).toISOString() },
      },
    ];
    const waiting = noteWaiting(NOBODY_WAITING, batch, at(20));
    expect(waiting.longest.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['hr:early', 'update', 'manual'],
      ['hr:late', 'update', 'manual'],
    ]);
    expect(waiting.ahead).toBe(1);
  });
});

/** A target that serves so many people a minute, the better lane first, and within a lane who came first. */
class Town {
  minute = 0;
  readonly marks = new Map<WorkKey, DueMark>();
  readonly servedAt = new Map<WorkKey, number>();
  readonly servedAs = new Set<Lane>();
  mostAhead = 0;
  private readonly queues = new Map<Lane, WorkKey[]>(LANES.map((lane) => [lane, []]));
  private arrived = 0;

  arrive(lane: Lane): PersonKey {
    this.arrived += 1;
    const key = `hr:${lane}-${this.arrived}` as PersonKey;
    this.marks.set(key, { seq: 1, fresh: false, lane, markedAt: at(this.minute).toISOString() });
    this.queues.get(lane)?.push(key);
    return key;
  }

  /** One minute: whoever comes, then as many as the target takes, then upkeep. */
  async pass(comers: readonly Lane[], capacity: number): Promise<void> {
    for (const lane of comers) this.arrive(lane);
    for (let served = 0; served < capacity; ) served += this.serveNext() ? 1 : capacity;
    await ringForDue(['agileplace'], { due: this.due, bell: this.bell, now: () => at(this.minute) });
    const ahead = [...this.marks.values()].filter(({ raisedAt }) => raisedAt !== undefined).length;
    this.mostAhead = Math.max(this.mostAhead, ahead);
    this.minute += 1;
  }

  private serveNext(): boolean {
    for (const lane of LANES) {
      const queue = this.queues.get(lane) ?? [];
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        // A job that was left behind in the lane that its person has left finds nobody due.
        if (this.marks.get(key)?.lane !== lane) continue;
        this.marks.delete(key);
        this.servedAt.set(key, this.minute);
        this.servedAs.add(lane);
        return true;
      }
    }
    return false;
  }

  private readonly bell: Bell = {
    ring: async (_target, key, lane) => void this.queues.get(lane)?.push(key),
    remind: async () => {},
    waitsForTurn: async (_target, key, lane) => this.queues.get(lane)?.includes(key) === true,
    unpark: async () => {},
  };

  private readonly due: DueMarks<WorkKey> = {
    ...unused(),
    scan: (_target) => inBatches(this.marks),
    raise: async (_target, key, from, to, now) => {
      const mark = this.marks.get(key);
      if (mark?.lane !== from) return false;
      this.marks.set(key, { ...mark, lane: to, raisedAt: now.toISOString() });
      return true;
    },
  };
}

async function* inBatches(marks: ReadonlyMap<WorkKey, DueMark>) {
  const all = [...marks].map(([key, mark]) => ({ key, mark }));
  for (let start = 0; start < all.length; start += 7) yield all.slice(start, start + 7);
}

function unused(): Omit<DueMarks, 'scan' | 'raise'> {
  const never = async (): Promise<never> => {
    throw new Error('not part of this');
  };
  return { mark: never, get: never, serve: never, lastServed: never, count: never, countWaiting: never };
}

const busyLane = fc.constantFrom<Lane>('joiner', 'manual', 'update');

describe('nobody waits for ever behind better lanes', () => {
  test('with capacity left over, a bulk load takes what is left and is through when that is used up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 2, max: 12 }),
        fc.array(fc.oneof(busyLane, fc.constant<Lane>('leaver')), { maxLength: 11 }),
        async (people, capacity, comers) => {
          const everyMinute = comers.slice(0, capacity - 1);
          const town = new Town();
          const bulk = Array.from({ length: people }, () => town.arrive('bulk'));
          const bound = Math.ceil(people / (capacity - everyMinute.length));
          for (let minute = 0; minute < bound; minute += 1) await town.pass(everyMinute, capacity);
          expect(bulk.filter((key) => !town.servedAt.has(key))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('with better work that fills the capacity, everybody in bulk is served all the same, a few at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 12 }),
        fc.array(busyLane, { minLength: 12, maxLength: 12 }),
        async (people, capacity, comers) => {
          const everyMinute = comers.slice(0, capacity);
          const town = new Town();
          const bulk = Array.from({ length: people }, () => town.arrive('bulk'));
          // Each ten go ahead together: at most three moves of ten minutes, then behind those they have displaced.
          const tens = Math.ceil(people / AHEAD_AT_ONCE);
          const bound = tens * (3 * (PATIENCE_MS / MINUTE + 1) + Math.ceil((people + capacity) / capacity));
          for (let minute = 0; minute <= bound; minute += 1) await town.pass(everyMinute, capacity);
          expect(bulk.filter((key) => !town.servedAt.has(key))).toEqual([]);
          expect([...town.servedAs]).not.toContain('leaver');
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a first load of hours keeps whoever comes meanwhile waiting for a few people at most', async () => {
    const town = new Town();
    const bulk = Array.from({ length: 2_000 }, () => town.arrive('bulk'));
    const others: PersonKey[] = [];
    for (let minute = 0; town.marks.size > 0; minute += 1) {
      if (minute % 3 === 0) others.push(town.arrive('update'));
      await town.pass([], 20);
      if (minute > 500) throw new Error('never through');
    }
    // Twenty are served a minute, and ten at most are ahead: each is served in the minute in which they come.
    const minutes = others.map((_, index) => index * 3);
    expect(others.map((key) => town.servedAt.get(key))).toEqual(minutes);
    expect(bulk.every((key) => town.servedAt.has(key))).toBe(true);
    expect(town.mostAhead).toBe(AHEAD_AT_ONCE);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../app/mapping/mapping.ts';
import { type LifecyclePolicy, USUAL_LIFECYCLE } from '../../app/mapping/policy.ts';
import type { Entry, GroupEntry } from '../../app/person/entry.ts';
import type { GuardPolicy } from '../../app/plan/guard.ts';
import type { Run } from '../../app/store/ports/index.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../app/sync/reading/release.ts';
import { receiveEvent } from '../../app/sync/receive-event.ts';
import { reprovision } from '../../app/sync/reprovision.ts';
import { entryOf, MAPPING, type Rig, startRig } from '../support/rig.ts';
import { scriptedSource } from '../support/scripted-source.ts';

const HOUR = 3_600_000;
const WIDE: GuardPolicy = { share: 1, atLeast: 1_000, windowMs: HOUR, holdForMs: 24 * HOUR };
const FIVE: GuardPolicy = { ...WIDE, share: 0.1, atLeast: 5 };

let rig: Rig;
let guard: GuardPolicy;
const source = scriptedSource();
/** What the source tells of each person. */
const told = new Map<string, Record<string, string>>();
let mark = 0;

beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
  Object.assign(source.script, scriptedSource().script);
  told.clear();
  guard = WIDE;
});
afterAll(async () => {
  await rig.stop();
});

async function read(kind: 'poll' | 'sweep'): Promise<Run> {
  mark += 1;
  const people: Entry[] = [...told].map(([id, attributes]) => entryOf(id, attributes));
  Object.assign(source.script, { people, watermark: `w${mark}` });
  const run = await readSource(source, kind, { ...rig.reading, guard }, new AbortController().signal);
  if (run === null) throw new Error('another is reading');
  return run;
}

/** Serves everybody who is due. */
async function work(): Promise<void> {
  const deps = { ...rig.deps, policy: { ...rig.deps.policy, guard } };
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) {
      await provision({ key, lastAttempt: false }, deps, new AbortController().signal);
    }
  }
}

async function known(count: number, groups: readonly GroupEntry[] = []): Promise<void> {
  for (let n = 0; n < count; n += 1) told.set(`p${n}`, {});
  source.script.groups = [...groups];
  await read('sweep');
  await work();
  guard = FIVE;
}

function off(...ids: readonly string[]): void {
  for (const id of ids) told.set(id, { status: 'off' });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `p${from + n}`);
const active = async () => (await rig.sandbox.accounts()).filter(({ user }) => user.active === true).length;
const held = async () => await rig.stores.runs.list({ state: 'held', limit: 10 });

describe('removals count together over the window, whatever brings them', () => {
  test('a drip: polls that are each under the limit are held from the one that is over it with those before', async () => {
    await known(20);
    off(...range(0, 2));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    off(...range(2, 4));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(16);
    off(...range(4, 6));
    expect(await read('poll')).toMatchObject({
      state: 'held',
      releasable: true,
      reason:
        "2 removals at agileplace and 4 before them within the guard's window, more than the 5 that may go by themselves",
      counts: { held: 2 },
    });
    await work();
    expect(await active()).toBe(16);
    off('p6');
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(15);
    expect(await held()).toHaveLength(1);
  });

  test('a drip counts from when it is announced, also while nobody is served', async () => {
    await known(20);
    off(...range(0, 3));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    off(...range(3, 6));
    expect(await read('poll')).toMatchObject({ state: 'held', counts: { held: 3 } });
    await work();
    expect(await active()).toBe(17);
  });

  test('a flood is held whole, and takes no places from others', async () => {
    await known(20);
    off(...range(0, 6));
    expect(await read('poll')).toMatchObject({
      state: 'held',
      reason: '6 removals at agileplace, more than the 5 that may go by themselves',
      counts: { held: 6 },
    });
    off(...range(6, 11));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(15);
  });

  test('a poll, an event, and an operator: the sixth is held, whoever it is', async () => {
    await known(20);
    off(...range(0, 3));
    await read('poll');
    await work();
    for (const n of [3, 4]) {
      const { stableId } = entryOf(`p${n}`);
      const order = { sequence: n, time: rig.now().toISOString(), event: `e${n}` };
      const event = {
        id: `e${n}`,
        source: 'corp',
        person: stableId,
        order,
        change: { kind: 'delete' },
      } as const;
      await receiveEvent(event, 'hr', { ...rig.reading, ...rig.stores });
      await work();
    }
    expect(await active()).toBe(15);
    const asking = { ...rig.reading, sourceOf: () => null, targetOf: () => rig.target };
    await rig.gone('p5');
    await reprovision(rig.key('p5'), { actor: 'ops' }, asking);
    await work();
    expect(await active()).toBe(15);
    expect(await held()).toMatchObject([
      {
        kind: 'guard',
        counts: { held: 1 },
        reason: "more than 5 removals at agileplace within the guard's window",
      },
    ]);
  });

  test('once the window has passed the counts fall', async () => {
    await known(20);
    off(...range(0, 5));
    await read('poll');
    await work();
    rig.pass(HOUR - 60_000);
    off('p5');
    expect(await read('poll')).toMatchObject({ state: 'held', counts: { held: 1 } });
    rig.pass(120_000);
    off(...range(6, 11));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    await work();
    expect(await active()).toBe(10);
  });

  test('what an operator has approved takes no place', async () => {
    await known(20);
    off(...range(0, 6));
    const run = await read('poll');
    await releaseRun(run.id, { actor: 'ops', reason: 'right' }, rig.reading);
    await work();
    expect(await active()).toBe(14);
    off(...range(6, 11));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
  });

  test('atMost: no more than so many, however large the share', async () => {
    await known(20);
    guard = { ...FIVE, share: 1, atMost: 3, atLeast: 3 };
    off(...range(0, 3));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    off('p3');
    expect(await read('poll')).toMatchObject({
      state: 'held',
      reason:
        "1 removals at agileplace and 3 before them within the guard's window, more than the 3 that may go by themselves",
    });
  });

  test('deletions count like switching off, also of accounts that are off already', async () => {
    await known(20);
    const lifecycle: LifecyclePolicy = { ...USUAL_LIFECYCLE, leaver: { kind: 'delete' } };
    const mapping: Mapping = { ...MAPPING, policy: { ...MAPPING.policy, lifecycle } };
    const deps = { ...rig.deps, mappingFor: () => mapping, policy: { ...rig.deps.policy, guard } };
    off('p0');
    await read('poll');
    await work();
    const served: string[] = [];
    for (const id of range(0, 7)) {
      const key = await rig.gone(id);
      served.push((await provision({ key, lastAttempt: false }, deps, new AbortController().signal)).kind);
    }
    expect(served).toEqual([...Array(5).fill('done'), 'held', 'held']);
    expect((await rig.sandbox.accounts()).map(({ user }) => user.externalId).sort()).toEqual(
      range(5, 20).sort(),
    );
  });

  test('several workers at once let exactly the limit go, and hold the rest in one run', async () => {
    await known(20);
    for (let n = 0; n < 12; n += 1) await rig.gone(`p${n}`);
    const deps = { ...rig.deps, policy: { ...rig.deps.policy, guard } };
    const served = await Promise.all(
      range(0, 12).map((id) =>
        provision({ key: rig.key(id), lastAttempt: false }, deps, new AbortController().signal),
      ),
    );
    expect(served.filter(({ kind }) => kind === 'done')).toHaveLength(5);
    expect(served.filter(({ kind }) => kind === 'held')).toHaveLength(7);
    expect(await active()).toBe(15);
    expect(await held()).toMatchObject([{ kind: 'guard', counts: { held: 7 } }]);
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['removals-held']);
  });
});

describe('a limit for each group of the source', () => {
  const group = (name: string, ids: readonly string[]): GroupEntry => ({
    stableId: entryOf(name).stableId,
    dn: `cn=${name},ou=groups,dc=example,dc=test`,
    dnKey: `cn=${name},ou=groups,dc=example,dc=test`,
    name,
    members: ids.map((id) => entryOf(id).dnKey ?? ''),
  });
  const LARGE: GuardPolicy = { ...WIDE, share: 0.5, atLeast: 5, group: { share: 0.5, atLeast: 2 } };

  test('a department that is switched off is held, although it is a small part of everybody', async () => {
    await known(20, [group('sales', range(0, 6)), group('staff', range(0, 20))]);
    guard = LARGE;
    off(...range(0, 4), 'p10');
    expect(await read('poll')).toMatchObject({
      state: 'held',
      reason:
        '4 removals of the 6 members of group sales at agileplace, more than the 3 that may go by themselves',
      counts: { held: 4 },
    });
    await work();
    expect(await active()).toBe(19);
  });

  test('a drip out of one group is held at the first who is too many', async () => {
    await known(20, [group('sales', range(0, 6))]);
    guard = LARGE;
    for (const n of [0, 1, 2, 3, 7]) {
      await rig.gone(`p${n}`);
      await work();
    }
    expect(await active()).toBe(16);
    expect(await rig.stores.holds.heldBy('agileplace', rig.key('p3'))).not.toBeNull();
    expect(await held()).toMatchObject([
      {
        kind: 'guard',
        reason: "more than 3 of the 6 members of group sales removed at agileplace within the guard's window",
      },
    ]);
  });

  test('groups are not looked at where no limit is set for them', async () => {
    await known(20, [group('sales', range(0, 4))]);
    guard = FIVE;
    off(...range(0, 4));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
  });
});

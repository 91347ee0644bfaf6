import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../../app/person/entry.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';
import { scriptedSource } from '../../support/scripted-source.ts';

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

const people = (count: number): Entry[] => Array.from({ length: count }, (_, n) => entryOf(`p${n}`));
const never = new AbortController().signal;
const source = scriptedSource();

async function sweep() {
  return await readSource(source, 'sweep', rig.reading, never);
}
async function poll() {
  return await readSource(source, 'poll', rig.reading, never);
}
/** Works everything off that is due, as the workers would. */
async function work(): Promise<void> {
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
}
/** A source whose people are all provisioned. */
async function settledWith(count: number): Promise<void> {
  Object.assign(source.script, { ...scriptedSource(people(count)).script });
  await sweep();
  await work();
  await rig.sandbox.clearJournal();
  rig.alerts.length = 0;
}
const active = async () => (await rig.sandbox.accounts()).filter(({ user }) => user.active === true).length;

describe('a read', () => {
  test('makes each new person due, once', async () => {
    await settledWith(0);
    source.script.people = people(3);
    expect(await sweep()).toMatchObject({ state: 'ok', counts: { read: 3, news: 3, due: 3, held: 0 } });
    await work();
    expect(await active()).toBe(3);
    expect(await sweep()).toMatchObject({ state: 'ok', counts: { read: 3, news: 0, due: 0 } });
  });

  test('the same again, later and in another order, costs nothing (O-03)', async () => {
    await settledWith(3);
    source.script.people = [...people(3), ...people(3)].reverse();
    for (let n = 0; n < 3; n += 1)
      expect(await poll()).toMatchObject({ kind: 'poll', counts: { news: 0, due: 0 } });
    expect(await rig.sandbox.journal()).toEqual([]);
  });

  test('moves the watermark only when all it covers is stored and due', async () => {
    await settledWith(1);
    source.script.watermark = 'w2';
    await poll();
    expect(await rig.stores.watermarks.get('corp')).toBe('w2');
    source.script.watermark = 'w3';
    source.script.breaks = 'corp: connection lost';
    source.script.people = people(2);
    expect(await poll()).toMatchObject({
      state: 'failed',
      reason: 'corp: connection lost',
      counts: { due: 1 },
    });
    expect(await rig.stores.watermarks.get('corp')).toBe('w2');
    await work();
    expect(await active()).toBe(2);
  });

  test('is a sweep where nothing was ever read', async () => {
    Object.assign(source.script, scriptedSource(people(1)).script);
    source.asked.length = 0;
    expect(await poll()).toMatchObject({ kind: 'sweep', state: 'ok' });
    expect(source.asked).toEqual([null]);
  });

  test('never overlaps another', async () => {
    const lease = await rig.stores.leases.acquire('read:corp', 60_000);
    expect(await sweep()).toBeNull();
    if (lease !== null) await rig.stores.leases.release(lease);
    expect(await sweep()).not.toBeNull();
  });

  test('a renamed OU with 500 people in it is 500 times nothing to write (O-04)', async () => {
    await settledWith(500);
    source.script.people = people(500).map((entry) => ({
      ...entry,
      dn: entry.dn?.replace('ou=people', 'ou=engines'),
      dnKey: entry.dnKey?.replace('ou=people', 'ou=engines'),
    })) as Entry[];
    expect(await poll()).toMatchObject({ state: 'ok', counts: { news: 500, held: 0 } });
    await work();
    expect(await rig.sandbox.journal()).toEqual([]);
  });

  test('what a crash left unannounced is announced by the next one', async () => {
    await settledWith(1);
    const known = await rig.stores.identities.get(rig.key('p0'));
    if (known === null) throw new Error('not known');
    const { groups: _, ...stored } = known;
    await rig.stores.identities.put({ ...stored, version: known.version + 1 }, known.version);
    source.script.people = [];
    expect(await poll()).toMatchObject({ counts: { news: 0, due: 1 } });
  });
});

describe('a group', () => {
  test('that takes somebody in makes just that person due', async () => {
    await settledWith(3);
    const board = { stableId: entryOf('g1').stableId, dn: 'cn=board', name: 'Board' };
    source.script.groups = [{ ...board, members: [entryOf('p1').dnKey ?? ''] }];
    rig.rung.length = 0;
    expect(await poll()).toMatchObject({ counts: { news: 0, due: 1 } });
    expect(rig.rung).toEqual([rig.key('p1')]);
    expect((await rig.stores.identities.get(rig.key('p1')))?.groups).toEqual([
      { dn: 'cn=board', name: 'Board' },
    ]);
    expect(await poll()).toMatchObject({ counts: { due: 0 } });
  });

  test('that a complete sweep does not name is gone', async () => {
    await settledWith(1);
    const other = { stableId: entryOf('g2').stableId, dn: 'cn=o', name: 'o', members: [] };
    source.script.groups = [
      { stableId: entryOf('g1').stableId, dn: 'cn=b', name: 'b', members: [entryOf('p0').dnKey ?? ''] },
      other,
    ];
    await sweep();
    source.script.groups = [other];
    await poll();
    expect((await rig.stores.identities.get(rig.key('p0')))?.groups).toHaveLength(1);
    await sweep();
    expect((await rig.stores.identities.get(rig.key('p0')))?.groups).toEqual([]);
  });
});

describe('O-05: a read that names nobody, or not everybody', () => {
  test('a: success with nobody: held, one alert, nobody switched off; then released: all are', async () => {
    await settledWith(200);
    source.script.people = [];
    source.script.watermark = 'w2';
    const run = await sweep();
    expect(run).toMatchObject({
      state: 'held',
      releasable: true,
      reason: 'the source answered without an error but named nobody, where 200 were known',
    });
    await poll();
    await sweep();
    await work();
    expect(await rig.writes()).toEqual([]);
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);

    const [held] = await rig.stores.runs.list({ state: 'held', limit: 10 });
    expect(held?.id).not.toBe(run?.id);
    expect(await releaseRun(held?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading)).toMatchObject({
      kind: 'released',
    });
    await work();
    expect(await rig.writes()).toHaveLength(200);
    expect(await active()).toBe(0);
  });

  test('a: nobody released it, and the next read is normal: nothing is written, the hold is over', async () => {
    await settledWith(200);
    source.script.people = [];
    const run = await sweep();
    source.script.people = people(200);
    expect(await sweep()).toMatchObject({ state: 'ok' });
    await work();
    expect(await rig.writes()).toEqual([]);
    expect(await rig.stores.runs.get(run?.id ?? '')).toMatchObject({ state: 'superseded' });
    expect(await rig.stores.holds.count()).toBe(0);
    expect(await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading)).toEqual({
      kind: 'not-held',
      why: 'this run is superseded, nothing of it waits',
    });
  });

  test('b, c: the source cannot be asked: failed, one alert, nothing concluded', async () => {
    await settledWith(20);
    source.script.people = [];
    source.script.breaks = 'corp: connection refused';
    expect(await sweep()).toMatchObject({ state: 'failed', reason: 'corp: connection refused' });
    await sweep();
    await work();
    expect(await rig.writes()).toEqual([]);
    expect(await rig.stores.watermarks.get('corp')).toBe('w1');
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-failed']);
  });

  test('d: records without an id: held, cannot be released, nothing concluded', async () => {
    await settledWith(20);
    Object.assign(source.script, { people: [], rejected: 20, problems: ['20 records have no usable id'] });
    const run = await sweep();
    expect(run).toMatchObject({
      state: 'held',
      releasable: false,
      reason: 'incomplete read: 20 records have no usable id',
      counts: { rejected: 20 },
    });
    await work();
    expect(await rig.writes()).toEqual([]);
    expect(await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading)).toMatchObject({
      kind: 'not-held',
    });
  });

  test('e: the only one known is not named: held', async () => {
    await settledWith(1);
    source.script.people = [];
    expect(await sweep()).toMatchObject({ state: 'held', counts: { missing: 1 } });
    await work();
    expect(await rig.writes()).toEqual([]);
  });

  test('more than the guard’s share missing: held, nobody looked for', async () => {
    await settledWith(200);
    source.script.people = people(200).slice(21);
    source.lookedUp.length = 0;
    expect(await sweep()).toMatchObject({
      state: 'held',
      reason: '21 of 200 known people are missing, more than the 20 that may go by themselves',
    });
    expect(source.lookedUp).toEqual([]);
    await work();
    expect(await rig.writes()).toEqual([]);
  });

  test('a read in which everybody is there but switched off: held as well', async () => {
    await settledWith(60);
    source.script.people = people(60).map(({ stableId }) => entryOf(stableId, { status: 'off' }));
    const run = await poll();
    expect(run).toMatchObject({
      state: 'held',
      releasable: true,
      reason: '60 removals at agileplace, more than the 6 that may go by themselves',
    });
    await work();
    expect(await rig.writes()).toEqual([]);
    await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading);
    await work();
    expect(await active()).toBe(0);
  });
});

describe('O-06: somebody is not named any more', () => {
  test.each([
    ['a', { kind: 'out-of-scope' } as const, 'out-of-scope'],
    ['b', { kind: 'gone' } as const, 'deleted'],
  ])('%s: a look-up says why, and the account is switched off once', async (_case, answer, reason) => {
    await settledWith(20);
    source.script.people = people(20).slice(1);
    source.script.found = () => answer;
    expect(await poll()).toMatchObject({ state: 'ok', counts: { due: 0 } });
    expect(await sweep()).toMatchObject({ state: 'ok', counts: { due: 1 } });
    await work();
    await sweep();
    await work();
    expect((await rig.writes()).map(({ body }) => (body as { active?: boolean }).active)).toEqual([false]);
    expect((await rig.stores.due.lastServed('agileplace', rig.key('p0')))?.plan).toMatchObject({ reason });

    source.script.people = people(20);
    await poll();
    await work();
    expect(
      (await rig.writes()).map(({ method, body }) => [method, (body as { active?: boolean }).active]),
    ).toEqual([
      ['PATCH', false],
      ['PATCH', true],
    ]);
  });

  test('c: the look-up has no answer: nothing is written, an operator is told, the next sweep asks again', async () => {
    await settledWith(20);
    source.script.people = people(20).slice(1);
    source.script.found = () => 'unavailable';
    source.script.watermark = 'w2';
    expect(await sweep()).toMatchObject({
      state: 'held',
      releasable: false,
      reason:
        '1 people may be gone, but the source cannot be asked for them: they stay as they are, and the next read asks again',
      counts: { cannotTell: 1, due: 0 },
    });
    await work();
    expect(await rig.writes()).toEqual([]);
    expect(await rig.stores.watermarks.get('corp')).toBe('w1');
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);
    source.script.found = () => ({ kind: 'gone' });
    expect(await sweep()).toMatchObject({ state: 'ok', counts: { deleted: 1, due: 1 } });
    expect(await rig.stores.runs.list({ state: 'held', limit: 10 })).toEqual([]);
  });

  test('the look-up finds them after all: nothing happens', async () => {
    await settledWith(20);
    source.script.people = people(20).slice(1);
    source.script.found = () => ({ kind: 'in-scope', entry: entryOf('p0') });
    expect(await sweep()).toMatchObject({ state: 'ok', counts: { due: 0 } });
  });
});

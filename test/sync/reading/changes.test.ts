/** Reads that tell only of what changed, and say themselves who is unchanged or gone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import type { Entry, GroupEntry } from '../../../app/person/entry.ts';
import type { SourceItem } from '../../../app/sources/source.ts';
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

const never = new AbortController().signal;
const source = scriptedSource();
const people = (count: number): Entry[] => Array.from({ length: count }, (_, n) => entryOf(`p${n}`));
const id = (text: string) => text as StableId;
const told =
  (kind: 'absent' | 'unchanged', what: 'person' | 'group' = 'person') =>
  (text: string): SourceItem => ({ kind, what, stableId: id(text) });
const board = (members: readonly string[]): GroupEntry => ({
  stableId: id('g1'),
  dn: 'cn=board',
  name: 'Board',
  members: members.map((name) => entryOf(name).dnKey ?? ''),
});

async function read(kind: 'poll' | 'sweep') {
  return await readSource(source, kind, rig.reading, never);
}
/** Everybody is known; from here on the source tells only of changes. */
async function known(count: number, groups: readonly GroupEntry[] = []): Promise<void> {
  Object.assign(source.script, { ...scriptedSource(people(count)).script, groups });
  await read('sweep');
  Object.assign(source.script, { people: [], groups: [], watermark: 'w2' });
  Object.assign(source, { asked: [] });
  source.lookedUp.length = 0;
  rig.alerts.length = 0;
}
const watermark = () => rig.stores.watermarks.get('corp');
const presence = async (name: string) => (await rig.stores.identities.get(rig.key(name)))?.presence.state;
const groupsOf = async (name: string) =>
  (await rig.stores.identities.get(rig.key(name)))?.groups.map((group) => group.name);

describe('somebody whom a poll calls gone', () => {
  test('is asked for, and gone', async () => {
    await known(20);
    source.script.more = [told('absent')('p3')];
    expect(await read('poll')).toMatchObject({ state: 'ok', kind: 'poll', counts: { deleted: 1, due: 1 } });
    expect(source.lookedUp).toEqual(['p3']);
    expect(await presence('p3')).toBe('absent');
    expect(await watermark()).toBe('w2');
  });

  test('is in scope again: is taken as they are now, with the groups that name them there', async () => {
    await known(20, [board(['p3'])]);
    const moved = { ...entryOf('p3'), dn: 'uid=p3,ou=new', dnKey: 'uid=p3,ou=new' };
    source.script.more = [told('absent')('p3')];
    source.script.found = () => ({ kind: 'in-scope', entry: moved });
    source.script.naming = [{ ...board([]), members: ['uid=p3,ou=new'] }];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await presence('p3')).toBe('present');
    expect(await groupsOf('p3')).toEqual(['Board']);
  });

  test('and shows again in the same read: is there, and nobody is asked for', async () => {
    await known(20);
    source.script.more = [
      told('absent')('p3'),
      { kind: 'person', entry: entryOf('p3') },
      told('absent')('p4'),
      told('unchanged')('p4'),
    ];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { read: 1, news: 0, due: 0 } });
    expect(source.lookedUp).toEqual([]);
  });

  test('in a read that showed them before: is asked for', async () => {
    await known(20);
    source.script.more = [{ kind: 'person', entry: entryOf('p3', { sn: 'King' }) }, told('absent')('p3')];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { deleted: 1, due: 1 } });
  });

  test('and is not known, or known as gone, is nobody to ask for', async () => {
    await known(20);
    source.script.more = [told('absent')('p3')];
    await read('poll');
    source.lookedUp.length = 0;
    source.script.more = [told('absent')('p3'), told('absent')('stranger')];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 0 } });
    expect(source.lookedUp).toEqual([]);
  });

  test('cannot be asked for: stays, and the watermark does not move past it', async () => {
    await known(20);
    source.script.more = [told('absent')('p3'), told('absent')('p4')];
    source.script.found = (asked) => (asked === 'p3' ? 'unavailable' : { kind: 'gone' });
    const first = await read('poll');
    expect(first).toMatchObject({ state: 'held', releasable: false, counts: { deleted: 1, cannotTell: 1 } });
    expect(await presence('p3')).toBe('present');
    expect(await presence('p4')).toBe('absent');
    expect(await watermark()).toBe('w1');

    const second = await read('poll');
    expect(second).toMatchObject({ state: 'held', counts: { deleted: 0, cannotTell: 1 } });
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);
    expect(await rig.stores.runs.get(first?.id ?? '')).toMatchObject({ state: 'superseded' });

    source.script.found = () => ({ kind: 'gone' });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { deleted: 1 } });
    expect(await watermark()).toBe('w2');
    expect(await rig.stores.runs.list({ state: 'held', limit: 10 })).toEqual([]);
  });

  test('one who cannot be asked for keeps nobody else waiting', async () => {
    await known(60);
    source.script.more = ['p1', 'p2', 'p3', 'p4', 'p5'].map(told('absent'));
    source.script.found = (asked) =>
      asked === 'p1'
        ? 'unavailable'
        : asked === 'p2'
          ? { kind: 'cannot-tell', why: 'two of them' }
          : { kind: 'gone' };
    expect(await read('poll')).toMatchObject({ counts: { deleted: 3, cannotTell: 2 } });
  });
});

describe('too many whom one poll calls gone', () => {
  const many = Array.from({ length: 7 }, (_, n) => `p${n}`);

  test('are held once, whatever is read after that, and go when they are released', async () => {
    await known(60);
    source.script.more = many.map(told('absent'));
    const run = await read('poll');
    expect(run).toMatchObject({
      kind: 'poll',
      state: 'held',
      releasable: true,
      reason: '7 of 60 known people are missing, more than the 6 that may go by themselves',
      counts: { missing: 7, held: 7 },
    });
    expect(source.lookedUp).toEqual([]);
    // Nobody tells of them again, so that this run is the one to release.
    expect(await watermark()).toBe('w2');
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    source.script.more = [];
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);
    expect(await rig.stores.holds.count()).toBe(7);

    expect(await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading)).toMatchObject({
      kind: 'released',
    });
    expect(await Promise.all(many.map(presence))).toEqual(many.map(() => 'absent'));
    expect(await presence('p7')).toBe('present');
  });

  test('those who are back before the release stay, although they are as they were', async () => {
    await known(60);
    source.script.more = many.map(told('absent'));
    const run = await read('poll');
    source.script.more = [{ kind: 'person', entry: entryOf('p0') }, told('unchanged')('p1')];
    await read('poll');
    expect(await rig.stores.holds.size(run?.id ?? '')).toBe(5);
    await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading);
    expect(await presence('p0')).toBe('present');
    expect(await presence('p1')).toBe('present');
    expect(await presence('p2')).toBe('absent');
  });

  test('all are back: the hold is over', async () => {
    await known(60);
    source.script.more = many.map(told('absent'));
    const run = await read('poll');
    source.script.more = many.map(told('unchanged'));
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    expect(await rig.stores.runs.get(run?.id ?? '')).toMatchObject({ state: 'superseded' });
    expect(await rig.stores.holds.count()).toBe(0);
  });

  test('a poll that was answered with everybody holds them once as well, and is not repeated', async () => {
    await known(60);
    Object.assign(source.script, { people: people(60).slice(7), names: 'everyone' });
    const run = await read('poll');
    expect(run).toMatchObject({ kind: 'sweep', state: 'held', releasable: true, counts: { held: 7 } });
    expect(await watermark()).toBe('w2');
    Object.assign(source.script, { people: [], names: null, watermark: 'w3' });
    expect(await read('poll')).toMatchObject({ kind: 'poll', state: 'ok' });
    expect(await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading)).toMatchObject({
      kind: 'released',
    });
    expect(await Promise.all(many.map(presence))).toEqual(many.map(() => 'absent'));
  });

  test('a sweep that does not name them either takes the hold over', async () => {
    await known(60);
    source.script.more = many.map(told('absent'));
    const run = await read('poll');
    Object.assign(source.script, { people: people(60).slice(7), more: [] });
    const next = await read('sweep');
    expect(next).toMatchObject({ state: 'held', counts: { missing: 7, held: 7 } });
    expect(await rig.stores.runs.get(run?.id ?? '')).toMatchObject({ state: 'superseded' });
    expect(await rig.stores.holds.count()).toBe(7);
  });
});

describe('somebody whom a read calls unchanged', () => {
  test('counts as seen, and nobody is asked for', async () => {
    await known(3);
    Object.assign(source.script, { names: 'everyone', more: ['p0', 'p1', 'p2'].map(told('unchanged')) });
    expect(await read('poll')).toMatchObject({ kind: 'sweep', state: 'ok', counts: { read: 0, due: 0 } });
    expect(source.lookedUp).toEqual([]);
  });

  test('and who is not known, is asked for and taken in', async () => {
    await known(3);
    source.script.more = [told('unchanged')('p0'), told('unchanged')('new')];
    source.script.found = (asked) => ({ kind: 'in-scope', entry: entryOf(asked) });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { news: 1, due: 1 } });
    expect(source.lookedUp).toEqual(['new']);
    expect(await presence('new')).toBe('present');
    expect(await watermark()).toBe('w2');
  });

  test('and who is known as gone, is asked for and back', async () => {
    await known(20);
    source.script.more = [told('absent')('p3')];
    await read('poll');
    source.script.more = [told('unchanged')('p3')];
    source.script.found = (asked) => ({ kind: 'in-scope', entry: entryOf(asked) });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { news: 1, due: 1 } });
    expect(await presence('p3')).toBe('present');
  });

  test('and who is not known and cannot be asked for: the read is not good enough', async () => {
    await known(3);
    source.script.more = [told('unchanged')('new')];
    source.script.found = () => 'unavailable';
    expect(await read('poll')).toMatchObject({
      state: 'held',
      releasable: false,
      reason:
        'incomplete read: 1 people are called unchanged, but nothing is known of them and they cannot be asked for',
    });
    expect(await watermark()).toBe('w1');
    source.script.found = (asked) => ({ kind: 'in-scope', entry: entryOf(asked) });
    await read('poll');
    expect(await presence('new')).toBe('present');
  });
});

describe('a group', () => {
  test('that is called unchanged but is not known: the next read tells of everybody', async () => {
    await known(1);
    source.script.more = [told('unchanged', 'group')('g1')];
    expect(await read('poll')).toMatchObject({
      state: 'held',
      releasable: false,
      reason: '1 groups are called unchanged, but nothing is known of them: the next read tells of everybody',
    });
    expect(await watermark()).toBeNull();
    Object.assign(source.script, { people: people(1), groups: [board(['p0'])], more: [] });
    expect(await read('poll')).toMatchObject({ kind: 'sweep', state: 'ok' });
    expect(await groupsOf('p0')).toEqual(['Board']);
    expect(await watermark()).toBe('w2');
  });

  test('that a poll calls gone is gone for those in it', async () => {
    await known(3, [board(['p0', 'p1']), { ...board([]), stableId: id('g2') }]);
    source.script.more = [told('absent', 'group')('g1')];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 2 } });
    expect(await groupsOf('p0')).toEqual([]);
  });
});

describe('O-05: a search for groups that finds none, or few', () => {
  const groups = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...board([`p${n}`]), stableId: id(`g${n}`), dn: `cn=g${n}` }));

  test('takes nothing from anybody until the run is released', async () => {
    await known(12, groups(12));
    Object.assign(source.script, { people: people(12), groups: [] });
    const run = await read('sweep');
    expect(run).toMatchObject({
      state: 'held',
      releasable: true,
      reason: 'the source answered without an error but named no group, where 12 were known',
      counts: { missingGroups: 12, due: 0 },
    });
    expect(await watermark()).toBe('w1');
    expect(await groupsOf('p0')).toEqual(['Board']);
    await read('sweep');
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held']);

    const [held, ...others] = await rig.stores.runs.list({ state: 'held', limit: 10 });
    expect(others).toEqual([]);
    await releaseRun(held?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading);
    expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { due: 12 } });
    expect(await groupsOf('p0')).toEqual([]);
  });

  test('and finds them again: nothing has happened', async () => {
    await known(12, groups(12));
    Object.assign(source.script, { people: people(12), groups: groups(12).slice(6) });
    expect(await read('sweep')).toMatchObject({
      state: 'held',
      reason: '6 of 12 known groups are missing, more than the 5 that may go by themselves',
    });
    source.script.groups = groups(12);
    expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { due: 0 } });
    expect(await rig.stores.runs.list({ state: 'held', limit: 10 })).toEqual([]);
    expect(await watermark()).toBe('w2');
  });

  test('what was released once does not release more later', async () => {
    await known(12, groups(12));
    Object.assign(source.script, { people: people(12), groups: groups(12).slice(6) });
    const run = await read('sweep');
    await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'checked' }, rig.reading);
    source.script.groups = [];
    expect(await read('sweep')).toMatchObject({ state: 'held', counts: { missingGroups: 12 } });
    expect(await groupsOf('p11')).toEqual(['Board']);
  });

  test('in a poll: the next sweep decides', async () => {
    await known(12, groups(12));
    source.script.more = groups(12).map(({ stableId }) => told('absent', 'group')(stableId));
    expect(await read('poll')).toMatchObject({
      state: 'ok',
      notices: [
        'the source answered without an error but named no group, where 12 were known; the next sweep decides',
      ],
    });
    expect(await groupsOf('p0')).toEqual(['Board']);
    Object.assign(source.script, { people: people(12), groups: [], more: [] });
    expect(await read('sweep')).toMatchObject({ state: 'held', counts: { missingGroups: 12 } });
  });
});

describe('how a source is followed', () => {
  test('stands in each run, and is told when it changes', async () => {
    const changes: object[] = [];
    const reading = {
      ...rig.reading,
      signals: { ...rig.reading.signals, trackingChanged: (change: object) => changes.push(change) },
    };
    Object.assign(source.script, { ...scriptedSource(people(1)).script, tracking: 'content-sync' });
    expect(await readSource(source, 'poll', reading, never)).toMatchObject({ tracking: 'content-sync' });
    await readSource(source, 'poll', reading, never);
    Object.assign(source.script, {
      tracking: 'time-stamps',
      notices: ['not read by content-sync: no overlay'],
    });
    expect(await readSource(source, 'poll', reading, never)).toMatchObject({
      tracking: 'time-stamps',
      notices: ['not read by content-sync: no overlay'],
    });
    expect(changes).toEqual([
      { source: 'corp', before: null, now: 'content-sync', notices: [] },
      {
        source: 'corp',
        before: 'content-sync',
        now: 'time-stamps',
        notices: ['not read by content-sync: no overlay'],
      },
    ]);
  });
});

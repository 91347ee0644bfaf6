/**
 * People and groups under a new name: servers write it into the groups that hold them without a stamp (OpenLDAP's refint,
 * Active Directory's links), so those groups are asked for. Until that is done nobody may lose anything by the rename.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import type { Entry, GroupEntry } from '../../../app/person/entry.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { refresh } from '../../../app/sync/reprovision.ts';
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
const read = (kind: 'poll' | 'sweep') => readSource(source, kind, rig.reading, never);
const id = (text: string) => text as StableId;
const group = (name: string, members: readonly string[], at = `cn=${name}`): GroupEntry => ({
  stableId: id(`g-${name}`),
  dn: at,
  dnKey: at,
  name,
  members,
});
const groupsOf = async (name: string) =>
  (await rig.stores.identities.get(rig.key(name)))?.groups.map((each) => each.name).sort();
const standingAt = (name: string, dn: string): Entry => ({ ...entryOf(name), dn, dnKey: dn });
const dnOf = (name: string) => entryOf(name).dnKey ?? '';

const MOVED = 'uid=p0,ou=new';

/** Everybody and every group is known; from here on the source tells of what the test says. */
async function known(...groups: readonly GroupEntry[]): Promise<void> {
  const people = ['p0', 'p1'].map((name) => entryOf(name));
  Object.assign(source.script, { ...scriptedSource(people).script, groups });
  await read('sweep');
  Object.assign(source.script, { people: [], groups: [] });
  rig.rung.length = 0;
  source.lookedUp.length = 0;
}

describe('a person who is renamed', () => {
  const board = group('board', [dnOf('p0'), dnOf('p1')]);
  const boardNow = group('board', [MOVED, dnOf('p1')]);

  test('in a read that calls the groups unchanged: is found in them', async () => {
    await known(board);
    Object.assign(source.script, {
      names: 'everyone',
      people: [standingAt('p0', MOVED), entryOf('p1')],
      more: [{ kind: 'unchanged', what: 'group', stableId: board.stableId }],
      naming: [boardNow],
    });
    expect(await read('poll')).toMatchObject({ kind: 'sweep', state: 'ok' });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('in a read that breaks off: is not due before the groups were asked for', async () => {
    await known(board);
    Object.assign(source.script, {
      people: [standingAt('p0', MOVED)],
      naming: 'unavailable',
      breaks: 'gone',
    });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 0 } });
    expect(rig.rung).toEqual([]);
    // Told again, they are no news; that they were not asked for is not forgotten.
    Object.assign(source.script, { naming: [boardNow], breaks: null });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
    expect(rig.rung).toEqual([rig.key('p0')]);
  });

  test('in a read that is not complete: the same, and everybody else is due', async () => {
    await known(board);
    Object.assign(source.script, {
      people: [standingAt('p0', MOVED), entryOf('p1', { sn: 'King' })],
      naming: 'unavailable',
      problems: ['a part is missing'],
    });
    expect(await read('poll')).toMatchObject({ state: 'held', counts: { due: 1 } });
    expect(rig.rung).toEqual([rig.key('p1')]);
    Object.assign(source.script, { naming: [boardNow], problems: [] });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('in a read that is not whole, by a source that answers: is found in them and due at once', async () => {
    await known(board);
    const moved = [standingAt('p0', MOVED)];
    Object.assign(source.script, { people: moved, naming: [boardNow], problems: ['a part is missing'] });
    expect(await read('poll')).toMatchObject({ state: 'held', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('in a read after which the groups cannot be asked for: the same', async () => {
    await known(board);
    Object.assign(source.script, { people: [standingAt('p0', MOVED)], naming: 'unavailable' });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 0 } });
    source.script.naming = [boardNow];
    source.script.people = [];
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('and one who is new and has nothing to lose: that one is due', async () => {
    await known(board);
    Object.assign(source.script, {
      people: [standingAt('p0', MOVED), entryOf('new')],
      naming: 'unavailable',
      breaks: 'gone',
    });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 1 } });
    expect(rig.rung).toEqual([rig.key('new')]);
    Object.assign(source.script, {
      people: [],
      naming: [boardNow, group('staff', [dnOf('new')])],
      breaks: null,
    });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 2 } });
    expect(await groupsOf('new')).toEqual(['staff']);
  });

  test('and whom an operator asks for before a read does: stays who they were until then', async () => {
    await known(board);
    source.script.found = () => ({ kind: 'in-scope', entry: standingAt('p0', MOVED) });
    const targetOf = () => rig.target;
    const deps = { ...rig.reading, newId: () => 'run', sourceOf: () => source, targetOf };
    await refresh(rig.key('p0'), deps, never);
    expect(await groupsOf('p0')).toEqual(['board']);
    source.script.found = () => ({ kind: 'in-scope', entry: entryOf('p0', { sn: 'King' }) });
    await refresh(rig.key('p0'), deps, never);
    expect((await rig.stores.identities.get(rig.key('p0')))?.entry.attributes['sn']).toEqual(['King']);
  });

  test('where no groups are known, waits for nothing', async () => {
    await known();
    Object.assign(source.script, { people: [standingAt('p0', MOVED)], breaks: 'gone' });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 1 } });
  });
});

describe('a person who is renamed while a read is under way', () => {
  const board = group('board', [dnOf('p0'), dnOf('p1')]);
  const boardNow = group('board', [MOVED, dnOf('p1')]);
  const staff = group('staff', [dnOf('p0')]);
  const staffNow = group('staff', [MOVED]);

  test('after they were read, and before some of their groups were: loses none of them', async () => {
    await known(board, staff);
    Object.assign(source.script, {
      people: ['p0', 'p1'].map((name) => entryOf(name)),
      groups: [staff, boardNow],
      naming: [staffNow, boardNow],
      found: () => ({ kind: 'in-scope', entry: standingAt('p0', MOVED) }),
    });
    expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(source.lookedUp).toEqual(['p0']);
    expect(await groupsOf('p0')).toEqual(['board', 'staff']);
  });

  test('in a read that breaks off behind the group: is not due before they were asked for', async () => {
    await known(board);
    Object.assign(source.script, { groups: [boardNow], naming: 'unavailable', breaks: 'gone' });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 0 } });
    Object.assign(source.script, {
      groups: [],
      naming: [boardNow],
      breaks: null,
      found: () => ({ kind: 'in-scope', entry: standingAt('p0', MOVED) }),
    });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('so that the read misses them: are found, with the groups that were read before', async () => {
    await known(board);
    Object.assign(source.script, {
      people: [entryOf('p1')],
      groups: [board],
      naming: [boardNow],
      found: () => ({ kind: 'in-scope', entry: standingAt('p0', MOVED) }),
    });
    expect(await read('sweep')).toMatchObject({ state: 'ok' });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('while a search for groups finds none: keep theirs until the groups were asked for', async () => {
    await known(board);
    const people = [standingAt('p0', MOVED), entryOf('p1')];
    Object.assign(source.script, { people, naming: 'unavailable' });
    expect(await read('sweep')).toMatchObject({ state: 'failed', counts: { due: 0 } });
    source.script.naming = [boardNow];
    expect(await read('sweep')).toMatchObject({ state: 'held', counts: { missingGroups: 1, due: 1 } });
    expect(await groupsOf('p0')).toEqual(['board']);
  });

  test('somebody who did leave a group is out of it, also where they cannot be asked for', async () => {
    await known(board);
    Object.assign(source.script, { groups: [group('board', [dnOf('p1')])], found: () => 'unavailable' });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual([]);
  });
});

describe('a group that is renamed', () => {
  const inner = group('inner', [dnOf('p0')]);
  const outer = group('outer', ['cn=inner']);
  const innerNow = group('inner', [dnOf('p0')], 'cn=inner,ou=new');
  const outerNow = group('outer', ['cn=inner,ou=new']);

  test('in a read that breaks off: takes nobody out of the groups that hold it', async () => {
    await known(inner, outer);
    Object.assign(source.script, { groups: [innerNow], naming: 'unavailable', breaks: 'gone' });
    expect(await read('poll')).toMatchObject({ state: 'failed', counts: { due: 0 } });
    Object.assign(source.script, { groups: [], naming: [outerNow], breaks: null });
    expect(await read('poll')).toMatchObject({ state: 'ok', counts: { due: 1 } });
    expect(await groupsOf('p0')).toEqual(['inner', 'outer']);
  });

  test('in a read that calls the others unchanged: the same', async () => {
    await known(inner, outer);
    Object.assign(source.script, {
      names: 'everyone',
      people: ['p0', 'p1'].map((name) => entryOf(name)),
      groups: [innerNow],
      more: [{ kind: 'unchanged', what: 'group', stableId: outer.stableId }],
      naming: [outerNow],
    });
    expect(await read('poll')).toMatchObject({ state: 'ok' });
    expect(await groupsOf('p0')).toEqual(['inner', 'outer']);
  });
});

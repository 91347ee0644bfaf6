import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Entry, GroupEntry } from '../../../app/person/entry.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';
import { scriptedSource } from '../../support/scripted-source.ts';
import { unannounced } from '../../support/unannounced.ts';

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
const people = (count: number): Entry[] => Array.from({ length: count }, (_, n) => entryOf(`p${n}`));
const dnKeys = (entries: readonly Entry[]) => entries.map(({ dnKey = '' }) => dnKey);
const versionOf = async (name: string) => (await rig.stores.identities.get(rig.key(name)))?.version;

const group = (name: string, members: readonly string[]): GroupEntry => ({
  stableId: entryOf(`g-${name}`).stableId,
  dn: `cn=${name}`,
  dnKey: `cn=${name}`,
  name,
  members,
});

function told(entries: readonly Entry[], ...groups: readonly GroupEntry[]): void {
  Object.assign(source.script, { ...scriptedSource(entries).script, groups });
}

test('a first read stores each person once, whatever groups they are in', async () => {
  told(people(3), group('board', dnKeys(people(3))));
  expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { news: 3, due: 3 } });
  expect(await versionOf('p0')).toBe(1);
  expect((await rig.stores.groups.touched('corp')).people).toEqual([]);
});

test('whom a process had noted when it was killed is due at the next read', async () => {
  told(people(3), group('board', []));
  await read('sweep');
  rig.rung.length = 0;
  // It stored the group, and then no more.
  await rig.stores.groups.put('corp', group('board', dnKeys(people(2))));
  told([]);
  expect(await read('poll')).toMatchObject({ counts: { news: 0, due: 2 } });
  expect([...rig.rung].sort()).toEqual([rig.key('p0'), rig.key('p1')].sort());
  expect(await versionOf('p0')).toBe(2);
  expect(await read('poll')).toMatchObject({ counts: { due: 0 } });
});

test('a member who is gone from the source is not made due', async () => {
  told(people(1), group('board', []));
  await read('sweep');
  await rig.gone('p0');
  await rig.reading.identities.announced('corp', await unannounced(rig.reading.identities, 'corp'));
  told([], group('board', dnKeys(people(1))));
  expect(await read('poll')).toMatchObject({ counts: { due: 0 } });
});

test('members who are not read are counted at each read of everybody, and of how many groups', async () => {
  told(people(1), group('a', ['uid=x', 'uid=y']), group('b', ['uid=x']), group('c', dnKeys(people(1))));
  expect(await read('sweep')).toMatchObject({
    notices: ['3 members of 2 groups are neither people nor groups that are read here'],
  });
  expect(await read('poll')).toMatchObject({ notices: [] });
});

/**
 * Groups, from a real slapd over a read and the worker's parts to the request that the target received (O-23).
 * The title of each account is the list of the person's groups.
 */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../app/mapping/mapping.ts';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { GROUPS, group, never, PEOPLE, person, sourceFor } from '../sources/ldap/invented.ts';
import { type Rig, startRig } from '../support/rig.ts';

const BY_GROUPS: Mapping = {
  file: 'mappings/corp.yaml',
  source: 'corp',
  target: 'agileplace',
  reads: ['mail'],
  matchOn: ['userName'],
  policy: USUAL_POLICY,
  map({ entry, groups }) {
    const title = groups.map(({ name, nested }) => (nested ? `(${name})` : name)).sort();
    const user = { userName: entry.attributes['mail']?.[0] ?? '', active: true, title: title.join(' ') };
    return { kind: 'in-scope', user, warnings: [] };
  },
};

let rig: Rig;
let directory: Directory;
beforeAll(async () => {
  rig = await startRig({ mapping: BY_GROUPS });
});
beforeEach(async () => {
  await rig.clear();
});
afterEach(() => directory.stop());
afterAll(async () => {
  await rig.stop();
});

const personDn = (uid: string) => `uid=${uid},${PEOPLE}`;
const groupDn = (cn: string) => `cn=${cn},${GROUPS}`;
/** A poll that takes in nothing twice: what it tells of has changed. */
const source = (change = {}) => sourceFor(directory, { overlapMs: 0, ...change });

/** Reads and works off what it brought. @returns the run, and the writes at the target as `PATCH ada` */
async function step(kind: 'poll' | 'sweep', from = source()) {
  await rig.sandbox.clearJournal();
  const run = await readSource(from, kind, rig.reading, never);
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
  const names = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, String(user.userName)]));
  const writes = (await rig.writes()).map(({ method, path, body }) => {
    const name = (body as { userName?: string }).userName ?? names.get(path.split('/').at(-1) ?? '') ?? '';
    return `${method} ${name.split('@')[0]}`;
  });
  return { run, writes: writes.sort() };
}

async function titleOf(uid: string): Promise<string> {
  return String((await rig.sandbox.account(`${uid}@example.test`))?.user.title ?? '');
}

describe('O-23: groups in groups', () => {
  test('cycles, a group in itself, a chain of 200 and members that are not read', async () => {
    const people = ['u1', 'u3', 'u4', 'u5', 'u6'];
    const chain = Array.from({ length: 200 }, (_, n) =>
      group(`E${n}`, [n === 199 ? personDn('u5') : groupDn(`E${n + 1}`)]),
    );
    directory = await startDirectory({
      ldif: [
        ...people.map((uid) => person(uid)),
        group('A', [personDn('u1'), groupDn('B')]),
        group('B', [groupDn('C')]),
        group('C', [personDn('u3'), groupDn('A')]),
        group('D', [groupDn('D'), personDn('u4')]),
        group('F', ['cn=elsewhere,ou=former,dc=example,dc=test', personDn('u6')]),
        ...chain,
      ].join(''),
    });
    const first = await step('sweep');
    expect(first.writes).toEqual(people.map((uid) => `POST ${uid}`));
    expect(first.run).toMatchObject({ state: 'ok' });
    expect(first.run?.notices?.filter((notice) => notice.includes('member'))).toEqual([
      '1 member of 1 group are neither people nor groups that are read here',
    ]);
    expect(await titleOf('u1')).toBe('(B) (C) A');
    expect(await titleOf('u3')).toBe('(A) (B) C');
    expect(await titleOf('u4')).toBe('D');
    expect((await titleOf('u5')).split(' ')).toHaveLength(200);
    expect(await titleOf('u6')).toBe('F');
    expect((await step('sweep')).writes).toEqual([]);
    expect((await step('poll')).writes).toEqual([]);
  });

  test('a change two groups up makes just those below it due; without nesting nobody', async () => {
    directory = await startDirectory({
      ldif: [
        ...['ada', 'bea', 'cleo'].map((uid) => person(uid)),
        group('inner', [personDn('ada')]),
        group('middle', [groupDn('inner')]),
        group('outer', [personDn('bea')]),
        group('other', [personDn('cleo')]),
      ].join(''),
    });
    await step('sweep');
    await step('poll');
    expect(await titleOf('ada')).toBe('(middle) inner');
    await directory.modify(groupDn('outer'), { add: { member: groupDn('middle') } });
    expect((await step('poll')).writes).toEqual(['PATCH ada']);
    expect(await titleOf('ada')).toBe('(middle) (outer) inner');
    await directory.remove(groupDn('middle'));
    await step('sweep');
    expect(await titleOf('ada')).toBe('inner');
    const flat = source({ groups: { base: GROUPS, nested: false } });
    await directory.modify(groupDn('outer'), { add: { member: groupDn('inner') } });
    await step('sweep', flat);
    expect(await titleOf('ada')).toBe('inner');
  });

  test('a group that refint renames in others without a stamp stays in them', async () => {
    directory = await startDirectory({
      ldif: person('ada') + group('inner', [personDn('ada')]) + group('outer', [groupDn('inner')]),
      overlays: ['refint'],
    });
    await step('sweep');
    await step('poll');
    await directory.rename(groupDn('inner'), groupDn('core'));
    await expect
      .poll(async () => (await directory.read(groupDn('outer')))['member'], { timeout: 10_000 })
      .toEqual([groupDn('core')]);
    expect((await step('poll')).writes).toEqual(['PATCH ada']);
    expect(await titleOf('ada')).toBe('(outer) core');
  });

  test('a person whom refint renames in their groups keeps them', async () => {
    directory = await startDirectory({
      ldif: person('ada') + group('board', [personDn('ada')]),
      overlays: ['refint'],
    });
    await step('sweep');
    await step('poll');
    await directory.rename(personDn('ada'), personDn('ada.l'));
    await expect
      .poll(async () => (await directory.read(groupDn('board')))['member'], { timeout: 10_000 })
      .toEqual([personDn('ada.l')]);
    expect((await step('poll')).writes).toEqual([]);
    expect(await titleOf('ada')).toBe('board');
  });
});

test('who appears after the group that names them is in it at once, by DN and by login name', async () => {
  const posix = `dn: ${groupDn('unix')}\nobjectClass: posixGroup\ncn: unix\ngidNumber: 1\nmemberUid: Bea\n\n`;
  directory = await startDirectory({ ldif: person('ada') + group('board', [personDn('bea')]) + posix });
  for (const [memberAttribute, filter, title] of [
    ['member', '(objectClass=groupOfNames)', 'board'],
    ['memberUid', '(objectClass=posixGroup)', 'unix'],
  ] as const) {
    await rig.clear();
    const from = source({ groups: { base: GROUPS, memberAttribute, filter } });
    await step('sweep', from);
    await directory.add(personDn('bea'), {
      objectClass: 'inetOrgPerson',
      uid: 'bea',
      cn: 'bea',
      sn: 'bea',
      mail: 'bea@example.test',
    });
    expect((await step('poll', from)).writes).toEqual(['POST bea']);
    expect(await titleOf('bea')).toBe(title);
    await directory.remove(personDn('bea'));
  }
});

test('memberOf is believed where the people say it, and shows at a sweep where the server does not stamp them', async () => {
  directory = await startDirectory({ ldif: person('ada') + person('bea'), overlays: ['memberof'] });
  const from = source({ groups: { memberAttribute: 'memberOf' } });
  await step('sweep', from);
  await step('poll', from);
  await directory.add(groupDn('board'), {
    objectClass: 'groupOfNames',
    cn: 'board',
    member: personDn('ada'),
  });
  expect((await step('sweep', from)).writes).toEqual(['PATCH ada']);
  expect(await titleOf('ada')).toBe('board');
});

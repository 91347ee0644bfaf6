/**
 * A year of an HR system that exports its people to a file, from the deliveries to the requests that the target
 * received (O-05 for deliveries that are not what they should be).
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FileSourceOptions } from '../../app/sources/file/index.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';
import { CSV, inbox, LDIF, never, sourceFor } from '../sources/file/delivered.ts';
import { type Rig, startRig } from '../support/rig.ts';

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

type Person = {
  readonly id: string;
  readonly sn?: string;
  readonly status?: string;
  readonly roles?: string;
};

const HEADINGS = 'Id;Mail;Given name;Last name;Status;Roles';
const people = (ids: readonly string[]): Person[] => ids.map((id) => ({ id }));
const row = ({ id, sn = 'Byron', status = '', roles = '' }: Person) =>
  `${id};${id}@example.test;Ada;${sn};${status};${roles}\n`;
const csv = (all: readonly Person[]) => `${HEADINGS}\n${all.map(row).join('')}`;
const STAFF = ['ada', 'bea', 'cleo', 'dora', 'ella', 'fay', 'gwen', 'hedy', 'ida', 'joan'];

const format = {
  ...CSV,
  delimiter: ';',
  columns: { givenName: 'Given name', sn: 'Last name' },
  groups: { column: 'Roles', separator: ',' },
};

function delivery(name = 'people.csv', change: Partial<FileSourceOptions> = {}) {
  const box = inbox();
  const source = sourceFor(box.at(name), { name: 'corp', format, ...change });
  const read = async (kind: 'poll' | 'sweep' = 'poll') => {
    await rig.sandbox.clearJournal();
    const run = await readSource(source, kind, rig.reading, never);
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await rig.attempt(key);
    }
    const names = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, String(user.userName)]));
    const writes = (await rig.writes()).map(({ method, path, body }) => {
      const { userName, active, name: parts } = body as Record<string, unknown>;
      const who = String(userName ?? names.get(path.split('/').at(-1) ?? ''));
      const what = method === 'POST' ? '' : ` ${JSON.stringify(active === undefined ? parts : { active })}`;
      return `${method} ${who.split('@')[0]}${what}`;
    });
    return { state: run?.state, reason: run?.reason, writes: writes.sort() };
  };
  return { ...box, source, read };
}

test('hire, change, leaver, return: one write each, and the same file again costs nothing', async () => {
  const { deliver, read } = delivery();
  await deliver('people.csv', csv(people(['ada', 'bea'])));
  expect(await read()).toEqual({ state: 'ok', reason: undefined, writes: ['POST ada', 'POST bea'] });
  expect((await read()).writes).toEqual([]);
  expect((await read('sweep')).writes).toEqual([]);

  await deliver('people.csv', csv([{ id: 'ada', sn: 'Lovelace' }, { id: 'bea' }, { id: 'cleo' }]));
  expect((await read()).writes).toEqual([
    'PATCH ada {"givenName":"Ada","familyName":"Lovelace"}',
    'POST cleo',
  ]);

  await deliver(
    'people.csv',
    csv([
      { id: 'ada', sn: 'Lovelace' },
      { id: 'cleo', status: 'off' },
    ]),
  );
  expect(await read()).toEqual({
    state: 'ok',
    reason: undefined,
    writes: ['PATCH bea {"active":false}', 'PATCH cleo {"active":false}'],
  });
  expect((await rig.stores.identities.get(rig.key('bea')))?.presence).toMatchObject({ why: 'deleted' });

  await deliver('people.csv', csv([{ id: 'ada', sn: 'Lovelace' }, { id: 'bea' }, { id: 'cleo' }]));
  expect((await read()).writes).toEqual(['PATCH bea {"active":true}', 'PATCH cleo {"active":true}']);
  const accounts = (await rig.sandbox.accounts()).map(({ user }) => [user.userName, user.active]);
  expect(accounts.sort()).toEqual([
    ['ada@example.test', true],
    ['bea@example.test', true],
    ['cleo@example.test', true],
  ]);
  expect(rig.alerts).toEqual([]);
});

test('O-05: wherever an upload broke off, nobody loses access, and who is in it is right', async () => {
  const whole = csv(people(STAFF));
  const { deliver, read } = delivery('people.csv', { format: { ...format, trailer: '#END' } });
  await deliver('people.csv', `${whole}#END;10\n`);
  expect((await read()).writes).toHaveLength(10);
  for (const length of [
    0,
    1,
    20,
    HEADINGS.length,
    80,
    200,
    whole.length - 1,
    whole.length,
    whole.length + 4,
  ]) {
    await deliver('people.csv', `${whole}#END;10\n`.slice(0, length));
    expect([length, await read()]).toEqual([length, expect.objectContaining({ state: 'held', writes: [] })]);
  }
  const told = rig.alerts.length;
  expect((await read('sweep')).reason).toBe('incomplete read: people.csv has a trailer without a count');
  expect([told, rig.alerts.length]).toEqual([9, 9]);
  await deliver('people.csv', `${whole}#END;10\n`);
  expect(await read()).toEqual({ state: 'ok', reason: undefined, writes: [] });
});

test('O-05: a file without people, and one with most of them missing, wait for an operator', async () => {
  const { deliver, read } = delivery();
  await deliver('people.csv', csv(people(STAFF)));
  await read();
  await deliver('people.csv', `${HEADINGS}\n`);
  expect(await read()).toMatchObject({ state: 'held', writes: [] });
  // The run that waits stays the one to release, however often the file is looked at.
  expect(await read()).toMatchObject({ state: 'ok', writes: [] });
  const [held] = await rig.stores.runs.list({ state: 'held', source: 'corp', limit: 10 });
  expect(held).toMatchObject({ releasable: true, counts: { missing: 10 } });
  await deliver('people.csv', csv(people(STAFF.slice(0, 3))));
  expect(await read()).toMatchObject({ state: 'held', writes: [] });
  await deliver('people.csv', csv(people(STAFF)));
  expect(await read()).toEqual({ state: 'ok', reason: undefined, writes: [] });
  expect(await rig.stores.runs.list({ state: 'held', source: 'corp', limit: 10 })).toEqual([]);
});

test('a row that cannot be used keeps everybody who may be meant by it, and lets the others change', async () => {
  const { deliver, read } = delivery();
  await deliver('people.csv', csv(people(['ada', 'bea'])));
  await read();
  await deliver('people.csv', `${csv([{ id: 'ada', sn: 'Lovelace' }])}bea;bea@example.test\n`);
  expect(await read()).toEqual({
    state: 'held',
    reason: 'incomplete read: people.csv line 3 has 2 instead of 6 columns',
    writes: ['PATCH ada {"givenName":"Ada","familyName":"Lovelace"}'],
  });
});

test('roles of a file are groups: whoever gets or loses one is looked at, and nobody else', async () => {
  const { deliver, read } = delivery();
  const groupsOf = async (id: string) =>
    (await rig.stores.identities.get(rig.key(id)))?.groups.map(({ name }) => name).sort();
  const version = async (id: string) => (await rig.stores.identities.get(rig.key(id)))?.version;
  await deliver(
    'people.csv',
    csv([
      { id: 'ada', roles: 'Staff,Admins' },
      { id: 'bea', roles: 'staff' },
    ]),
  );
  await read();
  expect([await groupsOf('ada'), await groupsOf('bea')]).toEqual([['Admins', 'Staff'], ['Staff']]);
  const before = await version('bea');
  await deliver(
    'people.csv',
    csv([
      { id: 'ada', roles: 'Staff' },
      { id: 'bea', roles: 'staff' },
    ]),
  );
  await read();
  expect([await groupsOf('ada'), await groupsOf('bea')]).toEqual([['Staff'], ['Staff']]);
  expect(await version('bea')).toBe(before);
});

test('LDIF: the same life', async () => {
  const { deliver, read } = delivery('people.ldif', { format: { ...LDIF, id: 'employeeNumber' } });
  const entry = (id: string, sn = 'Byron', ou = 'people') =>
    ldifEntry(`uid=${id},ou=${ou},dc=example,dc=test`, {
      objectClass: 'inetOrgPerson',
      employeeNumber: id,
      mail: `${id}@example.test`,
      givenName: 'Ada',
      sn,
    });
  await deliver('people.ldif', entry('ada') + entry('bea'));
  expect((await read()).writes).toEqual(['POST ada', 'POST bea']);
  await deliver('people.ldif', entry('ada', 'Lovelace', 'moved') + entry('bea').trimEnd());
  expect(await read()).toMatchObject({
    state: 'held',
    writes: ['PATCH ada {"givenName":"Ada","familyName":"Lovelace"}'],
  });
  await deliver('people.ldif', entry('ada', 'Lovelace', 'moved'));
  expect(await read()).toMatchObject({ state: 'ok', writes: ['PATCH bea {"active":false}'] });
  await deliver('people.ldif', entry('ada', 'Lovelace', 'moved') + entry('bea'));
  expect(await read()).toMatchObject({ state: 'ok', writes: ['PATCH bea {"active":true}'] });
});

/**
 * Incidents in what a source sends: values that are as good as empty, through a mapping file to the body that the
 * target received (O-09), and events about somebody who has an account, in every order (O-20).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';
import { toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { type PersonEvent, receiveEvent } from '../../app/sync/receive-event.ts';
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

type Values = Readonly<Record<string, string | readonly string[]>>;

const FILE = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
reads: { upn: string, givenName: string, sn: string, title: string, displayName: string, department: string, telephoneNumber: string, status: string }
attributes:
  userName: '= e.upn'
  externalId: '= id'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  title: '= e.title'
  displayName: '= e.displayName'
  active: '= e.status != "off"'
  phoneNumbers: [{ value: '= e.telephoneNumber', type: work }]
  urn:scim:schemas:extension:enterprise:1.0: { department: '= e.department' }
`;

function mapping(): Mapping {
  const loaded = loadMapping('mappings/hr.yaml', FILE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}

function event(id: string, sequence: number, values: Values, subject = '1001'): PersonEvent {
  const person = toStableId(subject);
  if (person === null) throw new Error(`${subject} is an id`);
  const time = new Date(Date.UTC(2026, 2, 1, 10, 0, sequence)).toISOString();
  const attributes = toAttributes(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );
  return {
    id,
    source: 'corp',
    person,
    order: { sequence, time, event: id },
    change: { kind: 'upsert', attributes },
  };
}

async function send(one: PersonEvent) {
  await receiveEvent(one, 'hr', { ...rig.reading, receipts: rig.stores.receipts });
  const deps = { ...rig.deps, mappingFor: mapping };
  const key = rig.key(one.person);
  return await provision({ key, lastAttempt: true }, deps, new AbortController().signal);
}

const SCHEMAS = ['urn:scim:schemas:core:1.0'];

describe('O-09: what is as good as empty is not sent', () => {
  const ada = { upn: 'ada@example.test', status: 'on' };
  const least = { userName: 'ada@example.test', externalId: '1001', active: true };

  test.each<[string, Values, object]>([
    ['a: blanks of every kind', { givenName: [], title: '', department: '   ', sn: '\u00a0' }, {}],
    [
      'b: padding',
      { sn: ' Lovelace\u00a0', displayName: '\u200bAda Lovelace' },
      { name: { familyName: 'Lovelace' }, displayName: 'Ada Lovelace' },
    ],
    ['c: a blank first value', { title: ['  ', 'Analyst'] }, { title: 'Analyst' }],
    [
      'e: zero',
      { department: '0' },
      {
        schemas: [...SCHEMAS, 'urn:scim:schemas:extension:enterprise:1.0'],
        'urn:scim:schemas:extension:enterprise:1.0': { department: '0' },
      },
    ],
    [
      'f: a telephone number, as it is',
      { telephoneNumber: '+44 20 7946 0018' },
      { phoneNumbers: [{ value: '+44 20 7946 0018', type: 'work' }] },
    ],
  ])('%s', async (_case, values, expected) => {
    expect(await send(event('e1', 1, { ...ada, ...values }))).toMatchObject({ kind: 'done' });
    expect((await rig.writes()).map(({ body }) => body)).toEqual([
      { schemas: SCHEMAS, ...least, ...expected },
    ]);
  });

  test('d: a userName of blanks: that person is for an operator, the next one is served', async () => {
    expect(await send(event('e1', 1, { upn: ' ', status: 'on' }))).toEqual({
      kind: 'refused',
      reason: 'mappings/hr.yaml:8:13 userName: no-userName',
    });
    expect(await send(event('e2', 1, { ...ada, upn: 'bea@example.test' }, '1002'))).toMatchObject({
      kind: 'done',
    });
    expect((await rig.sandbox.accounts()).map(({ user }) => user.userName)).toEqual(['bea@example.test']);
  });
});

describe('O-20: somebody who has an account', () => {
  const hired = event('e0', 0, { upn: 'ada@example.test', title: 'Hired', status: 'on' });
  const maths = event('e1', 1, { upn: 'ada@example.test', title: 'Maths', status: 'on' });
  const engines = event('e2', 2, { upn: 'ada@example.test', title: 'Engines', status: 'on' });
  const terminated = event('e3', 3, { upn: 'ada@example.test', title: 'Engines', status: 'off' });

  test.each([
    [maths, engines, terminated],
    [maths, terminated, engines],
    [engines, maths, terminated],
    [engines, terminated, maths],
    [terminated, maths, engines],
    [terminated, engines, maths],
  ])(
    '$id $id $id, each twice, the first once more and all of it again: Engines, inactive',
    async (...order) => {
      await send(hired);
      let ended = false;
      for (const one of [...order.flatMap((each) => [each, each]), maths, ...order]) {
        await send(one);
        const account = await rig.sandbox.account('ada@example.test');
        ended ||= one.id === 'e3';
        if (ended) expect(account?.user).toMatchObject({ title: 'Engines', active: false });
      }
      expect(await rig.sandbox.accounts()).toHaveLength(1);
      const changes = (await rig.writes()).filter(({ method }) => method === 'PATCH');
      expect(changes.filter(({ body }) => (body as { active?: boolean }).active === true)).toEqual([]);
      await rig.sandbox.clearJournal();
      await send({ ...maths, id: 'e1-a-day-later', order: { ...maths.order, event: 'e1-a-day-later' } });
      expect(await rig.writes()).toEqual([]);
    },
  );
});
